"""Grant, membership and holding are each asked: what is left over of one opens nothing alone."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.test import RequestFactory
from django.utils import timezone

from network.cases.models import CaseGrant
from network.cases.policies import CasePolicy
from network.meetings.models import Attendance, MeetingGrant
from network.meetings.policies import MeetingPolicy
from network.models import Holding, OrganisationGrant, RegionGrant, Seat
from network.policies import organisations_of, regions_of
from portal.access.guards import lead_to_sign_in
from portal.access.roles import Role
from tests.cases.factories import Net, join, open_case_of
from tests.factories import UserFactory
from tests.meetings.factories import Table, guest_at, planned_meeting
from tests.network.people import speaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return timezone.localdate()


def grant(model, code, user, row):
    """A grant that no membership calls for."""
    permission = Permission.objects.get(codename=code)
    return model.objects.create(user=user, permission=permission, content_object=row)


def test_a_case_wants_grant_membership_and_holding(day):
    here = Net()
    anu, tiit, teele = here.worker(), here.worker(Role.ADDITIONAL_SUPPORT), here.worker()
    case, other = open_case_of(anu), open_case_of(teele)
    join(case, tiit, by=anu)

    def sees(worker, which):
        return CasePolicy.allows(worker.user, "view", which, day)

    assert sees(tiit, case)
    # A grant alone, also of somebody who is on another team.
    grant(CaseGrant, "see_case", tiit.user, other)
    assert not sees(tiit, other)
    # A membership and a grant on another case.
    CaseGrant.objects.filter(user=tiit.user, content_object=case).delete()
    assert not sees(tiit, case)
    # A membership and a grant, but the position is somebody else's by now.
    CaseGrant.objects.filter(user=anu.user).exists()
    Holding.objects.filter(user=anu.user).delete()
    here.worker(user=anu.user)
    assert not sees(anu, case)


def test_a_region_wants_grant_and_seat_in_that_body_of_that_region(day):
    here, there = Net(), Net()
    member = here.seat(Seat.Body.NETWORK)

    def regions(*bodies):
        return set(regions_of(member.user, day, bodies or tuple(Seat.Body.values)))

    assert regions() == {here.region}
    assert regions(Seat.Body.STEERING) == set()
    grant(RegionGrant, "sit_in_region", member.user, there.region)
    assert regions() == {here.region}
    RegionGrant.objects.filter(user=member.user, content_object=here.region).delete()
    assert regions() == set()


def test_offers_want_grant_and_a_running_post_that_speaks(day):
    here = Net()
    partner, other = here.organisation(), here.organisation()
    keeper = speaker(partner)
    worker = here.worker(organisation=partner)
    assert set(organisations_of(keeper, day)) == {partner}
    for user, where in ((keeper, other), (worker.user, partner)):
        grant(OrganisationGrant, "edit_offers", user, where)
    assert set(organisations_of(keeper, day)) == {partner}
    assert set(organisations_of(worker.user, day)) == set()
    position = Holding.objects.get(user=keeper).position
    position.is_active = False
    position.save(update_fields=["is_active"])
    assert set(organisations_of(keeper, day)) == set()
    position.is_active = True
    position.save(update_fields=["is_active"])
    OrganisationGrant.objects.filter(user=keeper).delete()
    assert set(organisations_of(keeper, day)) == set()


def test_a_guest_wants_grant_and_invitation_to_that_meeting(day):
    table = Table()
    meeting, other = planned_meeting(table.steering), planned_meeting(table.steering)
    guest, listed = table.outsider, table.worker(Role.PARTNER)
    row = guest_at(meeting, guest)

    def sees(worker, which):
        return MeetingPolicy.allows(worker.user, "view", which, day)

    assert sees(guest, meeting)
    assert not sees(guest, other)
    grant(MeetingGrant, "attend_meeting", guest.user, other)
    assert not sees(guest, other)
    # Somebody who had a seat stands on the list as a member: the list is no invitation.
    Attendance.objects.create(meeting=meeting, position=listed.position)
    grant(MeetingGrant, "attend_meeting", listed.user, meeting)
    assert not sees(listed, meeting)
    MeetingGrant.objects.filter(user=guest.user, content_object=meeting).delete()
    assert row.is_guest
    assert not sees(guest, meeting)


def test_who_takes_the_minutes_writes_only_while_the_meeting_is_theirs_to_see(day):
    table = Table()
    outsider = table.outsider
    meeting = planned_meeting(table.steering, minutes_taker=outsider.position)
    assert not MeetingPolicy.allows(outsider.user, "write", meeting, day)
    guest_at(meeting, outsider)
    assert MeetingPolicy.allows(outsider.user, "write", meeting, day)
    other = planned_meeting(table.network, minutes_taker=table.partner.position)
    assert MeetingPolicy.allows(table.partner.user, "write", other, day)
    assert not MeetingPolicy.allows(table.partner.user, "write", meeting, day)


@pytest.mark.parametrize("is_active", [True, False])
def test_an_account_closed_in_the_middle_of_a_session_is_led_to_the_sign_in(is_active):
    """Django signs nobody in who is closed; the guard asks for itself all the same."""
    request = RequestFactory().get("/intranet/")
    request.user = UserFactory(is_active=is_active)
    assert (lead_to_sign_in(request) is None) == is_active
    request.user = AnonymousUser()
    assert lead_to_sign_in(request) is not None
