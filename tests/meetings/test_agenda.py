"""The agenda fills itself, takes gaps and topics, and is put in order. REG-09."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from network.meetings.agenda_reports import agenda_of, gap_facts, waiting_gaps
from network.meetings.models import AgendaItem, Meeting
from network.meetings.services.agenda import ItemText, add_gap, add_topic, begin_agenda
from network.meetings.services.ordering import carry_item, change_item, move_item, remove_item
from network.services.gaps import put_gap_aside
from portal.base.versions import VersionConflict
from tests.meetings.factories import (
    Table,
    ended_meeting,
    gap_of,
    in_days,
    note_of,
    planned_meeting,
    running_meeting,
    topic,
)
from tests.network.factories import ComponentFactory, MunicipalityFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def meeting(table):
    return planned_meeting(table.steering)


def kinds(meeting):
    return list(meeting.items.values_list("kind", flat=True))


def titles(meeting):
    return list(meeting.items.values_list("title", flat=True))


def places(meeting):
    return list(meeting.items.values_list("place", flat=True))


def version(meeting):
    return Meeting.objects.get(pk=meeting.pk).version


def propose(meeting, worker, title="Transport", key=None):
    return add_topic(meeting, ItemText(title), by=worker.user, key=key or uuid.uuid4())


def test_an_agenda_fills_itself_and_filling_again_changes_nothing(meeting):
    assert kinds(meeting) == ["actions", "next"]
    begin_agenda(meeting)
    assert kinds(meeting) == ["actions", "next"]


def test_the_last_minutes_are_approved_first_and_on_one_agenda_only(table):
    last = ended_meeting(table.steering)
    meeting = planned_meeting(table.steering)
    assert kinds(meeting) == ["minutes", "actions", "next"]
    assert meeting.items.first().about == last
    assert "minutes" not in kinds(planned_meeting(table.steering, starts_at=in_days(30)))
    assert "minutes" not in kinds(planned_meeting(table.network))


def test_approved_minutes_are_not_asked_about_again(table):
    last = ended_meeting(table.steering)
    Meeting.objects.filter(pk=last.pk).update(state="approved")
    assert kinds(planned_meeting(table.steering)) == ["actions", "next"]


def test_a_gap_stands_before_the_item_that_closes_and_once(table, meeting):
    gap = gap_of(table)
    first = add_gap(meeting, gap, table.coordinator.user)
    assert add_gap(meeting, gap, table.member.user) == first
    later = planned_meeting(table.steering, starts_at=in_days(30))
    assert add_gap(later, gap, table.member.user) == first
    assert kinds(meeting) == ["actions", "gap", "next"]
    assert places(meeting) == [1, 2, 3]
    gap.refresh_from_db()
    assert gap.state == "agenda"


def test_the_title_of_a_gap_holds_nothing_of_its_free_text(table, meeting):
    gap = gap_of(table, component=ComponentFactory(name="Kogemusnõustamine"), text="Salasõna")
    item = add_gap(meeting, gap, table.coordinator.user)
    assert item.title == f"Kogemusnõustamine, {table.municipality.name}"


def test_a_gap_of_another_region_or_by_somebody_who_does_not_lead_is_refused(table, meeting):
    foreign = gap_of(Table())
    with pytest.raises(PermissionDenied):
        add_gap(meeting, foreign, table.coordinator.user)
    with pytest.raises(PermissionDenied):
        add_gap(meeting, gap_of(table), table.partner.user)
    assert kinds(meeting) == ["actions", "next"]


def test_an_answered_gap_and_a_meeting_that_is_over_are_refused_with_a_sentence(table, meeting):
    gap = gap_of(table)
    with pytest.raises(ValidationError):
        add_gap(ended_meeting(table.steering), gap, table.coordinator.user)
    put_gap_aside(gap, day=in_days(0).date(), answer="Ei ole siin vaja.")
    with pytest.raises(ValidationError):
        add_gap(meeting, gap, table.coordinator.user)


def test_a_gap_waits_until_it_is_on_an_agenda(table, meeting):
    gap = gap_of(table)
    gap_of(Table())
    assert list(waiting_gaps(table.steering)) == [gap]
    item = add_gap(meeting, gap, table.coordinator.user)
    assert not waiting_gaps(table.steering).exists()
    remove_item(item, version=version(meeting), by=table.member.user, key=uuid.uuid4())
    gap.refresh_from_db()
    assert gap.state == "new"
    assert list(waiting_gaps(table.steering)) == [gap]


def test_members_propose_while_it_is_planned_and_who_leads_also_while_it_runs(table):
    meeting = planned_meeting(table.network)
    assert propose(meeting, table.partner).place == 2
    assert kinds(meeting) == ["actions", "topic", "next"]
    running = running_meeting(table.network)
    with pytest.raises(PermissionDenied):
        propose(running, table.partner)
    assert propose(running, table.coordinator).kind == "topic"
    for stranger in (table.outsider, Table().coordinator):
        with pytest.raises(PermissionDenied):
            propose(meeting, stranger)


def test_the_same_topic_sent_twice_is_one(table, meeting):
    key = uuid.uuid4()
    assert propose(meeting, table.member, key=key) == propose(meeting, table.member, key=key)
    assert kinds(meeting).count("topic") == 1


@pytest.mark.parametrize(
    "text", ["Helista 5123 4567", "Isik 38001085718", "Kirjuta mari.kask@naidis.example"]
)
def test_a_number_by_which_somebody_is_found_is_refused_beside_its_field(table, meeting, text):
    with pytest.raises(ValidationError) as refusal:
        propose(meeting, table.member, title=text)
    assert set(refusal.value.error_dict) == {"title"}
    item = topic(meeting)
    with pytest.raises(ValidationError) as refusal:
        change_item(item, ItemText("Buss", text), version=1, by=table.member.user)
    assert set(refusal.value.error_dict) == {"text"}


def test_items_change_places_and_at_the_edge_they_stay(table, meeting):
    item = propose(meeting, table.member)
    by = table.coordinator.user
    move_item(item, "up", version=version(meeting), by=by)
    assert kinds(meeting) == ["topic", "actions", "next"]
    move_item(item, "up", version=version(meeting), by=by)
    assert kinds(meeting) == ["topic", "actions", "next"]
    move_item(item, "down", version=version(meeting), by=by)
    move_item(item, "down", version=version(meeting), by=by)
    assert kinds(meeting) == ["actions", "next", "topic"]
    assert places(meeting) == [1, 2, 3]


def test_whoever_had_an_older_agenda_open_is_told(table, meeting):
    item = propose(meeting, table.member)
    before = version(meeting)
    move_item(item, "up", version=before, by=table.coordinator.user)
    for act in (
        lambda: move_item(item, "up", version=before, by=table.member.user),
        lambda: remove_item(item, version=before, by=table.member.user, key=uuid.uuid4()),
        lambda: carry_item(item, version=before, by=table.member.user, key=uuid.uuid4()),
    ):
        with pytest.raises(VersionConflict):
            act()
    assert kinds(meeting) == ["topic", "actions", "next"]


def test_two_who_change_the_words_of_an_item_do_not_overwrite_each_other(table, meeting):
    item = propose(meeting, table.member)
    mine, theirs = (AgendaItem.objects.get(pk=item.pk) for _ in range(2))
    change_item(theirs, ItemText("Buss", minutes=5), version=1, by=table.member.user)
    with pytest.raises(VersionConflict) as conflict:
        change_item(mine, ItemText("Rong"), version=1, by=table.coordinator.user)
    assert conflict.value.current.title == "Buss"


def test_an_item_with_notes_is_not_taken_off(table):
    meeting = running_meeting(table.steering)
    item = topic(meeting)
    note_of(item, table.coordinator)
    with pytest.raises(ValidationError):
        remove_item(item, version=version(meeting), by=table.coordinator.user, key=uuid.uuid4())


def test_taken_off_twice_with_one_key_is_done_once(table, meeting):
    item, key = propose(meeting, table.member), uuid.uuid4()
    before = version(meeting)
    for _ in range(2):
        remove_item(item, version=before, by=table.member.user, key=key)
    assert kinds(meeting) == ["actions", "next"]
    assert places(meeting) == [1, 2]


def carry(item, worker):
    return carry_item(item, version=version(item.meeting), by=worker.user, key=uuid.uuid4())


def test_an_item_of_a_planned_meeting_goes_over_as_it_is(table, meeting):
    gap = gap_of(table)
    item = add_gap(meeting, gap, table.coordinator.user)
    later = planned_meeting(table.steering, starts_at=in_days(30))
    carried = carry(item, table.coordinator)
    assert (carried.meeting, carried.gap) == (later, gap)
    assert kinds(meeting) == ["actions", "next"]
    assert kinds(later) == ["actions", "gap", "next"]
    gap.refresh_from_db()
    assert gap.state == "agenda"


def test_an_item_of_a_running_meeting_stays_marked_and_its_notes_with_it(table):
    running = running_meeting(table.steering)
    item = topic(running)
    note_of(item, table.coordinator)
    later = planned_meeting(table.steering)
    carried = carry(item, table.coordinator)
    item.refresh_from_db()
    assert (item.state, item.notes.count()) == ("moved", 1)
    assert (carried.meeting, carried.title, carried.notes.count()) == (later, item.title, 0)


def test_without_a_next_meeting_nothing_is_carried_and_the_sentence_says_so(table, meeting):
    item = propose(meeting, table.member)
    planned_meeting(table.network, starts_at=in_days(30))
    with pytest.raises(ValidationError, match="."):
        carry(item, table.coordinator)
    assert kinds(meeting) == ["actions", "topic", "next"]


def test_what_every_meeting_has_of_its_own_is_not_carried(table, meeting):
    planned_meeting(table.steering, starts_at=in_days(30))
    for item in meeting.items.all():
        with pytest.raises(ValidationError):
            carry(item, table.coordinator)


def test_clock_times_follow_the_minutes_and_too_many_are_counted(table):
    meeting = planned_meeting(table.steering, minutes=30)
    propose(meeting, table.member)
    agenda = agenda_of(meeting)
    begins = [line.begins - meeting.starts_at for line in agenda.lines]
    assert [gone.seconds // 60 for gone in begins] == [0, 10, 25]
    assert (agenda.minutes, agenda.over) == (30, 0)
    propose(meeting, table.member)
    assert agenda_of(meeting).over == 15


def test_an_agenda_costs_the_same_with_any_number_of_items(
    table, meeting, django_assert_num_queries
):
    for _ in range(3):
        add_gap(meeting, gap_of(table), table.coordinator.user)
    with django_assert_num_queries(3):
        agenda_of(meeting)
    for _ in range(9):
        add_gap(meeting, gap_of(table), table.coordinator.user)
    with django_assert_num_queries(3):
        assert len(agenda_of(meeting).lines) == 14


def test_the_facts_of_a_gap_count_offers_that_reach_its_municipality(table):
    component = ComponentFactory()
    gap = gap_of(table, component=component)
    far = MunicipalityFactory(lat=58.4, lon=24.5)
    OfferFactory(component=component, resource__municipality=far)
    OfferFactory(component=ComponentFactory(), resource__municipality=table.municipality)
    facts = gap_facts(gap)
    assert (facts.here, facts.nearest[0]) == (0, far.name)
    offer = OfferFactory(component=component, resource__municipality=far)
    offer.serves.add(table.municipality)
    assert gap_facts(gap).here == 1
    OfferFactory(component=component, resource__municipality=table.municipality)
    hidden = OfferFactory(component=component, resource__municipality=table.municipality)
    hidden.resource.state = "draft"
    hidden.resource.save()
    assert (gap_facts(gap).here, gap_facts(gap).nearest) == (2, None)


def test_told_by_several_is_said_from_five_up(table):
    component = ComponentFactory()
    gaps = [gap_of(table, component=component) for _ in range(4)]
    gap_of(Table(), component=component)
    assert not gap_facts(gaps[0]).is_several
    gap_of(table, component=component)
    assert gap_facts(gaps[0]).is_several
