"""A small world with two of everything: the people of the permission matrix and what they ask for.

Cases stand here; what the regions share (resources, gaps, meetings) in `tests/world_region.py`.

Made through the services on BEGAN, asked on NOW. `world.people` are the personas by name,
`world.ids[kind]` the ids of each kind of object. The sixteen kinds of people whose rights are to be
proved are among them under these names:

    anonymous                   nobody
    editor, publisher           editor, publisher
    team member                 base (leads the case), additional
    same organisation           colleague
    lead of an organisation     lead
    partner, limited fields     partner (name and phone ticked), bare_partner (nothing ticked)
    partner not on the team     guest, responsible
    other region                other_region
    steering group              steering (with coordinator), steering_elsewhere
    auditor, administrator      auditor, administrator
    disabled former member      disabled
    removed a second ago        removed_now (in the second in which everybody asks, tab open)
    without second factor       no_factor (on the team, and sees nothing before there is one)

The others (stranger, invited, former_member, former_holder, the keepers of offers, the seats) are
kinds that the sixteen do not tell apart.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import time_machine
from django.core.files.base import ContentFile
from django.utils.text import slugify

from network.cases.models import BreakGlass, Case, CaseLink, CaseNote, CaseNoteFile, TeamMember
from network.cases.services.links import add_case_link
from network.cases.services.team import end_membership
from network.models import Holding
from network.services.people import close_account, end_holding
from portal.access.cms_groups import ensure_cms_groups
from portal.access.roles import Role
from portal.access.services import start_role
from portal.accounts.models import User
from portal.base import outbox
from portal.base.uploads import CleanFile
from portal.privacy.models import LegalHold, RetentionClass
from tests.cases.factories import (
    LONG_AGO,
    PERSONAL_CODE,
    Worker,
    auditor,
    invite,
    join,
    open_case_of,
    write_note,
)
from tests.factories import UserFactory
from tests.meetings.factories import Table
from tests.world_region import MINE, OTHER_REGION, SAME_REGION, add_region

BEGAN = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
TODAY = NOW.date()
LAST_WEEK = NOW - dt.timedelta(days=7)

UNKNOWN = "unknown"
KINDS = (MINE, SAME_REGION, OTHER_REGION, UNKNOWN)
NO_SUCH_NUMBER = 999_999_999

# Each of these stands in one text only, so that a leak says where it came from.
CANARIES = {
    "first_name": "Kanaarieesnimi",
    "last_name": "Kanaariperenimi",
    "personal_code": PERSONAL_CODE,
    "phone": "5990 7131",
    "email": "kanaari.kirjakast@naidis.example",
    "address": "Kanaaritalu, Linnulaane küla",
    "text": "Kanaarimärkamine: ei ole uksest väljas käinud.",
}
TASK = "Kanaariülesanne hommikuti"
NOTE = "Kanaarimärge: räägib perearstiga."
PLACE = "Kanaarikoht köögis"
WITH_WHOM = "Kanaariema"
FILE_NAME = "Kanaarifail.txt"
FILE_TEXT = "Kanaarisisu: uni kaob."
ALL_CANARIES = (*CANARIES.values(), TASK, NOTE, PLACE, WITH_WHOM, FILE_NAME, FILE_TEXT)


@dataclass
class World:
    """Personas by name; by kind the ids of whatever stands in an address."""

    people: dict[str, User | None]
    ids: dict[str, dict[str, Any]]
    case: Case
    base: Worker
    additional: Worker
    here: Table
    there: Table

    def member(self, name: str) -> TeamMember:
        """The membership through which the persona `name` is on the team of `case`."""
        user = self.people[name]
        return TeamMember.objects.get(case=self.case, position__holdings__user=user)


def make_world(open_tabs: Callable[[World], None] | None = None) -> World:
    """Build it; the clock stands at NOW for whoever asks afterwards (use `time_machine`).

    `open_tabs` is called just before the last ones are taken off, with their pages still open.
    """
    with time_machine.travel(BEGAN, tick=False):
        world = _begin()
    with time_machine.travel(LAST_WEEK, tick=False):
        outbox.deliver_due(LAST_WEEK)
        end_membership(world.member("former_member"), by=world.base.user)
    with time_machine.travel(NOW, tick=False):
        if open_tabs:
            open_tabs(world)
        _go_on(world)
        _add_region(world)
    return world


def _add_region(world: World) -> None:
    people, ids = add_region(world.here, world.there, case=world.case, worker=world.base)
    world.people |= people
    for kind, more in ids.items():
        world.ids[kind] |= more
    world.ids[UNKNOWN] = {
        name: NO_SUCH_NUMBER if isinstance(value, int) else uuid.uuid4()
        for name, value in world.ids[MINE].items()
    }


def _begin() -> World:
    here, there = Table(), Table()
    base = here.worker(Role.BASE_SUPPORT)
    case = open_case_of(base, **CANARIES)
    team = {
        "additional": here.worker(Role.ADDITIONAL_SUPPORT),
        "partner": here.worker(Role.PARTNER),
        "bare_partner": here.worker(Role.PARTNER),
        "former_member": here.worker(Role.ADDITIONAL_SUPPORT),
        "former_holder": here.worker(Role.BASE_SUPPORT),
        "disabled": here.worker(Role.CASE_MANAGER),
        "removed_now": here.worker(Role.BASE_SUPPORT),
        "no_factor": here.worker(Role.BASE_SUPPORT),
    }
    ticks = list(TeamMember.Part.values)
    for name, worker in team.items():
        join(case, worker, by=base, task=TASK, parts=ticks if name == "partner" else [])
    invited = here.worker(Role.ADDITIONAL_SUPPORT)
    invitation = invite(case, invited, by=base, task=TASK)
    note, file = _note_of(base, case)

    kinds = {MINE: _ids(case, invitation, note, file)}
    kinds[MINE]["look_id"] = _look_into(case, here.worker(Role.BASE_SUPPORT)).pk
    kinds[MINE]["link_id"] = _link_to(case, base).pk
    other = there.worker(Role.BASE_SUPPORT)
    for kind, net, worker in (
        (SAME_REGION, here, here.worker(Role.BASE_SUPPORT)),
        (OTHER_REGION, there, other),
    ):
        theirs = open_case_of(worker, first_name="Teine", last_name="Inimene")
        join(theirs, net.worker(Role.ADDITIONAL_SUPPORT), by=worker)
        asked = invite(theirs, net.worker(Role.ADDITIONAL_SUPPORT), by=worker)
        kinds[kind] = _ids(theirs, asked, *_note_of(worker, theirs, text="Käis arstil."))
        kinds[kind]["look_id"] = _look_into(theirs, net.worker(Role.BASE_SUPPORT)).pk
        kinds[kind]["link_id"] = _link_to(theirs, worker).pk
    for kind, ids in kinds.items():
        ids |= _kept(Case.objects.get(pk=ids["case_id"]), kind)

    people: dict[str, User | None] = {
        "nobody": None,
        "stranger": UserFactory(),
        "editor": _editor("editors"),
        "publisher": _editor("publishers"),
        "administrator": _administrator(),
        "auditor": auditor(),
        "steering": here.member.user,
        "coordinator": here.coordinator.user,
        "base": base.user,
        **{name: worker.user for name, worker in team.items()},
        "invited": invited.user,
        "colleague": here.worker(Role.BASE_SUPPORT, organisation=base.organisation).user,
        "lead": here.worker(Role.ORGANISATION_LEAD, organisation=base.organisation).user,
        "other_region": other.user,
    }
    return World(people, kinds, case, base, team["additional"], here, there)


def _note_of(worker: Worker, case: Case, text: str = "") -> tuple[CaseNote, CaseNoteFile]:
    """A note with a file: the canaries, or `text` in their place."""
    name, content = ("teine.txt", text) if text else (FILE_NAME, FILE_TEXT)
    file = CleanFile(name, ContentFile(content.encode()), "text/plain; charset=utf-8")
    more = {"text": text} if text else {"text": NOTE, "place": PLACE, "with_whom": WITH_WHOM}
    note = write_note(case, by=worker, files=[file], **more)
    return note, CaseNoteFile.objects.get(note=note)


def _look_into(case: Case, worker: Worker) -> BreakGlass:
    """An emergency look that was over long before anybody asks."""
    return BreakGlass.objects.create(
        case=case,
        user=worker.user,
        position=worker.position,
        reason="Uks oli lahti ja keegi ei vastanud, telefon oli toas.",
        started_at=BEGAN,
        ends_at=BEGAN + dt.timedelta(hours=1),
    )


def _link_to(case: Case, worker: Worker) -> CaseLink:
    """A one-time link for the person, waiting for weeks."""
    return add_case_link(case, language="et", days=30, by=worker.user, key=uuid.uuid4())


def _kept(case: Case, kind: str) -> dict[str, Any]:
    """A term of keeping, and a hold on the case."""
    term = RetentionClass.objects.create(
        code=slugify(kind), title=f"Juhtumid, {kind}", applies_to="cases.case", begins="suletud"
    )
    hold = LegalHold.objects.create(
        kind=LegalHold.Kind.CASE,
        subject_id=case.pk,
        number=case.number,
        reason="Kohtuasi 2-26-1",
        valid_from=BEGAN.date(),
    )
    return {"class_id": term.pk, "hold_id": hold.pk}


def _ids(case: Case, member: TeamMember, note: CaseNote, file: CaseNoteFile) -> dict[str, Any]:
    return {"case_id": case.pk, "member_id": member.pk, "note_id": note.pk, "file_id": file.pk}


def _editor(group: str) -> User:
    user = UserFactory()
    start_role(user, Role.CONTENT_EDITOR, valid_from=LONG_AGO)
    user.groups.set([ensure_cms_groups()[group]])
    return user


def _administrator() -> User:
    user = UserFactory(is_superuser=True, is_staff=True)
    start_role(user, Role.ADMINISTRATOR, valid_from=LONG_AGO)
    return user


def _go_on(world: World) -> None:
    """What ends at this very moment: a membership, a holding, an account."""
    outbox.deliver_due(NOW)
    end_membership(world.member("removed_now"), by=world.base.user)
    for holding in Holding.objects.filter(user=world.people["former_holder"]):
        end_holding(holding, valid_until=TODAY)
    account = world.people["disabled"]
    assert account is not None
    close_account(account)
