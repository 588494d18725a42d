"""Actions: one position, one day, carried over until done; letters and the desk. REG-08."""

import csv
import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core import mail as outgoing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Action, Meeting
from network.meetings.outcome_letters import send_actions, tell_of_actions
from network.meetings.outcome_reports import my_actions, undone_actions
from network.meetings.services.answers import offers_for, solve_gap_of
from network.meetings.services.outcomes import (
    add_action,
    change_action,
    close_action,
    move_action,
    reopen_action,
)
from network.models import Gap, RegionMembership
from network.services.people import end_holding, start_holding
from portal.accounts.models import User
from portal.base import outbox
from portal.base.versions import VersionConflict
from tests.cases.factories import Worker
from tests.factories import UserFactory
from tests.meetings.factories import (
    Table,
    action_of,
    ended_meeting,
    gap_item,
    gap_of,
    running_meeting,
    topic,
)
from tests.network.factories import ComponentFactory, OfferFactory, ResourceFactory

pytestmark = pytest.mark.django_db
State = Action.State


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def item(table):
    return topic(running_meeting(table.steering))


@pytest.fixture
def day() -> dt.date:
    return timezone.localdate()


def days(n: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=n)


def typed(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def agree(client, worker, item, doer, **fields):
    client.force_login(worker.user)
    form = {
        "key": str(uuid.uuid4()),
        "text": "Sõlmida ruumi kokkulepe",
        "position": str(doer.position.pk),
        "due": typed(days(20)),
    }
    return client.post(reverse("action_add", args=[item.meeting_id, item.pk]), form | fields)


def step(client, worker, action, do, **fields):
    """Ask for one step on the page of an action."""
    client.force_login(worker.user)
    form = {"key": str(uuid.uuid4()), "version": action.version, "do": do}
    return client.post(reverse("action_detail", args=[action.pk]), form | fields)


def test_an_action_has_one_position_and_a_day(client, table, item):
    answer = agree(client, table.coordinator, item, table.outsider)
    assert answer["Location"].startswith(reverse("meeting_detail", args=[item.meeting_id]))
    action = Action.objects.get()
    assert (action.position, action.due, action.state) == (
        table.outsider.position,
        days(20),
        "open",
    )
    assert action.first_due == action.due
    assert action.group == table.steering


def test_the_same_form_twice_is_one_action(client, table, item):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert agree(client, table.member, item, table.outsider, key=key).status_code == 302
    assert Action.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": " "}, "text"),
        ({"text": "õ" * 301}, "text"),
        ({"position": ""}, "position"),
        ({"position": "ei ole"}, "position"),
        ({"position": str(uuid.UUID(int=0))}, "position"),
        ({"due": ""}, "due"),
        ({"due": "30.02.2027"}, "due"),
        ({"due": "homme"}, "due"),
        ({"due": "01.01.2020"}, "due"),
        ({"due": "01.01.2222"}, "due"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(
    client, table, item, fields, wrong
):
    answer = agree(client, table.coordinator, item, table.outsider, **fields)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {wrong}
    kept = {"text": "Sõlmida ruumi kokkulepe", "due": typed(days(20))} | fields
    for name in ("text", "due"):
        assert answer.context["form"][name].value() == kept[name]
    assert not Action.objects.exists()


def test_today_is_not_past(client, table, item, day):
    assert agree(client, table.coordinator, item, table.outsider, due=typed(day)).status_code == 302


def test_a_position_of_another_region_is_not_offered_and_not_taken(client, table, item):
    stranger = Table().outsider
    answer = agree(client, table.coordinator, item, stranger)
    assert set(answer.context["form"].errors) == {"position"}
    assert stranger.organisation.name not in answer.text


def test_an_organisation_that_left_meanwhile_is_refused_by_the_service(table, item, day):
    RegionMembership.objects.filter(organisation=table.outsider.organisation).update(
        valid_until=day
    )
    with pytest.raises(ValidationError) as refused:
        add_action(
            item,
            text="Helistada",
            position=table.outsider.position,
            due=days(3),
            by=table.coordinator.user,
            day=day,
        )
    assert set(refused.value.error_dict) == {"position"}


def test_who_sees_an_action_and_who_takes_its_steps(client, table, item):
    """A table of who: adds an action, opens one, gives it a new day, mends its words."""
    doer, former, other = table.outsider, table.seat("steering"), Table()
    end_holding(former.position.holdings.get(), valid_until=timezone.localdate())
    action = action_of(item, doer)
    expected = {
        table.coordinator: (302, 200, 302, 302),
        table.member: (302, 200, 302, 302),
        doer: (404, 200, 302, 403),
        table.partner: (404, 404, 404, 404),
        former: (404, 404, 404, 404),
        other.coordinator: (404, 404, 404, 404),
        other.outsider: (404, 404, 404, 404),
    }
    address = reverse("action_detail", args=[action.pk])
    words = {"text": "Teisiti", "position": str(doer.position.pk), "due": typed(days(9))}
    for worker, statuses in expected.items():
        added = agree(client, worker, item, doer).status_code
        opened = client.get(address).status_code
        action.refresh_from_db()
        moved = step(client, worker, action, "move", due=typed(days(9))).status_code
        action.refresh_from_db()
        mended = step(client, worker, action, "change", **words).status_code
        assert (added, opened, moved, mended) == statuses, worker.position.title
    client.logout()
    assert client.get(address).status_code == 302
    assert client.post(address, {"do": "done"}).status_code == 403


def test_a_member_of_the_network_sees_its_actions_and_closes_none(client, table):
    action = action_of(topic(running_meeting(table.network)), table.outsider)
    client.force_login(table.partner.user)
    assert action.text in client.get(reverse("action_detail", args=[action.pk])).text
    for do in ("done", "dropped", "move", "reopen", "change", "solve"):
        assert step(client, table.partner, action, do).status_code == 403
    action.refresh_from_db()
    assert action.state == State.OPEN


def test_the_new_holder_of_the_position_gets_the_action_and_the_former_loses_it(
    client, table, item, day
):
    action, successor = action_of(item, table.outsider), UserFactory()
    address = reverse("action_detail", args=[action.pk])
    client.force_login(table.outsider.user)
    assert client.get(address).status_code == 200
    end_holding(table.outsider.position.holdings.get(), valid_until=day)
    start_holding(position=table.outsider.position, user=successor, valid_from=day)
    assert client.get(address).status_code == 404
    assert my_actions(table.outsider.user, day).total == 0
    client.force_login(successor)
    assert client.get(address).status_code == 200
    assert [row.action for row in my_actions(successor, day).rows] == [action]


def test_done_keeps_what_came_of_it(client, table, item, day):
    action = action_of(item, table.outsider)
    step(client, table.outsider, action, "done", note="Leping on sõlmitud.")
    action.refresh_from_db()
    assert (action.state, action.note, action.closed_on) == (State.DONE, "Leping on sõlmitud.", day)


def test_no_number_by_which_somebody_is_found_stands_in_an_action(client, table, item):
    words = "Helistada 5123 4567"
    answer = agree(client, table.coordinator, item, table.outsider, text=words)
    assert set(answer.context["form"].errors) == {"text"}
    action = action_of(item, table.outsider)
    answer = step(client, table.outsider, action, "done", note=words)
    assert set(answer.context["wrong"].errors) == {"note"}
    action.refresh_from_db()
    assert action.state == State.OPEN


def test_no_longer_needed_asks_why(client, table, item):
    action = action_of(item, table.outsider)
    answer = step(client, table.outsider, action, "dropped", note=" ")
    assert answer.status_code == 200
    assert set(answer.context["wrong"].errors) == {"note"}
    assert step(client, table.outsider, action, "dropped", note="Ruum on olemas.")
    action.refresh_from_db()
    assert action.state == State.DROPPED


def test_a_new_day_leaves_the_first_one_beside_it(client, table, item):
    action = action_of(item, table.outsider)
    first = action.due
    step(client, table.outsider, action, "move", due=typed(days(40)))
    action.refresh_from_db()
    assert (action.due, action.first_due) == (days(40), first)
    assert typed(first) in client.get(reverse("action_detail", args=[action.pk])).text


@pytest.mark.parametrize("due", ["01.01.2020", "eile", ""])
def test_a_new_day_that_is_none_comes_back(client, table, item, due):
    action = action_of(item, table.outsider)
    answer = step(client, table.outsider, action, "move", due=due)
    assert set(answer.context["wrong"].errors) == {"due"}
    assert answer.context["forms"]["move"]["due"].value() == due


def test_a_wrong_new_day_while_a_meeting_is_held_comes_back_to_the_meeting(client, table, item):
    action = action_of(item, table.outsider)
    held = running_meeting(table.steering)
    about = held.items.create(kind="actions", title="Lõpetamata tegevused", place=90, minutes=5)
    answer = step(client, table.coordinator, action, "move", due="eile", punkt=str(about.pk))
    assert answer.status_code == 200
    assert answer.context["meeting"] == held
    assert f'id="due-{action.pk}-error"' in answer.text
    assert 'value="eile"' in answer.text


def test_an_action_can_be_opened_again(table, item, day):
    action = action_of(item, table.outsider)
    by = {"by": table.outsider.user, "day": day}
    close_action(action, state=State.DONE, version=1, note="Tehtud", **by)
    reopen_action(Action.objects.get(), version=2, **by)
    action.refresh_from_db()
    assert (action.state, action.closed_on, action.note) == (State.OPEN, None, "Tehtud")


def test_the_same_step_twice_is_one(client, table, item):
    action = action_of(item, table.outsider)
    key = str(uuid.uuid4())
    for _ in range(2):
        assert step(client, table.outsider, action, "done", key=key).status_code == 302
    action.refresh_from_db()
    assert action.version == 2


@pytest.mark.parametrize(
    ("do", "fields", "said"),
    [
        ("move", {"due": "24.12.2030"}, "24.12.2030"),
        ("done", {"note": "Minu sõnad"}, "Minu sõnad"),
        ("change", {"text": "Minu sõnad"}, "Minu sõnad"),
    ],
)
def test_two_at_once_are_told_and_nothing_typed_is_lost(client, table, item, day, do, fields, said):
    action = action_of(item, table.outsider)
    fields = {"position": str(table.outsider.position.pk), "due": typed(days(9))} | fields
    move_action(Action.objects.get(), due=days(33), version=1, by=table.coordinator.user, day=day)
    answer = step(client, table.coordinator, action, do, **fields)
    assert answer.status_code == 409
    assert said in answer.text
    assert typed(days(33)) in answer.text
    action.refresh_from_db()
    assert (action.due, action.version) == (days(33), 2)
    form = answer.context["forms"][{"done": "close"}.get(do, do)]
    assert form["version"].value() == "2"
    again = step(client, table.coordinator, action, do, **fields)
    assert again.status_code == 302


def test_what_nobody_offers_to_do_changes_nothing(client, table, item):
    action = action_of(item, table.outsider)
    for do in ("", "drop table", "done\0"):
        assert step(client, table.coordinator, action, do).status_code == 200
    for version in ("", "x", "9" * 40):
        answer = step(client, table.coordinator, action, "done", version=version)
        assert answer.status_code in (200, 409)
    action.refresh_from_db()
    assert (action.state, action.version) == (State.OPEN, 1)


def test_the_first_day_follows_while_the_meeting_still_runs(table, item, day):
    action = action_of(item, table.outsider)
    words = {"text": action.text, "position": action.position, "by": table.member.user, "day": day}
    change_action(Action.objects.get(), due=days(30), version=1, **words)
    action.refresh_from_db()
    assert action.first_due == days(30)
    Meeting.objects.filter(pk=item.meeting_id).update(state=Meeting.State.ENDED)
    change_action(Action.objects.get(), due=days(35), version=2, **words)
    action.refresh_from_db()
    assert (action.due, action.first_due) == (days(35), days(30))


def test_approved_minutes_freeze_the_words_but_not_the_state(client, table, item, day):
    action = action_of(item, table.outsider)
    Meeting.objects.filter(pk=item.meeting_id).update(state=Meeting.State.APPROVED)
    with pytest.raises(ValidationError):
        change_action(
            action,
            text="Tagantjärele",
            position=action.position,
            due=action.due,
            version=1,
            by=table.coordinator.user,
            day=day,
        )
    assert step(client, table.coordinator, action, "move", due=typed(days(50))).status_code == 302
    action.refresh_from_db()
    assert step(client, table.coordinator, action, "done").status_code == 302
    page = client.get(reverse("action_detail", args=[action.pk]))
    assert set(page.context["forms"]) == {"reopen"}


def test_services_ask_who_it_is_themselves(table, item, day):
    action = action_of(item, table.outsider)
    stranger = {"by": Table().coordinator.user, "day": day, "version": 1}
    for work in (
        lambda: close_action(action, state=State.DONE, **stranger),
        lambda: move_action(action, due=days(3), **stranger),
        lambda: reopen_action(action, **stranger),
    ):
        with pytest.raises(PermissionDenied):
            work()


def test_undone_actions_are_carried_over_until_done(table, day):
    old, new = topic(ended_meeting(table.steering)), topic(running_meeting(table.steering))
    late, later = action_of(old, table.member, due=days(-5)), action_of(old, table.partner)
    action_of(old, table.member, state=State.DONE, closed_on=day)
    now = action_of(new, table.member)
    carried = undone_actions(table.steering, day, but=new.meeting)
    assert [row.action for row in carried] == [late, later]
    assert [row.is_late for row in carried] == [True, False]
    assert now in [row.action for row in undone_actions(table.steering, day)]
    assert undone_actions(table.network, day) == []


def test_a_step_taken_in_a_meeting_leads_back_to_its_item(client, table, item):
    action = action_of(topic(ended_meeting(table.steering)), table.outsider)
    there = f"?punkt={item.pk}"
    answer = step(client, table.coordinator, action, "done", punkt=str(item.pk))
    assert there in answer["Location"]
    foreign = topic(running_meeting(Table().steering))
    action.refresh_from_db()
    answer = step(client, table.coordinator, action, "reopen", punkt=str(foreign.pk))
    assert answer["Location"] == reverse("action_detail", args=[action.pk])


def test_the_desk_shows_late_ones_first_and_counts_the_rest(table, item, day):
    for n in (9, 1, -3, 4):
        action_of(item, table.outsider, due=days(n))
    action_of(item, table.member)
    mine = my_actions(table.outsider.user, day, limit=3)
    assert [row.action.due for row in mine.rows] == [days(-3), days(1), days(4)]
    assert (mine.total, mine.late) == (4, 1)
    assert mine.rows[0].url == reverse("action_detail", args=[mine.rows[0].action.pk])


def test_a_gap_behind_a_done_action_is_solved_by_who_leads(client, table, day):
    component = ComponentFactory()
    gap = gap_of(table, component=component)
    action = action_of(gap_item(running_meeting(table.steering), gap), table.outsider)
    offer = OfferFactory(
        component=component, resource=ResourceFactory(organisation=table.organisation())
    )
    hidden = OfferFactory(
        component=component,
        resource=ResourceFactory(organisation=table.organisation(), state="draft"),
    )
    elsewhere = OfferFactory(component=component)
    assert list(offers_for(gap, day)) == [offer]
    step(client, table.outsider, action, "done")
    page = client.get(reverse("action_detail", args=[action.pk]))
    assert "solve" not in page.context["forms"]
    assert step(client, table.outsider, action, "solve").status_code == 403
    client.force_login(table.coordinator.user)
    assert "solve" in client.get(reverse("action_detail", args=[action.pk])).context["forms"]
    for other in (hidden, elsewhere):
        answer = step(client, table.coordinator, action, "solve", offer=str(other.pk))
        assert set(answer.context["wrong"].errors) == {"offer"}
        with pytest.raises(PermissionDenied):
            solve_gap_of(action, offer=other, by=table.coordinator.user, day=day)
    step(client, table.coordinator, action, "solve", offer=str(offer.pk))
    gap.refresh_from_db()
    assert (gap.state, gap.offer) == (Gap.State.SOLVED, offer)


def listed(client, **query):
    page = client.get(reverse("action_list"), query)
    assert page.status_code == 200
    return [row.action.text for row in page.context["rows"]]


def test_the_list_is_mine_or_of_my_groups_and_narrowed_down(client, table, day):
    steering, network = topic(ended_meeting(table.steering)), topic(ended_meeting(table.network))
    action_of(steering, table.coordinator, text="Äpp valmis teha", due=days(-2))
    action_of(steering, table.outsider, text="Buss tellida", due=days(5))
    action_of(network, table.partner, text="Kirjutada kutse", state=State.DONE, closed_on=day)
    client.force_login(table.coordinator.user)
    assert listed(client) == ["Äpp valmis teha"]
    assert listed(client, whose="all") == ["Äpp valmis teha", "Buss tellida"]
    assert listed(client, whose="all", state="done") == ["Kirjutada kutse"]
    assert len(listed(client, whose="all", state="all")) == 3
    assert listed(client, whose="all", late="on") == ["Äpp valmis teha"]
    assert listed(client, whose="all", q="äpp") == ["Äpp valmis teha"]
    assert listed(client, whose="all", position=str(table.outsider.position.pk)) == ["Buss tellida"]
    assert listed(client, whose="all", state="all", group=str(table.network.pk)) == [
        "Kirjutada kutse"
    ]
    client.force_login(table.outsider.user)
    assert listed(client) == listed(client, whose="all") == ["Buss tellida"]
    client.force_login(Table().coordinator.user)
    assert listed(client, whose="all", state="all") == []


def test_the_list_costs_the_same_whatever_its_length(client, table, item):
    client.force_login(table.coordinator.user)
    listed(client, whose="all")
    counted = set()
    for _ in range(3):
        for n in range(9):
            action_of(item, table.worker() if n % 3 else table.member)
        with CaptureQueriesContext(connection) as queries:
            assert listed(client, whose="all")
        counted.add(len(queries))
    assert len(counted) == 1


def test_the_table_holds_what_the_list_shows(client, table, item):
    action_of(item, table.outsider, text="=1+1")
    action_of(item, table.member, text="Muu")
    client.force_login(table.outsider.user)
    answer = client.get(reverse("action_export"))
    _heading, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert [row[0] for row in rows] == ["'=1+1"]


def prefer(worker: Worker, letters: str) -> None:
    User.objects.filter(pk=worker.user.pk).update(letters=letters)


def letters_to(worker: Worker) -> list[Any]:
    """Deliver what waits; the letters to this worker since the last time."""
    outbox.deliver_due(timezone.now() + dt.timedelta(seconds=1))
    found = [letter for letter in outgoing.outbox if worker.user.email in letter.to]
    outgoing.outbox[:] = [letter for letter in outgoing.outbox if letter not in found]
    return found


def end(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.ENDED, ended_at=timezone.now())


def test_after_the_meeting_everybody_gets_one_letter_with_count_day_and_address(table, item, day):
    for n in (5, 9):
        action_of(item, table.outsider, text="Salajane tegevus", due=days(n))
    action_of(item, table.member, state=State.DONE, closed_on=day)
    end(item.meeting)
    for _ in range(2):
        with transaction.atomic():
            send_actions(item.meeting, day)
    [letter] = letters_to(table.outsider)
    assert typed(days(5)) in letter.body
    assert reverse("action_list") in letter.body
    assert "2" in letter.body
    assert "Salajane" not in letter.subject + letter.body
    assert letters_to(table.member) == []


def test_letters_come_as_often_as_the_profile_says(table, item, day):
    daily, never = table.outsider, table.partner
    prefer(daily, "daily")
    prefer(never, "never")
    for worker in (daily, never):
        action_of(item, worker, due=days(2))
    end(item.meeting)
    with transaction.atomic():
        send_actions(item.meeting, day)
    assert letters_to(daily) == []
    now = timezone.now()
    for _ in range(2):
        tell_of_actions(now)
    # One about the new action, one because its day is near already.
    assert len(letters_to(daily)) == 2
    assert letters_to(never) == []


def test_a_letter_comes_before_the_day_and_after_it_once_each(table, item, day):
    action_of(item, table.outsider, due=days(10))
    end(item.meeting)
    sent = []
    for ahead in range(25):
        tell_of_actions(timezone.now() + dt.timedelta(days=ahead))
        sent += [(ahead, letter) for letter in letters_to(table.outsider)]
    assert [ahead for ahead, _letter in sent] == [7, 11]


def test_an_action_that_is_done_by_then_sends_nothing(table, item, day):
    action = action_of(item, table.outsider, due=days(2))
    end(item.meeting)
    tell_of_actions(timezone.now())
    close_action(action, state=State.DONE, version=1, by=table.outsider.user, day=day)
    assert letters_to(table.outsider) == []


def test_while_the_meeting_runs_nobody_is_reminded(table, item):
    action_of(item, table.outsider, due=days(1))
    tell_of_actions(timezone.now())
    assert letters_to(table.outsider) == []


def test_a_step_with_an_old_page_in_front_is_refused_by_the_service(table, item, day):
    action = action_of(item, table.outsider)
    move_action(action, due=days(30), version=1, by=table.member.user, day=day)
    with pytest.raises(VersionConflict):
        close_action(
            Action.objects.get(), state=State.DONE, version=1, by=table.member.user, day=day
        )
