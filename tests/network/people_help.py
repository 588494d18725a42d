"""Who looks after whom: a lead, a coordinator, an administrator; and forms as a browser sends them.

house = House()                    # an organisation of a region: lead, worker, a spare colleague
house.browser(house.lead)          # signed in
"""

import datetime as dt
import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from network.models import Holding, Position, Seat
from portal.access.roles import Role
from portal.access.services import start_role
from portal.accounts.models import User
from tests.cases.factories import LONG_AGO, Net, Worker
from tests.factories import UserFactory


class House:
    """An organisation with its lead, a worker and a colleague; and who looks after the region."""

    def __init__(self, net: Net | None = None) -> None:
        self.net = net or Net()
        self.organisation = self.net.organisation()
        self.lead = self.worker(Role.ORGANISATION_LEAD)
        self.anu = self.worker(Role.BASE_SUPPORT)
        self.tiit = self.worker(Role.ADDITIONAL_SUPPORT)
        self.coordinator = self.net.seat(Seat.Body.COORDINATOR)
        self.member = self.net.seat(Seat.Body.STEERING)

    def worker(self, role: str, **fields: Any) -> Worker:
        return self.net.worker(role, organisation=self.organisation, **fields)

    def holding(self, worker: Worker) -> Holding:
        return Holding.objects.get(user=worker.user, position=worker.position)

    def empty_post(self, role: str = Role.BASE_SUPPORT) -> Position:
        return Position.objects.create(
            organisation=self.organisation, title=f"Tühi koht {uuid.uuid4().hex[:6]}", role=role
        )


def administrator() -> User:
    user = UserFactory()
    start_role(user, Role.ADMINISTRATOR, valid_from=LONG_AGO)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def after(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def key() -> str:
    return str(uuid.uuid4())
