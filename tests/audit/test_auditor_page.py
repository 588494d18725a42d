"""/intranet/logi/: the auditor sees every look and no person; nobody else finds the page."""

import csv
import datetime as dt
import io
import uuid

import pytest
import time_machine
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.audit.actions import in_words
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.views import audit
from tests.cases.factories import LONG_AGO, auditor, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PATH = "/intranet/logi/"


@pytest.fixture
def reader(client, house):
    """A client signed in as the auditor."""
    client.force_login(auditor())
    return client


def lines_of(answer):
    return [line.event.actioncode for line in answer.context["lines"]]


def test_the_address_is_the_agreed_one():
    assert reverse("audit_event_list") == PATH


def test_every_look_is_there_newest_first_and_reading_is_an_entry_too(reader):
    first = reader.get(PATH)
    assert lines_of(first)[:2] == ["case_open", "team_member_accept"]
    assert lines_of(reader.get(PATH))[0] == "audit_event_list"
    assert AccessEvent.objects.order_by("sequence").last().role == Role.AUDITOR


def test_only_an_auditor_of_today_finds_the_page(client, house):
    today = dt.date(2026, 11, 22)
    former = UserFactory()
    PortalRole.objects.create(
        user=former, role=Role.AUDITOR, valid_from=LONG_AGO, valid_until=today
    )
    administrator = UserFactory(is_superuser=True, is_staff=True)
    PortalRole.objects.create(user=administrator, role=Role.ADMINISTRATOR, valid_from=LONG_AGO)
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)):
        for user in (former, administrator, house.anu.user, UserFactory()):
            client.force_login(user)
            before = AccessEvent.objects.count()
            assert client.get(PATH).status_code == 404
            assert client.get(f"{PATH}?format=csv").status_code == 404
            assert AccessEvent.objects.count() == before
    client.logout()
    assert client.get(PATH).status_code == 302
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)):
        client.force_login(former)
        assert client.get(PATH).status_code == 200


def test_a_role_that_ends_closes_the_page_on_the_next_request(client, house):
    user = auditor()
    client.force_login(user)
    assert client.get(PATH).status_code == 200
    user.portal_roles.update(valid_until=dt.date(2021, 1, 1))
    assert client.get(PATH).status_code == 404


def test_the_auditor_opens_no_case_by_it(reader, house):
    for name in ("case_detail", "case_log", "case_note_list"):
        foreign = reader.get(reverse(name, args=[house.case.pk]))
        assert foreign.status_code == 404
        assert foreign.content == reader.get(reverse(name, args=[uuid.uuid4()])).content


def test_the_page_has_case_numbers_and_no_client(reader, house):
    case = open_case_of(house.anu, first_name="Õnnemall", last_name="Kanaarik", text="Märge kanaar")
    text = reader.get(PATH).content.decode()
    assert case.number in text
    assert str(case.pk) not in text
    for secret in ("Õnnemall", "Kanaarik", "kanaar"):
        assert secret not in text


def test_a_refused_try_is_shown_with_the_number_that_it_was_about(reader, house):
    reader.get(reverse("case_detail", args=[house.case.pk]))
    line = reader.get(f"{PATH}?outcome=refused").context["lines"][0]
    assert (line.subjects, line.event.outcome) == ([house.case.number], "refused")


def test_a_try_at_nothing_is_shown_with_the_id_that_was_asked_for(reader):
    nothing = uuid.uuid4()
    reader.get(reverse("case_detail", args=[nothing]))
    assert reader.get(f"{PATH}?outcome=refused").context["lines"][0].subjects == [str(nothing)]


@pytest.mark.parametrize("words", ["mari", "MARI", "näidis", "NÄIDIS mari"])
def test_a_person_is_found_by_part_of_the_name_whatever_its_letters(reader, house, words):
    codes = {line.event.usercode for line in reader.get(PATH, {"person": words}).context["lines"]}
    assert {str(house.anu.user.pk), str(house.piret.user.pk)} <= codes


def test_one_person_is_found_by_e_mail(reader, house):
    found = reader.get(PATH, {"person": house.peeter.user.email}).context["lines"]
    assert [line.event.actioncode for line in found] == ["case_open"]


def test_nobody_of_that_name_is_an_empty_page_with_a_next_step(reader):
    answer = reader.get(PATH, {"person": "Kedagiseeole"})
    assert lines_of(answer) == []
    assert "Kedagiseeole" in answer.content.decode()


def test_a_case_is_found_by_its_number(reader, house):
    number = house.case.number.lower()
    answer = reader.get(PATH, {"number": f" {number} "})
    assert lines_of(answer) == ["team_member_accept", "team_member_invite", "case_open"]
    # Whoever looks for one case has looked at the log of one case.
    entry = AccessEvent.objects.order_by("sequence").last()
    assert entry.subjects.get().subject == str(house.case.pk)
    assert lines_of(reader.get(PATH, {"number": "AAA-AAA"})) == []


def test_outcome_and_action_narrow_down(reader, house):
    assert lines_of(reader.get(PATH, {"action": "case_open"})) == ["case_open"] * 2
    assert lines_of(reader.get(PATH, {"outcome": "refused"})) == []


def test_days_are_typed_as_estonians_type_them_and_both_are_included(reader, house):
    with time_machine.travel(dt.datetime(2027, 1, 5, 10, tzinfo=dt.UTC), tick=False):
        open_case_of(house.anu)
    for first, last in (("5.1.2027", "5.01.2027"), ("05.01.27", ""), ("2027-01-05", "6.1.2027")):
        assert lines_of(reader.get(PATH, {"first": first, "last": last})) == ["case_open"]
    assert lines_of(reader.get(PATH, {"first": "6.1.2027"})) == []
    assert "case_open" not in lines_of(reader.get(PATH, {"last": "1.1.2020"}))


@pytest.mark.parametrize(
    "query",
    [
        {"first": "homme"},
        {"first": "32.1.2027"},
        {"first": "6.1.2027", "last": "5.1.2027"},
        {"outcome": "muu"},
        {"action": "case_view; DROP"},
        {"person": "x" * 400},
    ],
)
def test_what_cannot_be_looked_for_is_said_beside_its_field(reader, query):
    answer = reader.get(PATH, query)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert lines_of(answer) == []
    assert reader.get(PATH, {**query, "format": "csv"})["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=-1",
        f"before={'9' * 400}",
        "person=%00",
        "number='",
        "format=xlsx",
        "person=%27%22%F0%9F%98%80",
        "number=%25",
        "before=%C2%B2",
    ],
)
def test_nonsense_in_the_address_is_a_normal_page(reader, query):
    assert reader.get(f"{PATH}?{query}").status_code == 200


def test_older_entries_are_reached_by_key(reader, house, monkeypatch):
    monkeypatch.setattr(audit, "PAGE", 2)
    seen, address = [], f"{PATH}?action=case_open"
    for _one in range(3):
        open_case_of(house.anu)
    while address:
        answer = reader.get(address)
        seen += [line.event.sequence for line in answer.context["lines"]]
        older = answer.context["older"]
        address = older and f"{PATH}?action=case_open&before={older}"
    assert len(seen) == 5
    assert seen == sorted(set(seen), reverse=True)


def test_the_page_costs_the_same_for_ten_entries_and_for_fifty(
    reader, house, django_assert_max_num_queries
):
    reader.get(PATH)
    with django_assert_max_num_queries(20) as few:
        reader.get(PATH)
    for _one in range(20):
        open_case_of(house.anu)
    with django_assert_max_num_queries(20) as many:
        reader.get(PATH)
    assert len(few) == len(many)


def test_the_table_to_take_along_has_what_was_looked_for_and_is_an_entry(reader, house):
    answer = reader.get(PATH, {"number": house.case.number, "format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Mida tehti"] for row in rows] == [
        in_words("case_open"),
        in_words("team_member_invite"),
        in_words("team_member_accept"),
    ]
    local = timezone.localtime(AccessEvent.objects.order_by("sequence").first().logtime)
    assert rows[0]["Millal"] == f"{local:%d.%m.%Y %H:%M:%S}"
    assert house.case.number in rows[0].values()
    entry = AccessEvent.objects.order_by("sequence").last()
    assert (entry.actioncode, entry.channel) == ("audit_event_export", "export")


def test_a_table_that_would_be_too_large_is_refused_with_a_sentence(reader, monkeypatch):
    monkeypatch.setattr(audit, "MOST_ROWS", 2)
    answer = reader.get(PATH, {"format": "csv"})
    assert "first" in answer.context["form"].errors
    assert answer["Content-Type"].startswith("text/html")


def test_without_an_entry_the_log_is_not_shown(reader, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("the log is locked")

    monkeypatch.setattr(audit, "record", locked)
    assert reader.get(PATH).status_code == 503
    assert reader.get(PATH, {"format": "csv"}).status_code == 503


def test_a_post_stands_in_the_log_by_its_name_and_nothing_by_its_id(reader, house):
    position = house.anu.position
    gone = "0f9b1c2e-0000-4000-8000-000000000000"
    record(Actor("1", "Liis Lill"), [Subject(str(position.pk))], actioncode="position_change")
    record(Actor("1", "Liis Lill"), [Subject(gone)], actioncode="position_change")
    page = reader.get(PATH).text
    assert f"{position.title}, {position.organisation.name}" in page
    table = reader.get(PATH, {"format": "csv"}).content.decode()
    for unknown in (str(position.pk), gone):
        assert unknown not in page
        assert unknown not in table
