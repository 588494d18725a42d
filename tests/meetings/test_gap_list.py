"""The region's list of gaps: who reads it, how it is narrowed down, what it never says. MON-04."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from network.meetings.gap_reports import GapChoice, chosen_gaps, gap_rows, with_words
from network.models import Gap, Seat
from network.services.gaps import decide_gap, put_gap_aside, solve_gap
from network.services.people import end_seat
from portal.access.roles import Role
from tests.cases.factories import LONG_AGO, auditor
from tests.factories import UserFactory
from tests.meetings.factories import (
    Table,
    action_of,
    decision_of,
    ended_meeting,
    gap_item,
    gap_of,
    planned_meeting,
)
from tests.network.factories import ComponentFactory, LifeDomainFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def peer():
    return ComponentFactory(
        slug="kogemus",
        name="Kogemusnõustamine",
        domain=LifeDomainFactory(slug="vaimne", name="Vaimne tervis"),
    )


def listed(client, worker, **asked):
    client.force_login(worker.user)
    return client.get(reverse("gap_list"), asked)


def ids(answer):
    return {row.gap.pk for row in answer.context["rows"]}


def former_of(table):
    former = table.seat(Seat.Body.STEERING)
    end_seat(former.position.seats.get(), valid_until=timezone.localdate())
    return former


def test_who_reads_the_list_and_a_gap_on_it(client, table):
    gap = gap_of(table, text="Rühma ei ole kusagil.")
    lead = table.worker(Role.ORGANISATION_LEAD)
    people = [
        (table.coordinator.user, 200),
        (table.member.user, 200),
        (table.partner.user, 200),
        (table.outsider.user, 404),
        (lead.user, 404),
        (former_of(table).user, 404),
        (Table().coordinator.user, 404),
        (auditor(), 404),
        (UserFactory(is_superuser=True), 404),
        (None, 302),
    ]
    for user, status in people:
        client.logout()
        if user:
            client.force_login(user)
        for name in ("gap_list", "gap_export"):
            answer = client.get(reverse(name))
            assert answer.status_code == (302 if user is None else 200)
            assert ("Rühma ei ole kusagil." in answer.content.decode()) == (status == 200)
        assert client.get(reverse("gap_detail", args=[gap.pk])).status_code == status


def test_who_answers_puts_on_the_agenda_and_adds(client, table):
    """Answer and agenda are of this gap; a gap is added in the regions that one leads."""
    meeting = planned_meeting(table.steering)
    people = [
        (table.coordinator.user, 200, 302, 200),
        (table.member.user, 200, 302, 200),
        (table.partner.user, 403, 403, 403),
        (table.outsider.user, 404, 404, 403),
        (former_of(table).user, 404, 404, 403),
        (Table().coordinator.user, 404, 404, 200),
        (auditor(), 404, 404, 403),
        (UserFactory(is_superuser=True), 404, 404, 403),
        (None, 302, 403, 302),
    ]
    for user, answer, agenda, add in people:
        gap = gap_of(table)
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(reverse("gap_answer", args=[gap.pk])).status_code == answer
        assert client.post(reverse("gap_to_agenda", args=[gap.pk])).status_code == agenda
        assert meeting.items.filter(gap=gap).exists() == (agenda == 302)
        assert client.get(reverse("gap_add")).status_code == add


def test_a_foreign_gap_and_an_unknown_one_answer_the_same(client, table):
    foreign = gap_of(Table())
    client.force_login(table.coordinator.user)
    for name in ("gap_detail", "gap_answer", "gap_to_agenda"):
        pages = set()
        for pk in (foreign.pk, uuid.uuid4()):
            send = client.post if name == "gap_to_agenda" else client.get
            answer = send(reverse(name, args=[pk]))
            pages.add((answer.status_code, answer.content))
        assert len(pages) == 1
        assert pages.pop()[0] == 404
    foreign.refresh_from_db()
    assert foreign.state == "new"


def test_the_list_is_narrowed_down_by_each_filter(client, table, peer):
    place = table.another_municipality(slug="teine-vald", name="Teine vald")
    housing = LifeDomainFactory(slug="eluase", name="Eluase")
    a = gap_of(table, component=peer)
    b = gap_of(table, domain=housing, municipality=place, text="Tugiisikuga elukoht puudub.")
    c = gap_of(table, kind="practice", text="Ühine bussiring töötab hästi.")
    d = gap_of(table, domain=peer.domain)
    put_gap_aside(d, day=timezone.localdate(), answer="Üks kord proovitud.")
    for asked, wanted in [
        ({}, {a, b, c}),
        ({"state": "all"}, {a, b, c, d}),
        ({"state": "aside"}, {d}),
        ({"kind": "gaps"}, {a, b}),
        ({"kind": "practice"}, {c}),
        ({"domain": "vaimne", "state": "all"}, {a, d}),
        ({"component": "kogemus"}, {a}),
        ({"municipality": "teine-vald"}, {b}),
        ({"q": "bussiring ÜHINE"}, {c}),
        ({"q": "kogemusnõu"}, {a}),
        ({"q": "proovitud", "state": "all"}, {d}),
        ({"q": "seda ei ole"}, set()),
        # What is on no list is left out, never an error.
        ({"state": "x", "kind": "y", "domain": "z", "sort": "pk", "page": "-4"}, {a, b, c}),
        ({"q": "a\0b'\"%_"}, set()),
    ]:
        answer = listed(client, table.coordinator, **asked)
        assert answer.status_code == 200
        assert ids(answer) == {gap.pk for gap in wanted}, asked


def test_nothing_sorts_finer_than_a_month(table):
    """Noted one after the other, shown in an order that says nothing about it."""
    component = ComponentFactory()
    today = timezone.localdate().replace(day=15)
    noted = [gap_of(table, component=component, day=today) for _ in range(12)]
    earlier = gap_of(table, component=component, day=today - dt.timedelta(days=40))
    for sort, wanted in [
        ("month", [*sorted(gap.pk for gap in noted), earlier.pk]),
        ("old", [earlier.pk, *sorted(gap.pk for gap in noted)]),
    ]:
        rows = chosen_gaps(Gap.objects.all(), GapChoice(sort=sort))
        assert [gap.pk for gap in rows] == wanted


def test_no_column_of_a_gap_is_finer_than_a_day_and_its_own_is_a_month():
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "network_gap")
    types = {
        column.name: connection.introspection.get_field_type(column.type_code, column)
        for column in columns
    }
    assert "DateTimeField" not in types.values()
    assert "TimeField" not in types.values()
    # The days are those of the answer; when it was told is `month` alone, and who told is nowhere.
    days = {name for name, kind in types.items() if kind == "DateField"}
    assert days == {"month", "decided_on", "answered_on"}
    people = {f.name for f in Gap._meta.get_fields() if f.is_relation and f.many_to_one}
    assert people == {"region", "municipality", "component", "domain", "offer"}


def test_told_by_several_is_said_from_five_up(client, table, peer):
    for n in range(1, 6):
        gap_of(table, component=peer)
        gap_of(table, component=peer, kind="practice")
        page = listed(client, table.partner, state="all").content.decode()
        rows = listed(client, table.partner, kind="gaps").context["rows"]
        assert {row.is_several for row in rows} == {n >= 5}
        assert f">{n}<" not in page
    # One of them answered: again too few to say.
    put_gap_aside(Gap.objects.filter(kind="missing").first(), day=LONG_AGO, answer="Ei.")
    rows = listed(client, table.partner, kind="gaps").context["rows"]
    assert {row.is_several for row in rows} == {False}


def test_what_became_of_a_gap_leads_to_decision_action_and_offer(client, table, peer):
    gap = gap_of(table, component=peer)
    meeting = ended_meeting(table.steering)
    item = gap_item(meeting, gap)
    decision = decision_of(item)
    action = action_of(item, table.member, due=timezone.localdate() - dt.timedelta(days=1))
    decide_gap(gap, number=decision.number, day=decision.decided_on, answer=decision.text)
    offer = OfferFactory(component=peer)
    solve_gap(gap, day=timezone.localdate(), offer=offer)
    page = listed(client, table.coordinator, state="all").content.decode()
    for url in (
        reverse("decision_change", args=[decision.pk]),
        reverse("action_detail", args=[action.pk]),
        reverse("component_detail", args=["kogemus"]),
    ):
        assert url in page
    # A member of the network does not sit in the steering group: the number, not the way there.
    page = listed(client, table.partner, state="all").content.decode()
    assert decision.number in page
    assert reverse("decision_change", args=[decision.pk]) not in page
    assert reverse("action_detail", args=[action.pk]) not in page


def test_a_gap_on_an_agenda_says_of_which_meeting(client, table):
    gap = gap_of(table)
    meeting = planned_meeting(table.steering)
    gap_item(meeting, gap)
    day = f"{timezone.localtime(meeting.starts_at):%d.%m.%Y}"
    url = reverse("meeting_detail", args=[meeting.pk])
    for worker, sees in ((table.coordinator, True), (table.partner, False)):
        page = listed(client, worker).content.decode()
        assert day in page
        assert (url in page) == sees


def test_the_table_is_what_the_list_shows_and_runs_no_formula(client, table, peer):
    gap_of(table, component=peer, text="=1+1")
    gap_of(table, kind="practice", text="Bussiring")
    client.force_login(table.partner.user)
    answer = client.get(reverse("gap_export"), {"component": "kogemus"})
    assert answer["Content-Disposition"] == 'attachment; filename="vajadused.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))
    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1])
    assert rows[1][0] == f"{timezone.localdate():%Y-%m}"
    assert rows[1][1:3] == ["Kogemusnõustamine", "Vaimne tervis"]
    assert rows[1][5] == "'=1+1"


def test_the_list_has_pages_and_costs_the_same_however_long_it_is(
    client, table, peer, django_assert_num_queries
):
    meeting = planned_meeting(table.steering)

    def more(n):
        for _ in range(n):
            item = gap_item(meeting, gap_of(table, component=peer))
            decision_of(item)
            action_of(item, table.member)

    more(2)
    day = timezone.localdate()
    for size in (2, 10):
        with django_assert_num_queries(6):
            rows = gap_rows(with_words(Gap.objects.all()), table.coordinator.user, day)
            assert all(row.steps and row.title and row.domain for row in rows)
        more(8 if size == 2 else 0)
    for _ in range(25):
        gap_of(table, component=peer)
    first = listed(client, table.coordinator)
    second = listed(client, table.coordinator, page="2")
    assert len(ids(first)) == 30
    assert len(ids(second)) == 5
    assert not ids(first) & ids(second)


def test_an_empty_list_says_what_it_is_for(client, table):
    for worker, words in ((table.coordinator, "gap_add"), (table.outsider, "desk")):
        answer = listed(client, worker)
        assert 'class="empty"' in answer.text
        assert reverse(words) in answer.text
