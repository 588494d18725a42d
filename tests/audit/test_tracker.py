"""What the national data tracker reads: findUsage, version 3 as JSON and version 1 as XML."""

import datetime as dt
import json
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from portal.access.roles import Role
from portal.audit import tracker
from portal.audit.log import Actor, Subject, record
from portal.audit.tracker import Body
from tests.cases.factories import join, open_case_of

pytestmark = pytest.mark.django_db

FOLDER = Path(tracker.__file__).parent
SCHEMA = json.loads((FOLDER / "tracker.schema.json").read_text())
XSD = "{http://www.w3.org/2001/XMLSchema}"


def told(case, *more, form="tracker"):
    out = StringIO()
    call_command("audit_report", "--subject", case.number, "--format", form, *more, stdout=out)
    return out.getvalue()


def as_json(case, *more):
    answer = json.loads(told(case, *more))
    check = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    check.validate(answer)
    return answer


def test_the_answer_fits_the_schema_and_names_organisations_not_workers(house):
    house.anu.organisation.registry_code = "75012345"
    house.anu.organisation.save()
    text = told(house.case)
    found = as_json(house.case)["internalProcessings"]
    opened = found[-1]
    assert opened["initiatorOrg"]["name"] == house.anu.organisation.name
    assert (opened["initiatorOrg"]["type"], opened["initiatorOrg"]["code"]) == ("GOV", "75012345")
    assert opened["source"]["name"] == "Tugivõrk"
    assert ": " in opened["purpose"]
    for worker in (house.anu, house.piret):
        assert worker.user.last_name not in text
        assert str(worker.user.pk) not in text
    for word in ("Mall", house.case.number, str(house.case.pk)):
        assert word not in text


def test_the_last_comes_first_and_pages_follow_each_other(house):
    whole = as_json(house.case)
    times = [one["logTime"] for one in whole["internalProcessings"]]
    assert times == sorted(times, reverse=True)
    assert whole["totalUsages"] == whole["returnedUsages"] == len(times) >= 3
    page = as_json(house.case, "--limit", "2", "--offset", "2")
    # Each answer is an entry too, so what stood there before is one further down.
    assert page["internalProcessings"][0]["queryId"] == (whole["internalProcessings"][1]["queryId"])
    assert (page["returnedUsages"], page["totalUsages"]) == (2, len(times) + 1)


def test_a_period_is_days_from_midnight_here(house):
    with time_machine.travel(dt.datetime(2026, 12, 24, 21, 30, tzinfo=dt.UTC)):
        case = open_case_of(house.anu)
    assert as_json(case, "--from", "24.12.2026", "--to", "24.12.2026")["totalUsages"] == 1
    assert as_json(case, "--from", "25.12.2026", "--to", "25.12.2026")["totalUsages"] == 0


def test_what_was_refused_processed_nothing(house, client):
    before = as_json(house.case)["totalUsages"]
    client.force_login(house.peeter.user)
    client.get(f"/intranet/juhtumid/{house.case.pk}/")
    assert as_json(house.case)["totalUsages"] == before + 1  # the answer before, nothing else


def test_whoever_has_no_organisation_is_the_portal_and_the_person_is_a_person(house):
    about = [Subject(str(house.case.pk), house.case.number)]
    with transaction.atomic():
        record(Actor("x", "Audiitor", role=Role.AUDITOR), about, actioncode="rights_of_case")
        record(Actor("link-id", "", role=Role.PERSON), about, actioncode="case_link_read")
    command, person, auditor = as_json(house.case)["internalProcessings"][:3]
    assert person["initiatorPerson"] == {"alternativeCode": "link-id"}
    assert auditor["initiatorOrg"]["name"] == "Tugivõrk"
    assert command["initiatorOrg"]["name"] == "Tugivõrk"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("10123456", "COM"), ("70001234", "GOV"), ("80123456", "NGO"), ("90001234", "NGO")],
)
def test_the_registry_code_says_what_a_body_is(code, kind):
    assert Body("Asutus", code, "NEE").as_json() == {"type": kind, "name": "Asutus", "code": code}
    assert Body("Asutus", "123", "COM").as_json() == {"type": "COM", "name": "Asutus"}


def test_the_first_version_is_xml_as_its_schema_says(house):
    house.anu.organisation.name = 'Tugi & "Abi" <OÜ>\x01'
    house.anu.organisation.save()
    join(house.case, house.here.worker(Role.ADDITIONAL_SUPPORT), by=house.anu)
    root = ElementTree.fromstring(told(house.case, form="tracker-xml"))  # noqa: S314
    schema = ElementTree.parse(FOLDER / "tracker.xsd").getroot()  # noqa: S314
    names = [
        element.get("name")
        for element in schema.find(f"{XSD}complexType[@name='ResponseFields']/{XSD}sequence")
    ]
    assert root.tag == f"{{{schema.get('targetNamespace')}}}findUsageResponse"
    assert {usage.tag for usage in root} == {"usage"}
    assert all([part.tag for part in usage] == names for usage in root)
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    assert all(moment.fullmatch(usage.findtext("logtime")) for usage in root)
    assert 'Tugi & "Abi" <OÜ>' in {usage.findtext("receiver") for usage in root}


@pytest.mark.parametrize(
    "wrong", [("--limit", "0"), ("--limit", "10001"), ("--offset", "-1"), ("--format", "pdf")]
)
def test_a_page_that_cannot_be_is_refused_with_a_sentence(house, wrong):
    with pytest.raises(CommandError):
        call_command("audit_report", "--subject", house.case.number, *wrong)


def test_the_tracker_is_told_about_somebody(house):
    with pytest.raises(CommandError, match="--subject"):
        call_command("audit_report", "--actor", house.anu.user.email, "--format", "tracker")
