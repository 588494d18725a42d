"""The pages of positions: who opens them, what they list, vacancies, the yearly word."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from network import letters
from network.models import Holding, Position
from network.people import people_waiting, sees_people, vacancies
from network.services.people import close_account, end_holding
from network.services.positions import change_position
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.base import outbox
from portal.base.models import OutboxItem
from portal.base.sheets import as_typed
from tests.cases.factories import auditor, open_case_of
from tests.factories import UserFactory
from tests.meetings.factories import Table, action_of, running_meeting, topic
from tests.network.people_help import House, administrator, after, browser, key, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


def people(house):
    """Everybody who could knock: name → user (None: signed out)."""
    there = House()
    former = house.worker(Role.ORGANISATION_LEAD)
    end_holding(house.holding(former), valid_until=timezone.localdate())
    return {
        "nobody": None,
        "stranger": UserFactory(),
        "worker": house.anu.user,
        "lead": house.lead.user,
        "former lead": former.user,
        "lead elsewhere": there.lead.user,
        "coordinator": house.coordinator.user,
        "coordinator elsewhere": there.coordinator.user,
        "steering": house.member.user,
        "administrator": administrator(),
        "auditor": auditor(),
    }


# Of the worker of the house; whoever is not named gets 404, signed out 302.
TABLE = {
    "position_detail": {"lead": 200, "coordinator": 200, "administrator": 200},
    "position_change": {"lead": 200, "coordinator": 403, "administrator": 200},
    "handover": {"lead": 200, "coordinator": 403, "administrator": 200},
    "position_stand_in": {"lead": 200, "coordinator": 403, "administrator": 200},
    "holding_end": {"lead": 200, "coordinator": 403, "administrator": 200},
    "leaving": {"lead": 200, "administrator": 200},
    "account_close": {"lead": 200, "administrator": 200},
}


@pytest.mark.parametrize("route", TABLE)
def test_who_opens_what_of_a_worker(house, route):
    ids = {
        "holding_end": house.holding(house.anu).pk,
        "leaving": house.anu.user.pk,
        "account_close": house.anu.user.pk,
    }
    address = reverse(route, args=[ids.get(route, house.anu.position.pk)])
    found = {}
    for name, user in people(house).items():
        # Nobody sees themselves off; of the own position a worker knows, by other pages.
        client = browser(user) if user else browser(UserFactory())
        if user is None:
            client.logout()
        found[name] = client.get(address).status_code
    wanted = dict.fromkeys(found, 404) | {"nobody": 302} | TABLE[route]
    assert found == wanted


@pytest.mark.parametrize(
    ("route", "allowed"),
    [
        ("people_list", None),
        ("people_export", None),
        ("rights_confirm", None),
        ("joining_list", None),
        ("position_add", {"lead", "lead elsewhere", "administrator"}),
        (
            "worker_invite",
            {"lead", "lead elsewhere", "administrator", "coordinator", "coordinator elsewhere"},
        ),
        (
            "organisation_invite",
            {"lead", "lead elsewhere", "coordinator", "coordinator elsewhere"},
        ),
    ],
)
def test_who_opens_the_pages_of_nobody_in_particular(house, route, allowed):
    found = {}
    for name, user in people(house).items():
        if user:
            found[name] = browser(user).get(reverse(route)).status_code
    allowed = set(found) if allowed is None else allowed
    assert found == {name: 200 if name in allowed else 403 for name in found}


def test_each_sees_the_positions_that_are_theirs_to_look_after(house):
    there = House()
    post = {"here": house.anu.position.title, "there": there.anu.position.title}
    boss = administrator()
    for user, seen in (
        (house.lead.user, {"here"}),
        (house.coordinator.user, {"here"}),
        (there.lead.user, {"there"}),
        (boss, {"here", "there"}),
        (house.anu.user, set()),
        (house.member.user, set()),
    ):
        client = browser(user)
        for route in ("people_list", "people_export"):
            page = client.get(reverse(route)).text
            assert {name for name, title in post.items() if title in page} == seen
        assert sees_people(user, timezone.localdate()) is bool(seen)


def test_the_list_is_searched_narrowed_sorted_and_taken_along(house):
    client = browser(house.lead.user)
    empty = house.empty_post()
    for asked, there, gone in (
        ({"q": house.anu.user.last_name}, house.anu.position, house.tiit.position),
        ({"q": house.tiit.position.title.upper()}, house.tiit.position, empty),
        ({"state": "vacant"}, empty, house.anu.position),
        ({"role": Role.ADDITIONAL_SUPPORT}, house.tiit.position, house.anu.position),
    ):
        rows = client.get(reverse("people_list"), asked).context["rows"]
        titles = {row.position.title for row in rows}
        assert there.title in titles
        assert gone.title not in titles
    odd = client.get(reverse("people_list"), {"state": "kole", "sort": "'--"})
    assert odd.status_code == 200
    assert "kole" in odd.text
    lines = list(
        csv.reader(io.StringIO(client.get(reverse("people_export")).text.lstrip("\ufeff")))
    )
    assert len(lines) == 1 + 4
    assert as_typed(lines[1][0]) == house.organisation.name


def test_the_list_costs_the_same_however_long_it_is(house, django_assert_max_num_queries):
    client = browser(house.lead.user)
    for number in range(2):
        house.empty_post()
        invited = {"key": key(), "position": str(house.empty_post().pk), "email": f"u{number}@a.ee"}
        client.post(reverse("worker_invite"), invited)
    client.get(reverse("people_list"))
    with django_assert_max_num_queries(60) as few:
        client.get(reverse("people_list"))
    count = len(few)  # the next request clears what was counted
    for _ in range(8):
        house.worker(Role.ADDITIONAL_SUPPORT)
        house.empty_post()
        invited = {
            "key": key(),
            "position": str(house.empty_post().pk),
            "email": key()[:8] + "@a.ee",
        }
        client.post(reverse("worker_invite"), invited)
    with django_assert_max_num_queries(count):
        client.get(reverse("people_list"))


def test_a_position_is_added_changed_and_put_out_of_use(house):
    client = browser(house.lead.user)
    sent = {"key": key(), "title": "Tugiisik, Rõuge", "role": Role.ADDITIONAL_SUPPORT}
    for _ in range(2):
        assert client.post(reverse("position_add"), sent).status_code == 302
    position = Position.objects.get(title="Tugiisik, Rõuge")
    address = reverse("position_change", args=[position.pk])
    answer = client.post(address, {**sent, "key": key(), "version": "1", "title": "Tugiisik"})
    assert answer.status_code == 302
    position.refresh_from_db()
    assert (position.title, position.is_active, position.version) == ("Tugiisik", False, 2)


def test_a_name_that_is_taken_and_a_role_that_is_not_mine_are_refused(house):
    client = browser(house.lead.user)
    for fields, name in (
        ({"title": house.anu.position.title.upper()}, "title"),
        ({"title": ""}, "title"),
        ({"role": Role.COORDINATOR}, "role"),
        ({"role": Role.STEERING}, "role"),
        ({"role": Role.ADMINISTRATOR}, "role"),
    ):
        sent = {"key": key(), "title": "Uus koht", "role": Role.PARTNER} | fields
        answer = client.post(reverse("position_add"), sent)
        assert name in answer.context["form"].errors
    assert not Position.objects.filter(title="Uus koht").exists()


def test_nobody_changes_the_role_of_the_own_position(house):
    """A lead that makes a base support provider of themselves would open cases by it."""
    answer = browser(house.lead.user).post(
        reverse("position_change", args=[house.lead.position.pk]),
        {
            "key": key(),
            "version": "1",
            "title": house.lead.position.title,
            "role": Role.BASE_SUPPORT,
            "is_active": "on",
        },
    )
    assert "role" in answer.context["form"].errors


def test_two_who_change_a_position_see_both_texts(house):
    change_position(
        house.anu.position,
        title="Esimese nimi",
        role=house.anu.position.role,
        is_active=True,
        version=1,
        by=house.lead.user,
        key=key(),
    )
    answer = browser(house.lead.user).post(
        reverse("position_change", args=[house.anu.position.pk]),
        {
            "key": key(),
            "version": "1",
            "title": "Teise nimi",
            "role": house.anu.position.role,
            "is_active": "on",
        },
    )
    assert answer.status_code == 409
    assert "Esimese nimi" in answer.text
    assert "Teise nimi" in answer.text


def test_a_position_that_somebody_holds_stays_in_use(house):
    answer = browser(house.lead.user).post(
        reverse("position_change", args=[house.anu.position.pk]),
        {
            "key": key(),
            "version": "1",
            "title": house.anu.position.title,
            "role": house.anu.position.role,
        },
    )
    assert "is_active" in answer.context["form"].errors


def vacant(user):
    return {one.pk for one in vacancies(user, timezone.now())}


def test_a_position_falls_vacant_a_fortnight_before_and_is_held_again(house):
    lead, position = house.lead.user, house.anu.position
    assert position.pk not in vacant(lead)
    end_holding(house.holding(house.anu), valid_until=after(15))
    assert position.pk not in vacant(lead)
    end_holding(house.holding(house.anu), valid_until=after(14))
    assert position.pk in vacant(lead)
    client = browser(lead)
    sent = {
        "key": key(),
        "version": "1",
        "first_day": typed(after(14)),
        "last_day": typed(after(13)),
    }
    mari = house.worker(Role.PARTNER).user
    client.post(reverse("handover", args=[position.pk]), {**sent, "person": str(mari.pk)})
    assert position.pk not in vacant(lead)


def test_a_gap_of_a_day_between_two_holders_is_seen(house):
    position = house.anu.position
    end_holding(house.holding(house.anu), valid_until=after(5))
    Holding.objects.create(position=position, user=UserFactory(), valid_from=after(6))
    assert position.pk in vacant(house.lead.user)
    Holding.objects.filter(valid_from=after(6)).update(valid_from=after(5))
    assert position.pk not in vacant(house.lead.user)


def test_an_invitation_holds_a_position_while_its_link_works(house):
    position = house.empty_post()
    assert position.pk in vacant(house.lead.user)
    browser(house.lead.user).post(
        reverse("worker_invite"),
        {"key": key(), "position": str(position.pk), "email": "uus@naidis.example"},
    )
    assert position.pk not in vacant(house.lead.user)
    with time_machine.travel(timezone.now() + dt.timedelta(days=8), tick=True):
        assert position.pk in vacant(house.lead.user)


def test_what_waits_at_a_vacant_position_is_listed(house):
    case = open_case_of(house.anu)
    end_holding(house.holding(house.anu), valid_until=timezone.localdate())
    page = browser(house.lead.user).get(reverse("people_list"))
    duties = page.context["vacant"][0]["duties"]
    assert len(duties) == 2
    assert case.number not in page.text
    for user in (house.coordinator.user, administrator()):
        found = browser(user).get(reverse("position_detail", args=[house.anu.position.pk]))
        assert found.context["duties"] == []


def test_undone_actions_stay_with_the_position():
    table = Table()
    boss = administrator()
    meeting = running_meeting(table.steering)
    action_of(topic(meeting), table.outsider)
    address = reverse("position_detail", args=[table.outsider.position.pk])
    assert len(browser(boss).get(address).context["duties"]) == 1


def test_a_letter_about_a_vacancy_goes_once_to_lead_and_coordinator(house):
    end_holding(house.holding(house.anu), valid_until=timezone.localdate())
    for _day in range(2):
        letters.tell_of_vacancies(timezone.now())
    outbox.deliver_due(timezone.now())
    assert {letter.to[0] for letter in mail.outbox} == {
        house.lead.user.email,
        house.coordinator.user.email,
    }
    assert len(mail.outbox) == 2
    assert house.anu.position.title in mail.outbox[0].body


def test_no_letter_about_a_vacancy_that_is_filled_meanwhile_or_was_always_there(house):
    house.empty_post()
    end_holding(house.holding(house.anu), valid_until=timezone.localdate())
    letters.tell_of_vacancies(timezone.now())
    Holding.objects.create(
        position=house.anu.position, user=UserFactory(), valid_from=timezone.localdate()
    )
    outbox.deliver_due(timezone.now())
    assert mail.outbox == []


def waiting(user):
    return people_waiting(user, timezone.now())


def confirmed(house, days):
    Holding.objects.update(confirmed_on=timezone.localdate() - dt.timedelta(days=days))


def test_the_lead_confirms_once_a_year_and_never_themselves(house):
    confirmed(house, 366)
    assert waiting(house.lead.user).to_confirm == 2
    client = browser(house.lead.user)
    page = client.get(reverse("rights_confirm"))
    mine = house.holding(house.lead)
    shown = {row.holding.pk for row in page.context["rows"]}
    assert shown == {house.holding(house.anu).pk, house.holding(house.tiit).pk}
    sent = {"key": key(), "holding": [*map(str, shown), str(mine.pk), "pole id"]}
    for _ in range(2):
        assert client.post(reverse("rights_confirm"), sent).status_code == 302
    assert not waiting(house.lead.user)
    mine.refresh_from_db()
    assert mine.confirmed_on != timezone.localdate()
    assert AccessEvent.objects.filter(actioncode="rights_confirm").count() == 1
    assert waiting(house.coordinator.user).to_confirm == 2  # the lead, the steering group


def test_what_is_foreign_is_not_confirmed(house):
    there = House()
    confirmed(house, 400)
    browser(there.lead.user).post(
        reverse("rights_confirm"), {"key": key(), "holding": str(house.holding(house.anu).pk)}
    )
    assert house.holding(house.anu).confirmed_on != timezone.localdate()


def test_the_administrator_hears_of_it_after_the_grace(house):
    boss = administrator()
    Holding.objects.update(confirmed_on=timezone.localdate())
    one = Holding.objects.filter(pk=house.holding(house.anu).pk)
    one.update(confirmed_on=timezone.localdate() - dt.timedelta(days=390))
    letters.tell_overdue_rights(timezone.now())
    assert not OutboxItem.objects.exists()
    assert waiting(boss).overdue == 0
    one.update(confirmed_on=timezone.localdate() - dt.timedelta(days=396))
    for _day in range(2):
        letters.tell_overdue_rights(timezone.now())
    outbox.deliver_due(timezone.now())
    assert [letter.to for letter in mail.outbox] == [[boss.email]]
    assert waiting(boss).overdue == 1
    # Nothing is cut off by itself.
    assert Holding.objects.not_over(timezone.localdate()).filter(pk=one.get().pk).exists()


def test_letters_that_wait_are_not_sent_to_a_closed_account(house):
    end_holding(house.holding(house.anu), valid_until=timezone.localdate())
    letters.tell_of_vacancies(timezone.now())
    close_account(house.lead.user)
    outbox.deliver_due(timezone.now())
    assert [letter.to[0] for letter in mail.outbox] == [house.coordinator.user.email]
