"""A gap goes onto an agenda with one click and is answered; nobody's words are lost. MON-04."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.models import Gap, Seat
from network.services.gaps import decide_gap
from network.services.people import end_seat
from tests.meetings.factories import Table, ended_meeting, gap_of, planned_meeting, running_meeting
from tests.network.factories import ComponentFactory, LifeDomainFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def gap(table):
    return gap_of(table, component=ComponentFactory(slug="kogemus", name="Kogemusnõustamine"))


def offer_in(table, gap):
    return OfferFactory(
        component=gap.component,
        resource__municipality=table.municipality,
        resource__organisation=table.organisation(),
    )


def say(client, worker, gap, **fields):
    client.force_login(worker.user)
    values = {
        "key": str(uuid.uuid4()),
        "version": gap.version,
        "outcome": "aside",
        "answer": "Üks kord proovitud, inimesi ei tulnud.",
        "offer": "",
    }
    return client.post(reverse("gap_answer", args=[gap.pk]), values | fields)


def to_agenda(client, worker, gap, **fields):
    client.force_login(worker.user)
    return client.post(reverse("gap_to_agenda", args=[gap.pk]), fields, follow=True)


def test_one_click_puts_a_gap_on_the_next_agenda_and_a_second_changes_nothing(client, table, gap):
    ended_meeting(table.steering)
    planned_meeting(table.network)
    meeting = planned_meeting(table.steering)
    planned_meeting(table.steering, starts_at=meeting.starts_at + dt.timedelta(days=28))
    back = f"{reverse('gap_list')}?kind=gaps"
    for _ in range(2):
        answer = to_agenda(client, table.member, gap, back=back)
        assert answer.redirect_chain[-1][0] == back
        assert f"{timezone.localtime(meeting.starts_at):%d.%m.%Y}" in answer.text
    assert meeting.items.get(gap=gap).kind == "gap"
    assert gap.agenda_items.count() == 1
    gap.refresh_from_db()
    assert gap.state == "agenda"


def test_a_meeting_that_runs_takes_it_too(client, table, gap):
    meeting = running_meeting(table.steering)
    to_agenda(client, table.coordinator, gap)
    assert meeting.items.filter(gap=gap).exists()


def test_without_a_meeting_one_is_led_to_plan_it(client, table, gap):
    planned_meeting(Table().steering)
    answer = to_agenda(client, table.coordinator, gap)
    assert answer.redirect_chain[-1][0] == reverse("meeting_add")
    assert 'role="status"' in answer.text
    gap.refresh_from_db()
    assert gap.state == "new"


@pytest.mark.parametrize(
    "back", ["https://kuri.example/", "//kuri.example/intranet/vajadused/", "/cms/", "javascript:1"]
)
def test_the_way_back_never_leaves_the_list(client, table, gap, back):
    planned_meeting(table.steering)
    answer = to_agenda(client, table.coordinator, gap, back=back)
    assert answer.redirect_chain == [(reverse("gap_list"), 302)]


def test_an_answered_gap_is_not_put_on_an_agenda_and_says_so(client, table, gap):
    meeting = planned_meeting(table.steering)
    say(client, table.coordinator, gap)
    answer = to_agenda(client, table.coordinator, gap)
    assert answer.redirect_chain[-1][0] == reverse("gap_detail", args=[gap.pk])
    assert not meeting.items.filter(gap=gap).exists()
    assert 'role="status"' in answer.text


def test_it_is_put_aside_with_a_reason_and_waits_again_when_asked(client, table, gap):
    answer = say(client, table.coordinator, gap, answer="  ")
    assert set(answer.context["form"].errors) == {"answer"}
    answer = say(client, table.coordinator, gap)
    assert answer["Location"] == reverse("gap_detail", args=[gap.pk])
    gap.refresh_from_db()
    assert (gap.state, gap.answer) == ("aside", "Üks kord proovitud, inimesi ei tulnud.")
    assert gap.answered_on == timezone.localdate()
    assert gap.answer in client.get(reverse("gap_detail", args=[gap.pk])).text
    # Solved it cannot be from there: it waits again first.
    assert set(say(client, table.coordinator, gap, outcome="solved").context["form"].errors) == {
        "outcome"
    }
    say(client, table.coordinator, gap, outcome="reopened")
    gap.refresh_from_db()
    assert gap.state == "new"


def test_it_is_solved_by_an_offer_of_the_region_and_of_no_other(client, table, gap):
    offer, foreign = offer_in(table, gap), OfferFactory(component=gap.component)
    other = OfferFactory(resource__municipality=table.municipality)
    for wrong in (foreign.pk, other.pk, uuid.uuid4(), "x"):
        answer = say(client, table.coordinator, gap, outcome="solved", offer=str(wrong))
        assert set(answer.context["form"].errors) == {"offer"}
    say(client, table.coordinator, gap, outcome="solved", offer=str(offer.pk), answer="")
    gap.refresh_from_db()
    assert (gap.state, gap.offer) == ("solved", offer)


def test_two_who_answer_at_once_see_both_texts_and_lose_nothing(client, table, gap):
    decide_gap(gap, number="2026-07", day=timezone.localdate(), answer="Avame rühma.")
    answer = say(client, table.coordinator, gap, answer="Minu sõnad.")
    assert answer.status_code == 409
    for words in ("Minu sõnad.", "Avame rühma."):
        assert words in answer.text
    gap.refresh_from_db()
    assert gap.answer == "Avame rühma."
    # What stands on the right is sent again with what is stored now in view.
    say(client, table.coordinator, gap, answer="Koos.")
    gap.refresh_from_db()
    assert (gap.state, gap.answer) == ("aside", "Koos.")


def test_the_same_answer_sent_twice_is_one(client, table, gap):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert say(client, table.coordinator, gap, key=key).status_code == 302
    version = gap.version
    gap.refresh_from_db()
    assert gap.version == version + 1


def test_an_answer_holds_no_number_of_anybody_and_keeps_what_was_typed(client, table, gap):
    answer = say(client, table.coordinator, gap, answer="Helista 60001019906")
    assert set(answer.context["form"].errors) == {"answer"}
    assert "Helista 60001019906" in answer.text
    assert (
        say(client, table.coordinator, gap, answer="Alates 01.05.2027, Kreutzwaldi 34.").status_code
        == 302
    )


@pytest.mark.parametrize("fields", [{"outcome": ""}, {"outcome": "x"}, {"version": "x"}])
def test_nonsense_changes_nothing(client, table, gap, fields):
    assert say(client, table.coordinator, gap, **fields).status_code == 200
    gap.refresh_from_db()
    assert gap.state == "new"


def typed(table, **fields):
    values = {
        "key": str(uuid.uuid4()),
        "words": "",
        "subject": "muu",
        "kind": "missing",
        "municipality": table.municipality.slug,
        "text": "Õhtul ei sõida ükski buss.",
    }
    return values | fields


def test_who_leads_the_region_adds_what_they_see(client, table):
    LifeDomainFactory(slug="eluase")
    client.force_login(table.coordinator.user)
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(reverse("gap_add"), typed(table, key=key, subject="valdkond:eluase"))
        gap = Gap.objects.get()
        assert answer["Location"] == reverse("gap_detail", args=[gap.pk])
    assert (gap.region, gap.domain.slug, gap.state) == (table.region, "eluase", "new")
    again = client.post(reverse("gap_add"), typed(table, key=key, text="Buss ei sõida."))
    assert again.context["is_repeat"]
    fields = typed(table, key=again.context["form"]["key"].value(), text="Buss ei sõida.")
    assert client.post(reverse("gap_add"), fields).status_code == 302
    assert Gap.objects.count() == 2


@pytest.mark.parametrize("text", ["Kalmer Tamm ei saa koju", "Mari ootab", "tel 5123 4567"])
def test_names_and_numbers_are_refused_here_too(client, table, text):
    client.force_login(table.coordinator.user)
    answer = client.post(reverse("gap_add"), typed(table, text=text))
    assert set(answer.context["form"].errors) == {"text"}
    assert text in answer.text
    assert not Gap.objects.exists()


def test_the_day_of_a_queue_may_stand_in_the_text(client, table):
    client.force_login(table.coordinator.user)
    month = timezone.localdate() - dt.timedelta(days=60)
    text = f"Alates {month:%d.%m.%Y} on siin 15 inimest järjekorras"
    assert client.post(reverse("gap_add"), typed(table, text=text)).status_code == 302
    born = client.post(reverse("gap_add"), typed(table, text="elab siin 12.05.1985 saadik"))
    assert set(born.context["form"].errors) == {"text"}


def test_a_municipality_that_one_does_not_lead_is_not_taken(client, table):
    there = Table()
    client.force_login(table.coordinator.user)
    answer = client.post(reverse("gap_add"), typed(table, municipality=there.municipality.slug))
    assert set(answer.context["form"].errors) == {"municipality"}
    former = table.seat(Seat.Body.COORDINATOR)
    end_seat(former.position.seats.get(), valid_until=timezone.localdate())
    client.force_login(former.user)
    assert client.post(reverse("gap_add"), typed(table)).status_code == 403
    assert not Gap.objects.exists()
