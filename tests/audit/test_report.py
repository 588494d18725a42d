"""audit_report: who looked at a case, at what somebody looked, as a table for a spreadsheet."""

import csv
import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from network.cases.services.opening import open_case
from portal.audit.models import AccessEvent
from tests.cases.factories import noticing, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def report(*arguments):
    out = StringIO()
    call_command("audit_report", *arguments, stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue())))


def test_a_case_by_its_number_or_its_id(house):
    by_number = report("--subject", house.case.number)
    assert [row["actioncode"] for row in by_number] == [
        "case_open",
        "team_member_invite",
        "team_member_accept",
        "audit_report",
    ]
    assert by_number[0]["username"] == house.anu.user.get_full_name()
    assert by_number[0]["receiver"] == house.anu.organisation.name
    assert by_number[0]["subjects"] == house.case.number
    by_id = report("--subject", str(house.case.pk))
    assert by_id[:-1] == by_number


def test_the_report_is_an_entry_about_the_same_case(house):
    report("--subject", house.case.number)
    entry = AccessEvent.objects.order_by("sequence").last()
    assert (entry.actioncode, entry.channel) == ("audit_report", "command")
    assert entry.subjects.get().subject == str(house.case.pk)


def test_a_person_by_e_mail_or_id(house):
    for name in (house.anu.user.email.upper(), str(house.anu.user.pk)):
        rows = report("--actor", name)
        assert {row["usercode"] for row in rows} == {str(house.anu.user.pk)}
        assert len(rows) == 2


def test_days_are_both_included(house):
    with time_machine.travel(dt.datetime(2026, 12, 24, 21, 30, tzinfo=dt.UTC)):
        open_case_of(house.anu)
    with time_machine.travel(dt.datetime(2026, 12, 24, 22, 30, tzinfo=dt.UTC)):
        open_case_of(house.anu)  # half past midnight here: the next day
    asked = ("--actor", house.anu.user.email, "--from", "24.12.2026")
    assert len(report(*asked, "--to", "2026-12-24")) == 1
    assert len(report(*asked)) == 2


@pytest.mark.parametrize("day", ["32.12.2026", "homme", "1.2", "24.12.26.1", ""])
def test_a_day_that_is_none_is_refused_with_a_sentence(day):
    with pytest.raises(CommandError, match="not a day"):
        report("--actor", "x", "--from", day)


def test_somebody_has_to_be_named():
    with pytest.raises(CommandError, match="one of the arguments"):
        report()


def test_the_copy_for_the_person_shows_the_organisation_and_not_the_worker(house):
    rows = report("--subject", house.case.number, "--for-the-person")
    assert house.anu.organisation.name in {row["receiver"] for row in rows}
    assert {(row["usercode"], row["username"]) for row in rows} == {("", "")}


def test_a_name_is_never_a_formula(house):
    user = UserFactory(first_name="=HYPERLINK(1)", last_name="X")
    worker = house.here.worker(user=user)
    open_case(
        noticing(house.here.municipality),
        position=worker.position,
        by=user,
        key="5a0a1e2e-0000-4000-8000-000000000001",
    )
    assert report("--actor", user.email)[0]["username"] == "'=HYPERLINK(1) X"


def test_a_case_that_nobody_knows_gives_an_empty_table():
    assert report("--subject", "AAA-AAA") == []
