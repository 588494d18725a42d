"""Every service asks who is there, whatever its view has asked before (rules.md, 9).

Found by itself: all functions of the services that take `by`. A stranger calls each of them with
what it acts on; nothing may happen. A service that asks in another way stands in ELSEWHERE.
"""

import datetime as dt
import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction

import network.cases.services
import network.meetings.services
import network.services
from network.cases.models import BreakGlass, Case, TeamMember
from network.cases.services.notes import NoteText
from network.meetings.models import Action, AgendaItem, Attendance, Decision, Meeting, MeetingNote
from network.meetings.models import Series as MeetingSeries
from network.meetings.services.agenda import ItemText
from network.meetings.services.planning import MeetingPlan
from network.meetings.services.series import SeriesPlan
from network.models import (
    Gap,
    Holding,
    JoinRequest,
    Organisation,
    Position,
    Region,
    RegionMembership,
    Resource,
    ResourceChange,
)
from network.services.facts import facts_of
from network.services.joining import Joining
from network.services.people import Who
from portal.accounts.models import User
from tests.cases.factories import noticing
from tests.world import MINE, NOW, OTHER_REGION, TODAY, make_world

pytestmark = pytest.mark.django_db

# What takes `by` and refuses nobody, and why that is right.
ELSEWHERE = {
    "confirm_resources": "leaves out what is not mine: tests/network/test_resource_own.py",
    "tell_and_confirm": "leaves out what is not mine: tests/network/test_resource_own.py",
    "confirm_rights": "leaves out what is not mine: tests/network",
    "mark_answers_seen": "leaves alone what somebody else noted: tests/cases/test_case_gap.py",
    "make_feed": "one's own calendar",
    "take_feed_back": "one's own calendar",
    "propose": "in the transaction of add_resource and change_resource, which ask",
    "undo": "in the transaction of take_back and let_leave, which ask",
    "give_position": "in the transaction of those who give, which ask",
    "log": "writes down what others have done",
    "roles_to_give": "a list to choose from",
    "end_case_link": "asks as add_case_link does: tests/cases",
}


def services() -> dict[str, Callable[..., Any]]:
    """Name → function, for all public functions of the services that take `by`."""
    found = {}
    for package in (network.services, network.cases.services, network.meetings.services):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, one in vars(module).items():
                is_ours = inspect.isfunction(one) and one.__module__ == info.name
                if (
                    is_ours
                    and not name.startswith("_")
                    and "by" in inspect.signature(one).parameters
                ):
                    found[name] = one
    return found


@pytest.fixture
def world():
    made = make_world()
    with time_machine.travel(NOW, tick=False):
        yield made


def values(world) -> dict[Any, Any]:
    """By the type of a parameter, and else by its name, what a service is given."""
    ids = world.ids[MINE]

    def get(model, name):
        return model.objects.get(pk=ids[name])

    resource, meeting = get(Resource, "resource_id"), get(Meeting, "meeting_id")
    later = NOW + dt.timedelta(days=9)
    return {
        Resource: resource,
        ResourceChange: get(ResourceChange, "change_id"),
        Organisation: get(Organisation, "organisation_id"),
        Region: world.here.region,
        Joining: Joining(organisation=get(Organisation, "organisation_id")),
        JoinRequest: get(JoinRequest, "request_id"),
        RegionMembership: get(RegionMembership, "membership_id"),
        Position: get(Position, "position_id"),
        Holding: get(Holding, "holding_id"),
        Who: Who(email="uus@naidis.example"),
        User: get(User, "user_id"),
        Meeting: meeting,
        Gap: get(Gap, "gap_id"),
        Action: get(Action, "action_id"),
        AgendaItem: get(AgendaItem, "item_id"),
        Decision: get(Decision, "decision_id"),
        MeetingNote: get(MeetingNote, "meeting_note_id"),
        Attendance: Attendance.objects.filter(meeting=meeting, is_guest=True).first(),
        ItemText: ItemText("Transport"),
        MeetingPlan: MeetingPlan(starts_at=later, minutes=60),
        SeriesPlan: SeriesPlan(None, TODAY, dt.time(13), 60),
        MeetingSeries: get(MeetingSeries, "series_id"),
        Case: world.case,
        BreakGlass: get(BreakGlass, "look_id"),
        TeamMember: get(TeamMember, "member_id"),
        NoteText: NoteText("visit", NOW, 10, "Midagi."),
        type(noticing(world.here.municipality)): noticing(world.here.municipality),
        type(world.here.municipality): world.here.municipality,
        "facts": facts_of(resource),
        "number": world.case.number,
        "reason": "Uks oli lahti ja keegi ei vastanud, telefon oli toas.",
        "kind": "missing",
        "role": "additional_support",
        "body": "steering",
        "state": "closed",
        "step": "up",
        "verdict": "justified",
        "outcome": "aside",
        "email": "uus@naidis.example",
        "meeting_id": meeting.pk,
        "said": {},
        "chains": {"individual": []},
        "prices": {"individual": None},
        "successors": {},
        "holdings": [],
        "now": NOW,
        "day": TODAY,
    }


def given(name: str, annotation: Any, known: dict[Any, Any], by: User) -> Any:
    """The value for one parameter."""
    if name == "by":
        return by
    if annotation in known:
        return known[annotation]
    if name in known:
        return known[name]
    plain = {
        uuid.UUID: uuid.uuid4(),
        int: 1,
        bool: True,
        str: "Midagi muud",
        dt.date: TODAY + dt.timedelta(days=7),
        dt.date | None: TODAY + dt.timedelta(days=7),
        int | None: 1,
    }
    return plain[annotation]


def called(service: Callable[..., Any], by: User, known: dict[Any, Any], **more: Any) -> str:
    """Call it, take back what it did, and say how it ended: the name of the error, or `done`."""
    arguments = {
        name: given(name, one.annotation, known, by)
        for name, one in inspect.signature(service).parameters.items()
        if name == "by" or one.default is inspect.Parameter.empty or name in more
    } | more
    try:
        with transaction.atomic():
            service(**arguments)
            transaction.set_rollback(True)
    except Exception as error:
        return type(error).__name__
    return "done"


def test_a_stranger_gets_nothing_done_by_any_service(world):
    stranger, known = world.people["stranger"], values(world)
    ended = {
        name: called(service, stranger, known)
        for name, service in services().items()
        if name not in ELSEWHERE
    }
    assert {name: how for name, how in ended.items() if how != "PermissionDenied"} == {}
    assert len(ended) > 50


def test_who_leads_another_region_gets_nothing_done_here(world):
    """The case has other rules; what the regions share is theirs alone."""
    elsewhere, known = world.people["steering_elsewhere"], values(world)
    ended = {
        name: called(service, elsewhere, known)
        for name, service in services().items()
        if name not in ELSEWHERE
    }
    assert {name: how for name, how in ended.items() if how != "PermissionDenied"} == {}


def test_a_partner_on_the_team_gets_nothing_done_on_the_case(world):
    """Who sees the case may not do everything with it: refused by right, not for want of sight."""
    known, partner = values(world), world.people["partner"]
    ended = {
        name: called(service, partner, known)
        for name, service in services().items()
        if name not in ELSEWHERE and service.__module__.startswith("network.cases.")
    }
    assert {name: how for name, how in ended.items() if how != "PermissionDenied"} == {}


def test_a_gap_of_another_region_is_not_put_on_the_agenda(world):
    """Source and target are both asked: the meeting is the coordinator's, the gap is not."""
    known = values(world)
    foreign = Gap.objects.get(pk=world.ids[OTHER_REGION]["gap_id"])
    service = services()["add_gap"]
    coordinator = world.people["coordinator"]
    assert called(service, coordinator, known, gap=foreign) == PermissionDenied.__name__
    assert called(service, coordinator, known) == "done"
