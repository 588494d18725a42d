"""Numbered decisions: who writes them, what becomes of a gap, and how they are found. REG-08."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Decision, Meeting
from network.meetings.services.outcomes import add_decision, change_decision
from network.models import Gap
from network.services.gaps import put_gap_aside, solve_gap
from network.services.people import end_holding, start_holding
from tests.base.together import at_once
from tests.factories import UserFactory
from tests.meetings.factories import (
    Table,
    decision_of,
    ended_meeting,
    gap_item,
    gap_of,
    guest_at,
    planned_meeting,
    running_meeting,
    topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def item(table):
    return topic(running_meeting(table.steering))


def decide(item, by, text="Avada vastuvõtt kogukonnamajas.", **fields):
    return add_decision(item, text=text, by=by.user, day=timezone.localdate(), **fields)


def mend(decision, by, text, version=1):
    fresh = Decision.objects.get(pk=decision.pk)
    return change_decision(fresh, text=text, version=version, by=by.user, day=timezone.localdate())


def post(client, worker, item, **fields):
    client.force_login(worker.user)
    form = {"key": str(uuid.uuid4()), "text": "Avada vastuvõtt kogukonnamajas."}
    return client.post(reverse("decision_add", args=[item.meeting_id, item.pk]), form | fields)


def test_a_decision_gets_the_next_number_and_leads_back_to_its_item(client, table, item):
    year = timezone.localdate(item.meeting.started_at).year
    for serial in (1, 2):
        answer = post(client, table.coordinator, item)
        place = reverse("meeting_detail", args=[item.meeting_id])
        assert answer["Location"].startswith(f"{place}?punkt={item.pk}")
        assert Decision.objects.get(serial=serial).number == f"{year}-{serial:02d}"


def test_numbers_are_counted_by_group_and_year(table):
    steering = topic(running_meeting(table.steering))
    network = topic(running_meeting(table.network))
    last_year = timezone.now() - dt.timedelta(days=366)
    earlier = topic(ended_meeting(table.steering, starts_at=last_year, started_at=last_year))
    numbers = [decide(one, table.coordinator).serial for one in (steering, network, earlier)]
    assert numbers == [1, 1, 1]
    assert decide(steering, table.coordinator).serial == 2


def test_a_decision_is_of_the_day_of_its_meeting_not_of_its_typing(table):
    item = topic(ended_meeting(table.steering))
    decision = decide(item, table.coordinator)
    assert decision.decided_on == timezone.localdate(item.meeting.started_at)


def test_the_same_form_twice_is_one_decision(client, table, item):
    key = str(uuid.uuid4())
    places = {post(client, table.coordinator, item, key=key)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_decisions_written_at_the_same_moment_have_neither_holes_nor_doubles():
    table = Table()
    item = topic(running_meeting(table.steering))
    at_once(lambda: decide(item, table.coordinator), times=6)
    serials = Decision.objects.order_by("serial").values_list("serial", flat=True)
    assert list(serials) == [1, 2, 3, 4, 5, 6]


def test_an_empty_or_endless_text_comes_back_with_a_sentence(client, table, item):
    for text in ("", "   ", "õ" * 2001):
        answer = post(client, table.coordinator, item, text=text)
        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == {"text"}
        assert text.strip() in answer.text
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "words", ["Helistada 5123 4567", "Isikukood 60001019906", "Kirjutada mari@naide.ee"]
)
def test_no_number_by_which_somebody_is_found_stands_in_a_decision(client, table, item, words):
    answer = post(client, table.coordinator, item, text=words)
    assert set(answer.context["form"].errors) == {"text"}
    assert words in answer.text
    assert not Decision.objects.exists()
    assert (
        post(client, table.coordinator, item, text="Avada 1.05.2027 kell 9.30").status_code == 302
    )


def test_line_breaks_and_marks_stay_as_they_were_typed(table, item):
    decision = decide(item, table.coordinator, "Esiteks\r\nteiseks <b>\0".replace("\0", ""))
    assert decision.text == "Esiteks\nteiseks <b>"


@pytest.mark.parametrize("state", ["planned", "approved", "cancelled"])
def test_outside_the_time_of_the_minutes_nothing_is_decided(client, table, item, state):
    Meeting.objects.filter(pk=item.meeting_id).update(state=state)
    answer = post(client, table.coordinator, item, text="Seda siia enam ei saa.")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert "Seda siia enam ei saa." in answer.text
    assert not Decision.objects.exists()


def test_an_item_of_another_meeting_is_not_found_through_mine(client, table, item):
    other = topic(running_meeting(Table().steering))
    client.force_login(table.coordinator.user)
    address = reverse("decision_add", args=[item.meeting_id, other.pk])
    assert client.post(address, {"text": "Ei"}).status_code == 404


def test_who_writes_decisions_and_who_reads_them(client, table, item):
    """A table of who: writes a decision, opens one, mends one."""
    guest, taker = table.worker(), table.worker()
    for worker in (guest, taker):
        guest_at(item.meeting, worker)
    Meeting.objects.filter(pk=item.meeting_id).update(minutes_taker=taker.position)
    former = table.seat("steering")
    end_holding(former.position.holdings.get(), valid_until=timezone.localdate())
    decision = decide(item, table.coordinator)
    expected = {
        table.coordinator: (302, 200, 302),
        table.member: (302, 200, 302),
        taker: (302, 200, 302),
        guest: (403, 404, 404),
        table.partner: (404, 404, 404),
        table.outsider: (404, 404, 404),
        former: (404, 404, 404),
        Table().coordinator: (404, 404, 404),
    }
    address = reverse("decision_change", args=[decision.pk])
    for worker, statuses in expected.items():
        decision.refresh_from_db()
        form = {"text": "Teisiti.", "version": decision.version, "key": str(uuid.uuid4())}
        seen = (
            post(client, worker, item).status_code,
            client.get(address).status_code,
            client.post(address, form).status_code,
        )
        assert seen == statuses, worker.position.title
    client.logout()
    assert client.get(address).status_code == 302
    assert client.post(address, {"text": "Teisiti."}).status_code == 403


def test_a_member_of_the_network_reads_its_decisions_and_changes_none(client, table):
    decision = decision_of(topic(running_meeting(table.network)))
    address = reverse("decision_change", args=[decision.pk])
    client.force_login(table.partner.user)
    assert decision.text in client.get(address).text
    assert client.post(address, {"text": "Ei", "version": 1}).status_code == 403
    decision.refresh_from_db()
    assert decision.text == "Avada vastuvõtt kogukonnamajas."


def test_whoever_takes_over_the_post_writes_on_and_the_one_before_does_not(client, table, item):
    successor = UserFactory()
    holding = table.coordinator.position.holdings.get()
    end_holding(holding, valid_until=timezone.localdate())
    start_holding(
        position=table.coordinator.position, user=successor, valid_from=timezone.localdate()
    )
    assert post(client, table.coordinator, item).status_code == 404
    client.force_login(successor)
    address = reverse("decision_add", args=[item.meeting_id, item.pk])
    assert client.post(address, {"text": "Jätkame."}).status_code == 302


def test_a_decision_about_a_gap_is_the_answer_to_it(table):
    gap = gap_of(table)
    decision = decide(gap_item(running_meeting(table.steering), gap), table.coordinator)
    gap.refresh_from_db()
    assert (gap.state, gap.decision_number) == (Gap.State.DECIDED, decision.number)
    assert (gap.answer, gap.decided_on) == (decision.text, decision.decided_on)
    mend(decision, table.coordinator, "Avada vastuvõtt teisipäeviti.")
    gap.refresh_from_db()
    assert gap.answer == "Avada vastuvõtt teisipäeviti."


def test_the_answer_is_that_of_the_later_decision(table):
    gap = gap_of(table)
    item = gap_item(running_meeting(table.steering), gap)
    first, second = (decide(item, table.coordinator, text) for text in ("Esimene", "Teine"))
    mend(first, table.coordinator, "Esimene, parandatud")
    gap.refresh_from_db()
    assert (gap.decision_number, gap.answer) == (second.number, "Teine")


def test_a_solved_gap_stays_solved_and_its_words_follow(table):
    gap = gap_of(table)
    item = gap_item(running_meeting(table.steering), gap)
    decision = decide(item, table.coordinator)
    solve_gap(gap, day=timezone.localdate())
    mend(decision, table.coordinator, "Avatud teisipäeviti.")
    gap.refresh_from_db()
    assert (gap.state, gap.answer) == (Gap.State.SOLVED, "Avatud teisipäeviti.")
    decide(item, table.coordinator, "Lisaks küsida raha.")
    gap.refresh_from_db()
    assert (gap.state, gap.answer) == (Gap.State.SOLVED, "Avatud teisipäeviti.")


def test_a_gap_that_was_put_aside_keeps_its_reason(table):
    gap = gap_of(table)
    item = gap_item(running_meeting(table.steering), gap)
    put_gap_aside(gap, day=timezone.localdate(), answer="Rahastust ei ole.")
    assert decide(item, table.coordinator).serial == 1
    gap.refresh_from_db()
    assert (gap.state, gap.answer) == (Gap.State.ASIDE, "Rahastust ei ole.")


def test_two_who_mend_the_same_decision_see_both_texts(client, table, item):
    decision = decide(item, table.coordinator)
    address = reverse("decision_change", args=[decision.pk])
    client.force_login(table.member.user)
    form = {"version": 1, "key": str(uuid.uuid4())}
    mend(decision, table.coordinator, "Koordinaatori sõnad.")
    answer = client.post(address, form | {"text": "Minu sõnad."})
    assert answer.status_code == 409
    assert "Koordinaatori sõnad." in answer.text
    assert "Minu sõnad." in answer.text
    again = {"version": 2, "text": "Meie sõnad.", "key": str(answer.context["key"])}
    assert client.post(address, again).status_code == 302
    decision.refresh_from_db()
    assert (decision.text, decision.version) == ("Meie sõnad.", 3)


def test_once_the_minutes_are_approved_the_words_stay(client, table, item):
    decision = decide(item, table.coordinator)
    Meeting.objects.filter(pk=item.meeting_id).update(state=Meeting.State.APPROVED)
    with pytest.raises(ValidationError):
        mend(decision, table.coordinator, "Tagantjärele teisiti.")
    address = reverse("decision_change", args=[decision.pk])
    client.force_login(table.coordinator.user)
    assert client.get(address).context["form"] is None
    late = client.post(address, {"text": "Tagantjärele teisiti.", "version": 1})
    assert "Tagantjärele teisiti." in late.text
    assert late.context["form"].non_field_errors()
    decision.refresh_from_db()
    assert decision.text == "Avada vastuvõtt kogukonnamajas."


def found(client, **query):
    page = client.get(reverse("decision_list"), query)
    assert page.status_code == 200
    return [decision.text for decision in page.context["page"]]


def test_decisions_are_found_by_word_number_group_and_year(client, table):
    steering, network = topic(ended_meeting(table.steering)), topic(ended_meeting(table.network))
    first = decision_of(steering, text="Ühine ÕPPEPÄEV sügisel", year=2024, serial=3)
    decision_of(network, text="Buss sõidab üks kord rohkem", year=2025, serial=1)
    client.force_login(table.coordinator.user)
    assert len(found(client)) == 2
    assert found(client, q="õppepäev") == [first.text]
    assert found(client, q="ühine sügis") == [first.text]
    assert found(client, q="ühine buss") == []
    assert found(client, q="2024-03") == [first.text]
    assert found(client, year="2024") == [first.text]
    assert found(client, group=str(table.steering.pk)) == [first.text]
    client.force_login(table.partner.user)
    assert found(client, q="õppepäev") == []
    client.force_login(Table().coordinator.user)
    assert found(client) == []


@pytest.mark.parametrize(
    "query",
    [
        {"q": "%"},
        {"q": "' OR 1=1 --"},
        {"q": "a\0b"},
        {"q": "x" * 500},
        {"year": "99999999999999999999"},
        {"group": "ei ole"},
        {"group": str(uuid.UUID(int=0))},
        {"page": "viimane"},
        {"page": "-3"},
        {"sort": "text"},
        {"q": "9999-9999"},
    ],
)
def test_nothing_in_the_address_of_a_list_breaks_it(client, table, query):
    decision_of(topic(ended_meeting(table.steering)))
    client.force_login(table.coordinator.user)
    for name in ("decision_list", "decision_export", "action_list", "action_export"):
        assert client.get(reverse(name), query).status_code == 200


def test_the_list_costs_the_same_whatever_its_length(client, table):
    item = topic(ended_meeting(table.steering))
    client.force_login(table.coordinator.user)
    found(client)
    counted = set()
    for _ in range(3):
        for _ in range(10):
            decision_of(item)
        with CaptureQueriesContext(connection) as queries:
            found(client)
        counted.add(len(queries))
    assert len(counted) == 1


def test_the_table_holds_what_the_list_shows_and_runs_nothing(client, table):
    item = topic(ended_meeting(table.steering))
    decision_of(item, text="=1+1", year=2024, serial=1)
    decision_of(item, text="Teine", year=2025, serial=1)
    client.force_login(table.coordinator.user)
    answer = client.get(reverse("decision_export"), {"year": "2024"})
    assert answer["Content-Disposition"] == 'attachment; filename="otsused.csv"'
    heading, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert len(rows) == 1
    assert dict(zip(heading, rows[0], strict=True))[heading[0]] == "2024-01"
    assert rows[0][-1] == "'=1+1"


def test_planned_meetings_have_no_forms_for_outcomes(client, table):
    item = topic(planned_meeting(table.steering))
    answer = post(client, table.coordinator, item)
    assert answer.context["form"].non_field_errors()
