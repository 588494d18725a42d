"""/intranet/oigused/: who sees what and why, for the auditor and the administrator alone."""

import csv
import datetime as dt
import io
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from network.cases.models import CaseGrant
from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.audit.verify import verify
from portal.views import rights, rights_index
from tests.cases.factories import LONG_AGO, auditor, join, open_case_of
from tests.factories import UserFactory
from tests.meetings.factories import Table, guest_at, running_meeting

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
INDEX = "/intranet/oigused/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def here():
    return Table()


@pytest.fixture
def anu(here):
    return here.worker(Role.BASE_SUPPORT)


@pytest.fixture
def case(anu):
    return open_case_of(anu, first_name="Kanaari", last_name="Inimene")


@pytest.fixture
def meeting(here):
    meeting = running_meeting(here.steering, title="Kanaaripealkiri")
    guest_at(meeting, here.outsider)
    return meeting


def administrator():
    user = UserFactory()
    PortalRole.objects.create(user=user, role=Role.ADMINISTRATOR, valid_from=LONG_AGO)
    return user


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def paths(here, anu, case, meeting):
    return {
        "rights_index": INDEX,
        "rights_of_case": f"{INDEX}juhtum/{case.pk}/",
        "rights_of_user": f"{INDEX}inimene/{anu.user.pk}/",
        "rights_of_region": f"{INDEX}piirkond/{here.region.pk}/",
        "rights_of_organisation": f"{INDEX}asutus/{anu.organisation.pk}/",
        "rights_of_meeting": f"{INDEX}kohtumine/{meeting.pk}/",
    }


def last_entry():
    return AccessEvent.objects.order_by("sequence").last()


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_addresses_are_the_agreed_ones(paths, here, anu, case, meeting):
    ids = {
        "rights_of_case": case.pk,
        "rights_of_user": anu.user.pk,
        "rights_of_region": here.region.pk,
        "rights_of_organisation": anu.organisation.pk,
        "rights_of_meeting": meeting.pk,
    }
    assert reverse("rights_index") == INDEX
    assert {name: reverse(name, args=[pk]) for name, pk in ids.items()} == {
        name: path for name, path in paths.items() if name != "rights_index"
    }


def test_nobody_but_auditor_and_administrator_finds_these_pages(paths, here, anu):
    former = UserFactory()
    PortalRole.objects.create(
        user=former, role=Role.AUDITOR, valid_from=LONG_AGO, valid_until=NOW.date()
    )
    root = UserFactory(is_superuser=True, is_staff=True)
    others = [UserFactory(), former, root, anu.user, here.coordinator.user, here.member.user]
    for user, wanted in [
        *((user, 404) for user in others),
        (auditor(), 200),
        (administrator(), 200),
    ]:
        client = client_of(user)
        found = {name: client.get(path).status_code for name, path in paths.items()}
        assert found == dict.fromkeys(paths, wanted)
        tables = {
            client.get(f"{path}?format=csv").status_code
            for name, path in paths.items()
            if name != "rights_index"
        }
        assert tables == {wanted}
        assert client.post(INDEX, {"words": "x"}).status_code == wanted
    assert {Client().get(path).status_code for path in paths.values()} == {302}
    assert Client().post(INDEX, {"words": "x"}).status_code == 403


def test_what_is_not_there_is_the_same_page_as_what_one_may_not_see(paths):
    stranger, reader = client_of(UserFactory()), client_of(auditor())
    unknown = [
        f"{INDEX}juhtum/{uuid.uuid4()}/",
        f"{INDEX}inimene/{uuid.uuid4()}/",
        f"{INDEX}piirkond/999999999/",
        f"{INDEX}asutus/999999999/",
        f"{INDEX}kohtumine/{uuid.uuid4()}/",
    ]
    pages = {reader.get(path).content for path in unknown}
    pages |= {stranger.get(path).content for path in paths.values()}
    assert len(pages) == 1


def test_a_case_is_found_by_its_number_and_the_number_stands_in_no_address(case):
    client = client_of(administrator())
    for typed in (case.number, case.number.lower(), f" {case.number.replace('-', ' ')} "):
        answer = client.post(INDEX, {"words": typed})
        assert answer.status_code == 302
        assert answer.url == reverse("rights_of_case", args=[case.pk])


def test_a_person_is_found_by_a_part_of_the_name_or_the_address(here, anu):
    anu.user.first_name, anu.user.last_name = "Änn", "Õunapuu"
    anu.user.save()
    client = client_of(auditor())
    for typed in ("õuna", "ÄNN", "änn õunapuu", anu.user.email):
        found = client.post(INDEX, {"words": typed}).context["found"]
        assert found.people == [anu.user]
    found = client.post(INDEX, {"words": anu.organisation.name}).context["found"]
    assert anu.organisation in found.organisations


def test_a_search_that_finds_nothing_says_so_and_an_empty_one_says_what_to_write():
    client = client_of(auditor())
    page = client.post(INDEX, {"words": "ei ole kedagi"})
    assert not page.context["found"]
    assert 'class="empty"' in page.content.decode()
    page = client.post(INDEX, {"words": " "})
    assert page.context["form"].errors
    assert 'class="errors"' in page.content.decode()


def test_a_search_shows_so_many_and_says_that_there_are_more(monkeypatch):
    monkeypatch.setattr(rights_index, "MOST_FOUND", 2)
    for n in range(3):
        UserFactory(first_name="Sama", last_name=f"Nimi{n}")
    found = client_of(auditor()).post(INDEX, {"words": "sama"}).context["found"]
    assert (len(found.people), found.is_more) == (2, True)


def test_the_page_of_a_case_says_who_and_why_and_nothing_of_the_case(here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)
    page = client_of(auditor()).get(reverse("rights_of_case", args=[case.pk]))
    text = page.content.decode()
    assert {row.user for row in page.context["opens"]} == {anu.user, tiit.user}
    assert str(tiit.user) in text
    assert tiit.organisation.name in text
    assert "Kanaari" not in text
    assert case.number not in text.split("</title>")[0]


def test_every_look_is_in_the_log_with_the_cases_shown(paths, anu, case):
    second = open_case_of(anu)
    reader = auditor()
    client = client_of(reader)
    for name, numbers in (
        ("rights_index", set()),
        ("rights_of_case", {case.number}),
        ("rights_of_user", {case.number, second.number}),
        ("rights_of_region", set()),
        ("rights_of_organisation", set()),
        ("rights_of_meeting", set()),
    ):
        code = name if numbers or name == "rights_index" else "rights_of_thing"
        for query, suffix, channel in (("", "", "page"), ("?format=csv", "_export", "export")):
            if query and name == "rights_index":
                continue
            before = AccessEvent.objects.count()
            client.get(paths[name] + query)
            entry = last_entry()
            assert AccessEvent.objects.count() == before + 1
            assert (entry.actioncode, entry.channel) == (code + suffix, channel)
            assert (entry.usercode, entry.role) == (str(reader.pk), Role.AUDITOR)
            assert {one.number for one in entry.subjects.all()} == numbers
    assert verify().fault is None


def test_a_refused_try_at_a_case_is_in_the_log(case):
    client_of(UserFactory()).get(reverse("rights_of_case", args=[case.pk]))
    entry = last_entry()
    assert (entry.actioncode, entry.outcome) == ("rights_of_case", "refused")


def test_the_administrator_is_logged_as_one(case):
    client_of(administrator()).get(reverse("rights_of_case", args=[case.pk]))
    assert last_entry().role == Role.ADMINISTRATOR


def test_the_table_of_a_case_has_a_row_for_each_person(here, anu, case):
    tiit = here.worker(Role.PARTNER)
    join(case, tiit, by=anu)
    rows = rows_of(client_of(auditor()).get(paths_of_case(case) + "?format=csv"))
    assert {row["E-post"] for row in rows} == {anu.user.email, tiit.user.email}
    assert all(row["Miks"] and row["Alates"] and row["Näeb"] for row in rows)
    assert {row["E-post"]: bool(row["Viimane päev"]) for row in rows} == {
        anu.user.email: False,
        tiit.user.email: True,
    }


def paths_of_case(case):
    return reverse("rights_of_case", args=[case.pk])


def test_a_name_that_looks_like_a_formula_is_harmless_in_the_table(anu, case):
    anu.user.first_name = "=1+1"
    anu.user.save()
    rows = rows_of(client_of(auditor()).get(paths_of_case(case) + "?format=csv"))
    assert rows[0]["Töötaja"].startswith("'=")


def test_the_page_of_a_person_is_narrowed_by_kind_and_comes_in_pages(monkeypatch, anu, case):
    monkeypatch.setattr(rights, "PAGE", 2)
    for _n in range(3):
        open_case_of(anu)
    client, path = client_of(auditor()), reverse("rights_of_user", args=[anu.user.pk])
    whole = client.get(path).context["page"].paginator.count
    page = client.get(f"{path}?kind=case&page=2")
    assert {row.kind.code for row in page.context["page"]} == {"case"}
    assert page.context["page"].paginator.count == 4 < whole
    # Only what this page shows is logged.
    shown = {row.thing.number for row in page.context["page"]}
    assert {one.number for one in last_entry().subjects.all()} == shown
    for odd in ("?kind=ei-ole", "?page=999", "?page=x", "?kind=case'--"):
        assert client.get(path + odd).status_code == 200
    rows = rows_of(client.get(f"{path}?kind=case&format=csv"))
    assert len(rows) == 4


def test_a_person_without_rights_has_an_empty_page_and_a_closed_account_says_so():
    client = client_of(auditor())
    nobody = UserFactory()
    page = client.get(reverse("rights_of_user", args=[nobody.pk])).content.decode()
    assert 'class="empty"' in page
    assert 'class="notice' not in page
    closed = UserFactory(is_active=False)
    page = client.get(reverse("rights_of_user", args=[closed.pk])).content.decode()
    assert 'class="notice' in page


def test_the_title_of_a_meeting_stays_with_those_who_meet(paths):
    client = client_of(auditor())
    for name in ("rights_of_meeting", "rights_of_region"):
        assert "Kanaaripealkiri" not in client.get(paths[name]).content.decode()


def test_differences_of_grants_are_shown_to_the_administrator_in_words(anu, case):
    reader = client_of(administrator())
    assert reader.get(INDEX).context["differences"] == []
    CaseGrant.objects.all().delete()
    page = reader.get(INDEX)
    (row,) = page.context["differences"]
    assert (row.is_missing, row.user, row.thing) == (True, anu.user, case.number)
    assert "differences" not in client_of(auditor()).get(INDEX).context


def test_a_large_portal_compares_only_when_it_is_asked(monkeypatch, case):
    monkeypatch.setattr(rights_index, "COMPARED_AT_ONCE", 1)
    reader = client_of(administrator())
    assert "differences" not in reader.get(INDEX).context
    assert reader.get(f"{INDEX}?compare=1").context["differences"] == []


def test_looking_changes_nothing_but_the_log(paths, anu):
    client = client_of(administrator())
    for path in paths.values():
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        written = [
            one["sql"]
            for one in asked
            if one["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and "audit_" not in one["sql"]
        ]
        assert [sql for sql in written if "session" not in sql] == []


@pytest.mark.parametrize("name", ["rights_of_case", "rights_of_user", "rights_index"])
def test_the_number_of_statements_stays(name, paths, here, anu, case):
    client = client_of(auditor())
    join(case, here.worker(Role.ADDITIONAL_SUPPORT), by=anu)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(paths[name]).status_code == 200
        return len(asked)

    count()
    few = count()
    for _n in range(4):
        join(case, here.worker(Role.ADDITIONAL_SUPPORT), by=anu)
        open_case_of(anu)
        auditor()
    # Once, because the menu is read anew after an organisation has come.
    count()
    assert count() == few


@pytest.mark.java
def test_the_pages_are_valid_html(paths, anu, check_html):
    CaseGrant.objects.all().delete()
    pages = {}
    for who, user in (("auditor", auditor()), ("administrator", administrator())):
        client = client_of(user)
        pages |= {f"{name}, {who}": client.get(path) for name, path in paths.items()}
        pages[f"search, {who}"] = client.post(INDEX, {"words": anu.user.email})
        pages[f"wrong, {who}"] = client.post(INDEX, {"words": ""})
    check_html({name: answer.content.decode() for name, answer in pages.items()})
