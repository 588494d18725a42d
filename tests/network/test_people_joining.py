"""An organisation joins a region by the steering group's word, and leaves: rights go with it."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from network.cases.models import CaseGrant, TeamMember
from network.cases.services.team import positions_to_invite
from network.models import JoinRequest, Organisation, RegionMembership, Seat
from network.services.joining import Joining, ask_to_join, decide_join, leave_region
from network.services.people import start_seat
from portal.access import grants
from portal.access.roles import Role
from portal.accounts.models import Invitation
from portal.audit.models import AccessEvent
from portal.base import outbox
from portal.base.models import OutboxItem
from tests.cases.factories import LONG_AGO, invite, join, open_case_of
from tests.factories import UserFactory
from tests.network.factories import OrganisationFactory
from tests.network.people_help import House, browser, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


def asked(client, house, **fields):
    sent = {"key": key(), "reason": "Ravi ja toetus samas majas."}
    return client.post(reverse("organisation_invite"), sent | fields)


def new_one(house, **fields):
    return {
        "name": "Uus Tugi OÜ",
        "kind": "provider",
        "municipality": house.net.municipality.slug,
        "lead_email": "juht@naidis.example",
    } | fields


def decided(client, request, do="approve", answer=""):
    return client.post(reverse("join_decide", args=[request.pk]), {"do": do, "answer": answer})


def test_the_coordinator_asks_the_steering_group_decides_and_the_lead_is_invited(house):
    assert asked(browser(house.coordinator.user), house, **new_one(house)).status_code == 302
    request = JoinRequest.objects.get()
    assert not Organisation.objects.filter(name="Uus Tugi OÜ").exists()
    outbox.deliver_due(timezone.now())
    assert [letter.to for letter in mail.outbox] == [[house.member.user.email]]
    page = browser(house.member.user).get(reverse("joining_list")).text
    assert "Uus Tugi OÜ" in page
    assert decided(browser(house.member.user), request).status_code == 302
    organisation = Organisation.objects.get(name="Uus Tugi OÜ")
    membership = RegionMembership.objects.get(organisation=organisation)
    assert (membership.region, membership.valid_from) == (house.net.region, timezone.localdate())
    assert not organisation.is_public
    invitation = Invitation.objects.get()
    assert invitation.user.email == "juht@naidis.example"
    assert invitation.user.holdings.get().position.role == Role.ORGANISATION_LEAD
    codes = set(AccessEvent.objects.values_list("actioncode", flat=True))
    assert {"organisation_invite", "join_decide", "worker_invite"} <= codes


def test_a_lead_asks_for_the_own_organisation_in_another_region(house):
    there = House()
    client = browser(house.lead.user)
    sent = {"region": str(there.net.region.pk), "organisation": str(house.organisation.pk)}
    assert asked(client, house, **sent).status_code == 302
    request = JoinRequest.objects.get()
    assert decided(browser(house.member.user), request).status_code == 404
    assert decided(browser(there.member.user), request).status_code == 302
    regions = house.organisation.region_memberships.values_list("region", flat=True)
    assert set(regions) == {house.net.region.pk, there.net.region.pk}


def test_whoever_asks_does_not_decide(house):
    start_seat(
        position=house.coordinator.position,
        region=house.net.region,
        body=Seat.Body.STEERING,
        valid_from=LONG_AGO,
    )
    client = browser(house.coordinator.user)
    asked(client, house, **new_one(house))
    request = JoinRequest.objects.get()
    page = client.get(reverse("join_decide", args=[request.pk]))
    assert not page.context["may_decide"]
    with pytest.raises(PermissionDenied):
        decide_join(request, approve=True, answer="", by=house.coordinator.user)
    assert (
        client.post(reverse("join_decide", args=[request.pk]), {"do": "take_back"}).status_code
        == 302
    )
    request.refresh_from_db()
    assert request.state == "taken_back"


def test_who_may_not_ask_and_for_what(house):
    other = House()
    assert browser(house.anu.user).get(reverse("organisation_invite")).status_code == 403
    for by, organisation, region in (
        (house.lead.user, other.organisation, house.net.region),
        (house.lead.user, None, other.net.region),
        (house.coordinator.user, house.organisation, other.net.region),
        (house.anu.user, house.organisation, other.net.region),
    ):
        with pytest.raises(PermissionDenied):
            ask_to_join(region, Joining(organisation=organisation), by=by, key=key())
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("name", ["", "uus tugi oü"])
def test_what_is_wrong_with_a_request_is_said(house, name):
    OrganisationFactory(name="Uus Tugi OÜ")
    answer = asked(browser(house.coordinator.user), house, **new_one(house, name=name))
    assert "name" in answer.context["form"].errors


def test_a_member_and_a_request_that_waits_are_not_asked_for_again(house):
    client, there = browser(house.coordinator.user), OrganisationFactory()
    for organisation, status in ((house.organisation, 200), (there, 302), (there, 200)):
        answer = asked(client, house, organisation=str(organisation.pk))
        assert answer.status_code == status


def test_a_no_needs_a_reason_and_is_decided_once(house):
    client = browser(house.member.user)
    asked(browser(house.coordinator.user), house, **new_one(house))
    request = JoinRequest.objects.get()
    assert "answer" in decided(client, request, "decline").context["form"].errors
    assert decided(client, request, "decline", "Leping puudub.").status_code == 302
    assert decided(client, request, "approve").status_code == 302
    request.refresh_from_db()
    assert (request.state, request.answer) == ("declined", "Leping puudub.")
    assert not Organisation.objects.filter(name="Uus Tugi OÜ").exists()
    assert OutboxItem.objects.filter(payload__letter="join_decided").count() == 1


def test_a_request_for_an_organisation_that_has_a_lead_invites_nobody(house):
    there = House()
    sent = {"organisation": str(there.organisation.pk), "lead_email": "juht@naidis.example"}
    asked(browser(house.coordinator.user), house, **sent)
    decided(browser(house.member.user), JoinRequest.objects.get())
    assert not Invitation.objects.exists()
    assert there.organisation.region_memberships.count() == 2


@pytest.fixture
def guests(house):
    """Another organisation of the region, with somebody on the team of a case and one asked."""
    other = House(house.net)
    case = open_case_of(house.anu)
    join(case, other.tiit, by=house.anu)
    invite(case, other.worker(Role.PARTNER), by=house.anu)
    other.case = case
    return other


def membership_of(house):
    return RegionMembership.objects.get(organisation=house.organisation)


def test_an_organisation_that_leaves_sees_no_case_on_the_next_request(house, guests):
    case = guests.case
    tab, lead = browser(guests.tiit.user), browser(guests.lead.user)
    address = reverse("case_detail", args=[case.pk])
    assert tab.get(address).status_code == lead.get(address).status_code == 200
    seat = start_seat(
        position=guests.tiit.position,
        region=house.net.region,
        body=Seat.Body.NETWORK,
        valid_from=LONG_AGO,
    )
    answer = browser(house.coordinator.user).post(
        reverse("membership_end", args=[membership_of(guests).pk]), {"key": key()}
    )
    assert answer.status_code == 302
    assert tab.get(address).status_code == lead.get(address).status_code == 404
    assert case.number not in tab.get(reverse("case_list")).text
    assert not CaseGrant.objects.filter(user=guests.tiit.user).exists()
    assert grants.differences() == []
    seat.refresh_from_db()
    assert seat.valid_until == timezone.localdate()
    assert not positions_to_invite(case, timezone.localdate()) or not any(
        one.organisation_id == guests.organisation.pk
        for one in positions_to_invite(case, timezone.localdate())
    )
    log = AccessEvent.objects.filter(actioncode="team_member_end")
    assert log.count() == 2
    assert {event.subjects.get().number for event in log} == {case.number}
    assert browser(house.anu.user).get(address).status_code == 200


def test_leaving_twice_by_the_same_form_is_leaving_once(house, guests):
    client, sent = browser(house.coordinator.user), {"key": key()}
    address = reverse("membership_end", args=[membership_of(guests).pk])
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert AccessEvent.objects.filter(actioncode="membership_end").count() == 1


def test_no_case_is_left_without_anybody_who_sees_all_of_it(house, guests):
    """Said without a number: whoever ends it sees no case."""
    client = browser(house.coordinator.user)
    address = reverse("membership_end", args=[membership_of(house).pk])
    page = client.post(address, {"key": key()})
    assert page.status_code == 200
    assert page.context["refusal"]
    assert guests.case.number not in page.text
    assert TeamMember.objects.accepted().filter(position=house.anu.position).exists()
    assert membership_of(house).valid_until is None
    join(guests.case, guests.anu, by=house.anu)
    assert client.post(address, {"key": key()}).status_code == 302
    assert (
        browser(house.anu.user).get(reverse("case_detail", args=[guests.case.pk])).status_code
        == 404
    )


def test_cases_of_another_region_stay(house, guests):
    there = House()
    RegionMembership.objects.create(
        region=there.net.region, organisation=guests.organisation, valid_from=LONG_AGO
    )
    case = open_case_of(there.anu)
    join(case, guests.tiit, by=there.anu)
    membership = RegionMembership.objects.get(
        organisation=guests.organisation, region=house.net.region
    )
    leave_region(membership, by=house.coordinator.user, key=key())
    tab = browser(guests.tiit.user)
    assert tab.get(reverse("case_detail", args=[case.pk])).status_code == 200
    assert tab.get(reverse("case_detail", args=[guests.case.pk])).status_code == 404


def test_who_ends_the_work_of_an_organisation(house, guests):
    there, pk = House(), membership_of(guests).pk
    address = reverse("membership_end", args=[pk])
    statuses = {
        "own lead": browser(guests.lead.user).get(address).status_code,
        "coordinator": browser(house.coordinator.user).get(address).status_code,
        "steering": browser(house.member.user).get(address).status_code,
        "other lead": browser(house.lead.user).get(address).status_code,
        "coordinator elsewhere": browser(there.coordinator.user).get(address).status_code,
        "worker": browser(guests.tiit.user).get(address).status_code,
        "stranger": browser(UserFactory()).get(address).status_code,
    }
    assert statuses == {
        "own lead": 200,
        "coordinator": 200,
        "steering": 403,
        "other lead": 404,
        "coordinator elsewhere": 404,
        "worker": 404,
        "stranger": 404,
    }
    with pytest.raises(PermissionDenied):
        leave_region(membership_of(guests), by=house.member.user, key=key())


def test_an_organisation_of_the_region_is_found_by_a_part_of_its_name(house):
    OrganisationFactory.create(name="Õnnela")
    named = house.net.organisation(name="ÜHISE ÕLA TUGI")
    page = browser(house.coordinator.user).get(reverse("joining_list"), {"q": "õla"})
    assert [one.organisation for one in page.context["page"]] == [named]
    sheet = browser(house.coordinator.user).get(
        reverse("joining_list"), {"q": "õla", "format": "csv"}
    )
    assert sheet["Content-Type"] == "text/csv; charset=utf-8"
    assert named.name in sheet.text
    assert house.organisation.name not in sheet.text


def test_a_new_organisation_needs_its_facts(house):
    with pytest.raises(ValidationError):
        ask_to_join(house.net.region, Joining(), by=house.coordinator.user, key=key())
