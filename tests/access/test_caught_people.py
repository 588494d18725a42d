"""Policies of people and of joining by themselves: behind them the services refuse once more."""

import uuid

import pytest
from django.utils import timezone

from network.models import JoinRequest, Seat
from network.policies import AccountPolicy, JoinPolicy
from network.services.joining import Joining, ask_to_join, decide_join
from portal.access.models import PortalRole
from portal.access.roles import Role
from tests.cases.factories import LONG_AGO
from tests.network.factories import OrganisationFactory
from tests.network.people_help import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return House()


@pytest.fixture
def day():
    return timezone.localdate()


def test_a_lead_closes_no_account_on_which_more_hangs_than_the_own_house(house, day):
    def closes(user):
        return AccountPolicy.allows(house.lead.user, "close", user, day)

    assert closes(house.anu.user)
    assert closes(house.tiit.user)
    house.worker(Role.COORDINATOR, user=house.anu.user)
    assert not closes(house.anu.user)
    PortalRole.objects.create(user=house.tiit.user, role=Role.AUDITOR, valid_from=LONG_AGO)
    assert not closes(house.tiit.user)


def test_the_steering_group_alone_decides_a_request_and_once(house, day):
    newcomer = OrganisationFactory(municipality=house.net.municipality)
    waiting = ask_to_join(
        house.net.region,
        Joining(organisation=newcomer, reason="Samas majas."),
        by=house.coordinator.user,
        key=uuid.uuid4(),
    )
    other = house.net.seat(Seat.Body.COORDINATOR)

    def decides(worker, request=waiting):
        return JoinPolicy.allows(worker.user, "decide", request, day)

    assert decides(house.member)
    assert not decides(other)
    decide_join(waiting, approve=False, answer="Veel mitte.", by=house.member.user)
    assert JoinRequest.objects.get().state != JoinRequest.State.WAITING
    assert not decides(house.member, JoinRequest.objects.get())
