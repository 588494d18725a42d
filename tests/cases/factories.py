"""Cases and whoever works on them, built through the services as in the running portal.

    here = Net()                                   # a region, one municipality in it
    anu = here.worker(Role.BASE_SUPPORT)           # a user holding a position in an organisation
    case = open_case_of(anu)                       # anu's team, here's municipality
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)                       # invited and accepted
    write_note(case, by=tiit, text="…")

Two of everything: make a second `Net()` for the other region. Periods begin long ago, so a test
may travel to any day since.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from network.cases.models import Case, CaseNote, TeamMember
from network.cases.services.notes import NoteText, add_case_note
from network.cases.services.opening import Noticing, open_case
from network.cases.services.team import answer_invitation, invite_team_member
from network.models import (
    Municipality,
    Organisation,
    Position,
    Region,
    RegionMembership,
    RegionMunicipality,
    Seat,
)
from network.services.people import start_holding, start_seat
from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.accounts.models import User
from tests.factories import UserFactory
from tests.network.factories import MunicipalityFactory, OrganisationFactory

LONG_AGO = dt.date(2020, 1, 1)
# A valid code of nobody: the test code of the state's sign-in (domain.md 8).
PERSONAL_CODE = "60001019906"


class RegionFactory(DjangoModelFactory):
    slug = factory.Sequence(lambda n: f"piirkond-{n}")
    name = factory.Sequence(lambda n: f"Piirkond {n}")

    class Meta:
        model = Region


class PositionFactory(DjangoModelFactory):
    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Ametikoht {n}")
    role = Role.BASE_SUPPORT

    class Meta:
        model = Position


@dataclass(frozen=True)
class Worker:
    """Somebody at work: the user and the position it was made with."""

    user: User
    position: Position

    @property
    def organisation(self) -> Organisation:
        return self.position.organisation


class Net:
    """A region with one municipality; everybody made here works in that region."""

    def __init__(self) -> None:
        self.region: Region = RegionFactory()
        self.municipality: Municipality = self.another_municipality()

    def another_municipality(self, **fields: Any) -> Municipality:
        municipality = MunicipalityFactory(**fields)
        RegionMunicipality.objects.create(
            region=self.region, municipality=municipality, valid_from=LONG_AGO
        )
        return municipality

    def organisation(self, **fields: Any) -> Organisation:
        """An organisation that is in the network of this region."""
        organisation = OrganisationFactory(**{"municipality": self.municipality} | fields)
        RegionMembership.objects.create(
            region=self.region, organisation=organisation, valid_from=LONG_AGO
        )
        return organisation

    def worker(
        self,
        role: str = Role.BASE_SUPPORT,
        *,
        organisation: Organisation | None = None,
        user: User | None = None,
        valid_from: dt.date = LONG_AGO,
        valid_until: dt.date | None = None,
        **fields: Any,
    ) -> Worker:
        """A user who holds a new position; `fields` are those of the position."""
        position = PositionFactory(
            organisation=organisation or self.organisation(), role=role, **fields
        )
        user = user or UserFactory()
        start_holding(position=position, user=user, valid_from=valid_from, valid_until=valid_until)
        return Worker(user, position)

    def seat(self, body: str = Seat.Body.STEERING, **fields: Any) -> Worker:
        """Somebody with a seat in the region: opens no case by it."""
        role = Role.STEERING if body == Seat.Body.STEERING else Role.COORDINATOR
        worker = self.worker(role, **fields)
        start_seat(position=worker.position, region=self.region, body=body, valid_from=LONG_AGO)
        return worker


def auditor() -> User:
    user = UserFactory()
    PortalRole.objects.create(user=user, role=Role.AUDITOR, valid_from=LONG_AGO)
    return user


def noticing(municipality: Municipality, **fields: Any) -> Noticing:
    """What a worker noticed about an invented person."""
    values = {
        "first_name": "Mall",
        "last_name": "Näidis",
        "municipality": municipality,
        "noticed_on": timezone.localdate(),
        "noticed_how": Case.Noticed.WORKER,
        "phone": "5550 1234",
        "text": "Ei ole nädal aega uksest väljas käinud.",
    }
    return Noticing(**values | fields)


def open_case_of(worker: Worker, *, key: uuid.UUID | None = None, **fields: Any) -> Case:
    """A case with `worker` on its team, where the worker's organisation is."""
    municipality = fields.pop("municipality", worker.organisation.municipality)
    return open_case(
        noticing(municipality, **fields),
        position=worker.position,
        by=worker.user,
        key=key or uuid.uuid4(),
    )


def invite(case: Case, worker: Worker, *, by: Worker, **fields: Any) -> TeamMember:
    """Ask `worker` to join, in the usual role of the position; not answered yet."""
    values: dict[str, Any] = {"role": worker.position.role, "key": uuid.uuid4()}
    if fields.get("role", values["role"]) == Role.PARTNER:
        values["valid_until"] = timezone.localdate() + dt.timedelta(days=90)
    return invite_team_member(case, position=worker.position, by=by.user, **values | fields)


def join(case: Case, worker: Worker, *, by: Worker, **fields: Any) -> TeamMember:
    """Ask `worker` to join, and let them accept."""
    return answer_invitation(invite(case, worker, by=by, **fields), accept=True, by=worker.user)


def write_note(case: Case, *, by: Worker, key: uuid.UUID | None = None, **fields: Any) -> CaseNote:
    """A note of five minutes ago."""
    values = {
        "kind": CaseNote.Kind.VISIT,
        "happened_at": timezone.now() - dt.timedelta(minutes=5),
        "minutes": 45,
        "text": "Hommikud on rasked. Rääkisime perearstist.",
    }
    return add_case_note(case, NoteText(**values | fields), by=by.user, key=key or uuid.uuid4())
