"""Handing over, standing in, ending, leaving: rights follow the post."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from network.cases.models import CaseGrant
from network.models import Holding, Position, Seat
from network.services.people import Who, start_seat
from network.services.positions import hand_over, let_leave, sign_of, stand_in, stop_holding
from portal.access import grants
from portal.access.roles import Role
from portal.accounts.models import Invitation, User
from portal.audit.models import AccessEvent
from portal.base.models import OutboxItem
from portal.base.versions import VersionConflict
from tests.cases.factories import LONG_AGO, open_case_of
from tests.factories import UserFactory
from tests.network.people_help import House, administrator, after, browser, key, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


def sees(user, case):
    return browser(user).get(reverse("case_detail", args=[case.pk])).status_code == 200


def handed(house, client, position, **fields):
    values = {
        "key": key(),
        "version": str(Position.objects.get(pk=position.pk).version),
        "first_day": typed(after(0)),
        "last_day": typed(after(7)),
    }
    return client.post(reverse("handover", args=[position.pk]), values | fields)


def test_both_see_the_cases_while_the_handover_overlaps_and_then_the_next_alone(house):
    case = open_case_of(house.anu)
    mari = house.worker(Role.PARTNER).user
    answer = handed(house, browser(house.lead.user), house.anu.position, person=str(mari.pk))
    assert answer["Location"] == reverse("position_detail", args=[house.anu.position.pk])
    assert sees(house.anu.user, case)
    assert sees(mari, case)
    with time_machine.travel(after(7), tick=True):
        assert sees(house.anu.user, case)
        assert sees(mari, case)
    with time_machine.travel(after(8), tick=True):
        assert not sees(house.anu.user, case)
        assert sees(mari, case)
    assert grants.differences() == []


def test_the_next_holder_sees_nothing_before_their_first_day(house):
    case = open_case_of(house.anu)
    mari = house.worker(Role.PARTNER).user
    client = browser(house.lead.user)
    handed(
        house,
        client,
        house.anu.position,
        person=str(mari.pk),
        first_day=typed(after(3)),
        last_day=typed(after(5)),
    )
    assert not sees(mari, case)
    page = client.get(reverse("position_detail", args=[house.anu.position.pk])).text
    assert str(mari) in page
    with time_machine.travel(after(3), tick=True):
        assert sees(mari, case)


def test_the_same_form_twice_hands_over_once(house):
    mari = house.worker(Role.PARTNER).user
    client, sent = browser(house.lead.user), {"key": key(), "version": "1"}
    for _ in range(2):
        answer = handed(house, client, house.anu.position, person=str(mari.pk), **sent)
        assert answer.status_code == 302
    assert Holding.objects.filter(position=house.anu.position, user=mari).count() == 1
    assert AccessEvent.objects.filter(actioncode="handover").count() == 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"first_day": typed(after(-1))}, "first_day"),
        ({"first_day": typed(after(400))}, "first_day"),
        ({"first_day": "homme"}, "first_day"),
        ({"last_day": ""}, "last_day"),
        ({"first_day": typed(after(9)), "last_day": typed(after(7))}, "last_day"),
        ({"last_day": typed(after(500))}, "last_day"),
        ({"person": ""}, "email"),
        ({"email": "teine@naidis.example"}, "email"),
        ({"person": "", "email": "see pole aadress"}, "email"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(house, fields, name):
    mari = house.worker(Role.PARTNER).user
    before = Holding.objects.count()
    answer = handed(
        house, browser(house.lead.user), house.anu.position, **{"person": str(mari.pk)} | fields
    )
    assert answer.status_code == 200
    assert name in answer.context["form"].errors
    assert Holding.objects.count() == before


def test_whoever_arranges_something_else_meanwhile_is_not_overwritten(house):
    mari, teele = house.worker(Role.PARTNER).user, house.worker(Role.PARTNER).user
    client, version = browser(house.lead.user), str(house.anu.position.version)
    handed(house, client, house.anu.position, person=str(mari.pk))
    answer = handed(house, client, house.anu.position, person=str(teele.pk), version=version)
    assert answer.status_code == 409
    assert str(mari) in answer.text
    assert answer.context["form"]["person"].value() == str(teele.pk)
    assert not Holding.objects.filter(user=teele, position=house.anu.position).exists()


def test_a_stand_in_sees_the_cases_until_the_last_day_and_no_longer(house):
    case = open_case_of(house.anu)
    mari = house.worker(Role.PARTNER).user
    answer = browser(house.lead.user).post(
        reverse("position_stand_in", args=[house.anu.position.pk]),
        {
            "key": key(),
            "version": "1",
            "person": str(mari.pk),
            "first_day": typed(after(0)),
            "last_day": typed(after(3)),
        },
    )
    assert answer.status_code == 302
    for days, wanted in ((0, True), (3, True), (4, False)):
        with time_machine.travel(after(days), tick=True):
            assert sees(mari, case) is wanted
            assert sees(house.anu.user, case)


def test_a_stand_in_without_an_end_is_refused(house):
    mari = house.worker(Role.PARTNER).user
    sent = {"key": key(), "version": "1", "person": str(mari.pk), "first_day": typed(after(0))}
    answer = browser(house.lead.user).post(
        reverse("position_stand_in", args=[house.anu.position.pk]), sent
    )
    assert "last_day" in answer.context["form"].errors
    with pytest.raises(ValidationError):
        stand_in(
            house.anu.position,
            Who(user=mari),
            first_day=after(0),
            last_day=after(500),
            version=1,
            by=house.lead.user,
            key=key(),
        )


def test_nobody_gives_a_position_to_themselves(house):
    boss = administrator()
    for by in (house.lead.user, boss):
        with pytest.raises(ValidationError):
            hand_over(
                house.anu.position,
                Who(email=by.email.upper()),
                first_day=after(0),
                last_day=after(0),
                version=1,
                by=by,
                key=key(),
            )
    assert not Holding.objects.filter(user=boss).exists()
    assert str(house.lead.user.pk) not in str(
        browser(house.lead.user)
        .get(reverse("handover", args=[house.anu.position.pk]))
        .context["form"]["person"]
        .field.choices
    )


def test_a_lead_gives_no_post_that_reaches_beyond_the_organisation(house):
    seated = house.worker(Role.ADDITIONAL_SUPPORT)
    start_seat(
        position=seated.position,
        region=house.net.region,
        body=Seat.Body.STEERING,
        valid_from=LONG_AGO,
    )
    posts = [house.empty_post(Role.COORDINATOR), house.empty_post(Role.STEERING), seated.position]
    client = browser(house.lead.user)
    for position in posts:
        assert client.get(reverse("handover", args=[position.pk])).status_code == 403
        assert handed(house, client, position, email="a@naidis.example").status_code == 403
    assert not User.objects.filter(email="a@naidis.example").exists()


def test_the_lead_hands_over_the_own_post_with_its_seat(house):
    start_seat(
        position=house.lead.position,
        region=house.net.region,
        body=Seat.Body.STEERING,
        valid_from=LONG_AGO,
    )
    answer = handed(
        house, browser(house.lead.user), house.lead.position, person=str(house.anu.user.pk)
    )
    assert answer.status_code == 302


def test_the_coordinator_lets_in_whoever_leads_an_organisation_and_nobody_onto_cases(house):
    client = browser(house.coordinator.user)
    for worker, status in ((house.lead, 302), (house.anu, 403), (house.tiit, 403)):
        answer = handed(house, client, worker.position, email="uus@naidis.example")
        assert answer.status_code == status
    assert (
        handed(house, client, house.coordinator.position, email="x@naidis.example").status_code
        == 403
    )


def test_a_post_that_brings_the_seat_of_a_coordinator_is_not_given_by_a_coordinator(house):
    client = browser(house.coordinator.user)
    start_seat(
        position=house.lead.position,
        region=house.net.region,
        body=Seat.Body.COORDINATOR,
        valid_from=LONG_AGO,
    )
    answer = handed(house, client, house.lead.position, email="uus@naidis.example")
    assert answer.status_code == 403
    boss = browser(administrator())
    answer = handed(house, boss, house.lead.position, email="uus@naidis.example")
    assert answer.status_code == 302


def test_an_end_works_on_the_next_request_of_an_open_tab(house):
    case = open_case_of(house.anu)
    tab = browser(house.anu.user)
    address = reverse("case_detail", args=[case.pk])
    assert tab.get(address).status_code == 200
    answer = browser(house.lead.user).post(
        reverse("holding_end", args=[house.holding(house.anu).pk]),
        {"key": key(), "version": "1", "when": "now"},
    )
    assert answer.status_code == 302
    assert tab.get(address).status_code == 404
    assert not CaseGrant.objects.filter(user=house.anu.user).exists()


def test_an_end_that_was_set_is_not_put_off(house):
    """Whoever holds it would prolong it for themselves."""
    holding = house.holding(house.anu)
    for days, is_refused in ((5, False), (9, True), (3, False)):
        position = Position.objects.get(pk=house.anu.position.pk)
        holding = Holding.objects.get(pk=holding.pk)
        sent = {
            "last_day": after(days),
            "version": position.version,
            "by": house.lead.user,
            "key": key(),
        }
        if is_refused:
            with pytest.raises(ValidationError):
                stop_holding(holding, **sent)
        else:
            stop_holding(holding, **sent)
    assert Holding.objects.get(pk=holding.pk).last_day == after(3)


def leave(house, by, user, **fields):
    client = browser(by)
    page = client.get(reverse("leaving", args=[user.pk]))
    sent = {
        "key": key(),
        "sign": page.context["form"]["sign"].value(),
        "when": "day",
        "last_day": typed(after(2)),
    }
    return client.post(reverse("leaving", args=[user.pk]), sent | fields)


def test_what_a_leaving_person_leaves_behind_is_shown_before(house):
    open_case_of(house.anu)
    page = browser(house.lead.user).get(reverse("leaving", args=[house.anu.user.pk]))
    part = page.context["parts"][0]
    assert part["position"] == house.anu.position
    assert len(part["duties"]) == 2
    for words in part["duties"]:
        assert words[1:] in page.text


def test_whoever_sees_no_case_is_told_nothing_of_cases(house):
    open_case_of(house.anu)
    page = browser(administrator()).get(reverse("leaving", args=[house.anu.user.pk]))
    assert page.context["parts"][0]["duties"] == []


def test_one_click_ends_everything_and_the_successor_goes_on_the_day_after(house):
    case = open_case_of(house.anu)
    second = house.worker(Role.ADDITIONAL_SUPPORT, user=house.anu.user)
    field = f"person_{house.anu.position.pk.hex}"
    answer = leave(house, house.lead.user, house.anu.user, **{field: str(house.tiit.user.pk)})
    assert answer.status_code == 302
    assert sees(house.anu.user, case)
    assert not sees(house.tiit.user, case)
    with time_machine.travel(after(3), tick=True):
        assert not sees(house.anu.user, case)
        assert sees(house.tiit.user, case)
    assert Holding.objects.get(position=second.position).last_day == after(2)
    house.anu.user.refresh_from_db()
    assert house.anu.user.is_active


def test_at_once_closes_the_account_as_well(house):
    answer = leave(house, house.lead.user, house.anu.user, when="now")
    assert answer.status_code == 302
    house.anu.user.refresh_from_db()
    assert not house.anu.user.is_active
    assert not Holding.objects.not_over(timezone.localdate()).filter(user=house.anu.user).exists()


def test_the_account_stays_where_other_rights_hang_on_it(house):
    elsewhere = House(house.net)
    elsewhere.net.worker(
        Role.ADDITIONAL_SUPPORT, organisation=elsewhere.organisation, user=house.anu.user
    )
    assert leave(house, house.lead.user, house.anu.user, when="now").status_code == 302
    house.anu.user.refresh_from_db()
    assert house.anu.user.is_active
    left = Holding.objects.not_over(timezone.localdate()).get(user=house.anu.user)
    assert left.position.organisation == elsewhere.organisation


def test_a_page_of_leaving_that_is_too_old_overwrites_nothing(house):
    sent = {"last_day": after(2), "successors": {}, "by": house.lead.user}
    old = sign_of([house.anu.position])
    let_leave(house.anu.user, sign=old, key=key(), **sent)
    with pytest.raises(VersionConflict):
        let_leave(house.anu.user, sign=old, key=key(), **sent)
    answer = leave(house, house.lead.user, house.anu.user, sign=old)
    assert answer.status_code == 409


def test_a_wrong_successor_stands_beside_the_own_field_of_the_position(house):
    field = f"email_{house.anu.position.pk.hex}"
    answer = leave(house, house.lead.user, house.anu.user, **{field: house.lead.user.email})
    assert field in answer.context["form"].errors
    assert Holding.objects.get(user=house.anu.user).valid_until is None


def test_nobody_sees_themselves_off_and_no_lead_the_people_of_others(house):
    other = House()
    for user in (house.lead.user, other.anu.user, UserFactory()):
        assert browser(house.lead.user).get(reverse("leaving", args=[user.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        let_leave(
            other.anu.user,
            last_day=None,
            successors={},
            sign="",
            by=house.lead.user,
            key=key(),
        )


def test_an_address_that_is_known_answers_like_one_that_is_not(house):
    """Foreign equals unknown: page, list and letter do not tell who has an account."""
    stranger = UserFactory()
    client = browser(house.lead.user)
    pages = []
    for address in (stranger.email, "tundmatu@naidis.example"):
        position = house.empty_post()
        answer = client.post(
            reverse("worker_invite"),
            {"key": key(), "position": str(position.pk), "email": address},
            follow=True,
        )
        for words in (address, position.title, str(position.pk)):
            answer_text = answer.text.replace(words, "…")
            answer._content = answer_text.encode()
        again = client.post(
            reverse("worker_invite"),
            {"key": key(), "position": str(position.pk), "email": address},
        )
        pages.append((answer.status_code, len(answer.text.split()), again.status_code))
        assert str(stranger) not in answer.text
        assert str(stranger) not in client.get(reverse("people_list")).text
        assert stranger.last_name not in client.get(reverse("people_export")).text
    assert pages[0] == pages[1]
    assert OutboxItem.objects.count() == 4


def test_an_invitation_is_sent_again_and_taken_back(house):
    position = house.empty_post()
    client = browser(house.lead.user)
    client.post(
        reverse("worker_invite"),
        {"key": key(), "position": str(position.pk), "email": "uus@naidis.example"},
    )
    holding = Holding.objects.get(position=position)
    assert "uus@naidis.example" in client.get(reverse("people_list")).text
    client.post(reverse("invitation_resend", args=[holding.pk]), {"key": key()})
    assert Invitation.objects.filter(cancelled_at__isnull=True).count() == 1
    assert Invitation.objects.count() == 2
    sent = {"key": key()}
    for _ in range(2):
        answer = client.post(reverse("invitation_cancel", args=[holding.pk]), sent)
        assert answer.status_code == 302
    assert not Invitation.objects.filter(cancelled_at__isnull=True).exists()
    assert not Holding.objects.filter(position=position).exists()
    assert "uus@naidis.example" not in client.get(reverse("people_list")).text


def test_taking_one_invitation_back_leaves_that_of_another_organisation(house):
    other = House()
    for one in (house, other):
        browser(one.lead.user).post(
            reverse("worker_invite"),
            {
                "key": key(),
                "position": str(one.empty_post().pk),
                "email": "uus@naidis.example",
            },
        )
    mine = Holding.objects.get(
        user__email="uus@naidis.example", position__organisation=house.organisation
    )
    browser(house.lead.user).post(reverse("invitation_cancel", args=[mine.pk]), {"key": key()})
    assert Invitation.objects.filter(cancelled_at__isnull=True).count() == 1
