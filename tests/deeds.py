"""What a filled-in form of each route holds: taken from its page as a browser would, and typed.

A route whose form stands on another page says where; one that needs the world otherwise than it
stands (a meeting that has not begun) says how to get there.
"""

import datetime as dt
import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from network.cases.models import BreakGlass, Case
from network.meetings.models import Action, AgendaItem, Attendance, Decision, Meeting, MeetingNote
from network.models import Gap, Holding, Resource, ResourceChange
from network.services.facts import facts_of
from network.services.gaps import put_gap_aside
from portal.accounts.models import User
from tests.addresses import address
from tests.asking import Asker
from tests.fuzz.page import Form, Page
from tests.matrix import LED_AWAY, PEOPLE, SIGNED_OUT, wanted
from tests.meetings.factories import planned_meeting
from tests.world import MINE, TODAY, World

Typed = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """What is typed into the form on the page `at` (empty: the route's own), and what comes of it.

    `answer`: what whoever may gets; `does`: whether more than the log is written; `first`: what
    has to happen in the world before; `works_for`: with whom it comes to pass, if not with all who
    may; `who`: who may in the world that `first` has made, if the table knows another.
    """

    typed: Typed | Callable[[World], Typed] | None = None
    at: str = ""
    answer: int = 302
    does: bool = True
    first: Callable[[World], Any] | None = None
    works_for: tuple[str, ...] = ()
    who: tuple[str, ...] = ()

    def words(self, world: World) -> Typed:
        return self.typed(world) if callable(self.typed) else dict(self.typed or {})


# --- The world as some forms need it -----------------------------------------------------------


def planned(world: World) -> None:
    """The meeting of mine has not begun."""
    later = timezone.now() + dt.timedelta(minutes=10)
    Meeting.objects.filter(pk=world.ids[MINE]["meeting_id"]).update(
        state=Meeting.State.PLANNED, starts_at=later, started_at=None
    )


def nothing_came_of_it(world: World) -> None:
    """The meeting of mine has not begun, and its item may still be taken off."""
    planned(world)
    item = AgendaItem.objects.get(pk=world.ids[MINE]["item_id"])
    other = AgendaItem.objects.filter(meeting=item.meeting_id).exclude(pk=item.pk).first()
    for model in (Action, Decision, MeetingNote):
        model.objects.filter(item=item).update(item=other)


def ended(world: World) -> None:
    """The meeting of mine is over and its minutes wait."""
    Meeting.objects.filter(pk=world.ids[MINE]["meeting_id"]).update(
        state=Meeting.State.ENDED, ended_at=timezone.now()
    )


def another_meeting(world: World) -> None:
    planned_meeting(world.here.steering)


def gap_waits(world: World) -> None:
    """Two gaps of the region, one of them that of mine, have no meeting before them."""
    AgendaItem.objects.filter(gap=world.ids[MINE]["gap_id"]).update(gap=None, kind="topic")
    Gap.objects.filter(pk=world.ids[MINE]["gap_id"]).update(state=Gap.State.NEW)


def planned_and_gap_waits(world: World) -> None:
    planned(world)
    gap_waits(world)


def is_draft(world: World) -> None:
    Resource.objects.filter(pk=world.ids[MINE]["resource_id"]).update(state=Resource.State.DRAFT)


def own_proposal(world: World) -> None:
    """What waits is a new resource, which its representative may still change."""
    change = ResourceChange.objects.get(pk=world.ids[MINE]["change_id"])
    change.after = facts_of(change.resource)
    change.resource = None
    change.save()


def gap_was_answered(world: World) -> None:
    """The gap that was noted from the case has an answer that was not read yet."""
    gap = Gap.objects.get(pk=world.ids[MINE]["gap_id"])
    put_gap_aside(gap, day=TODAY, answer="Ei ole praegu võimalik.")


def not_invited_yet(world: World) -> None:
    """Whoever holds the position of mine has an invitation that waits."""
    user = world.people["offer_editor"]
    assert user is not None
    User.objects.filter(pk=user.pk).update(last_login=None)
    Holding.objects.filter(user=user).update(invited_at=timezone.now())


def looks_now(world: World) -> None:
    """The emergency look into the case of mine is that of its base support, and goes on."""
    BreakGlass.objects.filter(pk=world.ids[MINE]["look_id"]).update(
        user=world.base.user,
        position=world.base.position,
        started_at=timezone.now(),
        ends_at=timezone.now() + dt.timedelta(minutes=30),
    )


# --- What is typed -----------------------------------------------------------------------------


def day(days: int) -> str:
    return f"{TODAY + dt.timedelta(days=days):%d.%m.%Y}"


def of_mine(name: str, **more: str) -> Callable[[World], Typed]:
    """The id of mine in a field of this name."""
    return lambda world: {name: str(world.ids[MINE][f"{name}_id"])} | more


def somebody_came(world: World) -> Typed:
    row = Attendance.objects.filter(meeting_id=world.ids[MINE]["meeting_id"]).first()
    assert row is not None
    return {f"status-{row.pk}": "present"}


def first_choice(name: str, **more: str) -> Callable[[World], Typed]:
    """The first row that the list of the field offers."""
    return lambda world: {name: FIRST} | more


def an_account(world: World) -> Typed:
    return {"what": world.base.user.email, "reason": "Järelevalve"}


def number_of_another(world: World) -> Typed:
    case = Case.objects.get(pk=world.ids["same region"]["case_id"])
    return {"number": case.number, "reason": "Uks on lahti ja keegi ei vasta."}


FIRST = object()
# What everybody may do is tried by some.
ENOUGH = 8
# What is no refusal.
MAY = (200, 302, 409)
LEAD = ("steering", "coordinator")
NOTICED = {
    "first_name": "Peeter",
    "last_name": "Näidis",
    "municipality": FIRST,
    "noticed_how": "worker",
    "text": "Ei ole nädal aega poes käinud.",
}
NOTE = {"kind": "visit", "text": "Käisime arsti juures.", "duration": "45"}
GAP = {"subject": FIRST, "kind": "missing", "text": "Buss ei käi.", "municipality": FIRST}
NEW_RESOURCE = {
    "kind": "benefit",
    "name": "Toidupank",
    "organisation": FIRST,
    "municipality": FIRST,
}
SOMEBODY = {"email": "uus.tulija@naidis.example"}
NEW_ORGANISATION = {
    "name": "Uus selts",
    "kind": "provider",
    "municipality": FIRST,
    "organisation": "",
    "reason": "Pakub vestlusringi.",
}

DEEDS = {
    # A case.
    "break_glass_end": Deed(first=looks_now, who=("base",)),
    "break_glass_judge": Deed({"verdict": "justified"}),
    "break_glass_open": Deed(number_of_another, works_for=("base", "colleague", "removed_now")),
    "case_change": Deed({"phone": "5990 1111"}),
    "case_code": Deed(at="case_detail", answer=200, does=False),
    "case_extract": Deed(answer=200, does=False),
    "case_gap_add": Deed(GAP),
    "case_gap_seen": Deed(at="desk", first=gap_was_answered, works_for=("base",)),
    "case_link_add": Deed(answer=200),
    "case_link_end": Deed(at="case_log"),
    "case_list": Deed({"words": "Kanaariperenimi"}, answer=200, does=False),
    "case_note_add": Deed(NOTE),
    "case_note_correct": Deed(NOTE | {"text": "Käisime apteegis."}),
    "case_note_list": Deed({"words": "perearst"}, answer=200, does=False),
    "case_open": Deed(NOTICED),
    "team_member_answer": Deed({"answer": "accept"}),
    "team_member_end": Deed(),
    "team_member_invite": Deed(
        first_choice("position", role="partner", task="Käib kaasas.", last_day=day(30))
    ),
    # What a region shares.
    "action_add": Deed({"text": "Küsida pakkumine", "position": FIRST, "due": day(7)}),
    "action_detail": Deed({"do": "done", "note": "Tehtud."}),
    "agenda_gap_add": Deed(
        of_mine("gap"), at="meeting_detail", first=planned_and_gap_waits, who=LEAD
    ),
    "agenda_item_add": Deed({"title": "Talvine transport"}),
    "agenda_item_carry": Deed(at="agenda_item_change", first=another_meeting),
    "agenda_item_change": Deed({"title": "Talvine transport"}),
    "agenda_item_move": Deed({"step": "up"}, at="meeting_detail", first=planned),
    "agenda_item_remove": Deed(at="agenda_item_change", first=nothing_came_of_it),
    "agenda_item_step": Deed({"step": "done"}),
    "attendance_guest": Deed({"guest_name": "Külaline vallast"}, at="meeting_detail"),
    "attendance_set": Deed(somebody_came, at="meeting_detail"),
    "calendar_feed": Deed(answer=200),
    "decision_add": Deed({"text": "Kutsuda pakkuja järgmisele kohtumisele."}),
    "decision_change": Deed({"text": "Kutsuda kaks pakkujat."}),
    "gap_add": Deed(GAP),
    "gap_answer": Deed({"outcome": "aside", "answer": "Ei ole praegu võimalik."}),
    "gap_to_agenda": Deed(at="gap_detail", first=gap_waits),
    "meeting_add": Deed({"day": day(9), "place": "Vallamaja"}),
    "meeting_cancel": Deed(first=planned),
    "meeting_change": Deed({"place": "Raamatukogu"}, first=planned),
    "meeting_end": Deed(),
    "meeting_invite": Deed(first=planned),
    "meeting_note_add": Deed({"text": "Vald otsib ruumi."}),
    "meeting_note_change": Deed({"text": "Vald leidis ruumi."}),
    "meeting_start": Deed(at="meeting_detail", first=planned),
    "minutes_approve": Deed(at="minutes", first=ended),
    "own_offers_confirm": Deed(of_mine("resource"), at="own_offers", works_for=("offer_editor",)),
    "price_import": Deed(answer=200, does=False),
    "price_import_delete": Deed(at="price_import_detail"),
    "price_import_detail": Deed({"do": "apply"}),
    "price_import_undo": Deed(),
    "proposal_change": Deed({"name": "Jututuba"}, first=own_proposal, works_for=("offer_editor",)),
    "proposal_decide": Deed({"answer": "approve"}),
    "resource_add": Deed(NEW_RESOURCE),
    "resource_availability": Deed({"free_places": "1"}, at="resource_detail"),
    "resource_change": Deed({"note": "Helistage enne."}),
    "resource_confirm": Deed(at="resource_detail"),
    "resource_publish": Deed(first=is_draft),
    "resource_withdraw": Deed({"reason": "Ruum suleti."}),
    "series_add": Deed({"place": "Vallamaja"}),
    "series_change": Deed({"place": "Raamatukogu"}),
    # Who holds what.
    "account_close": Deed(),
    "handover": Deed(SOMEBODY | {"first_day": day(3), "last_day": day(5)}),
    "hold_add": Deed(an_account),
    "hold_lift": Deed({"why": "Kohtuasi lõppes."}),
    "holding_end": Deed({"when": "now"}),
    "invitation_cancel": Deed(at="position_detail", first=not_invited_yet, who=("administrator",)),
    "invitation_resend": Deed(at="position_detail", first=not_invited_yet, who=("administrator",)),
    "join_decide": Deed({"do": "approve"}, works_for=("steering",)),
    "leaving": Deed({"when": "now"}),
    "membership_end": Deed(),
    "organisation_invite": Deed(NEW_ORGANISATION, works_for=("coordinator",)),
    "position_add": Deed({"title": "Tugiisik, Antsla", "organisation": FIRST, "role": FIRST}),
    "position_change": Deed({"title": "Tugiisik, Antsla"}),
    "position_stand_in": Deed(SOMEBODY | {"first_day": day(3), "last_day": day(5)}),
    "retention_change": Deed({"title": "Juhtumid", "length": "60"}),
    "rights_confirm": Deed(of_mine("holding"), works_for=("administrator",)),
    "worker_invite": Deed(SOMEBODY | {"position": FIRST}),
    # One's own.
    "account_login": Deed({"login": "keegi@naidis.example", "password": "vale"}, does=False),
    "profile": Deed({"first_name": "Kadri"}),
    "rights_index": Deed({"words": "Näidis"}, answer=200, does=False),
    "session_end": Deed({"session": "1"}, at="session_list", does=False),
    "session_end_others": Deed(at="session_list", does=False),
    "session_keep": Deed(at="session_keep", answer=200, does=False),
    "tara_unlink": Deed(at="profile", does=False),
}


def body_of(asker: Asker, persona: str, page: str, path: str, words: Typed) -> dict[str, Any]:
    """What `persona` sends to `path` from the page at `page`; only `words` if it has no form."""
    form = form_at(asker, persona, page, path)
    body: dict[str, Any] = form.sent_as_it_is() if form else {"key": [str(uuid.uuid4())]}
    body.pop("csrfmiddlewaretoken", None)
    for name, value in words.items():
        if value is not FIRST:
            body[name] = value
        elif form and name in form.fields:
            body[name] = next(one for one in form.fields[name].options if one)
    return body


def form_at(asker: Asker, persona: str, page: str, path: str) -> Form | None:
    answer = asker.ask(persona, "GET", page)
    if answer.status != 200 or not answer.response["Content-Type"].startswith("text/html"):
        return None
    forms = Page(answer.body.decode(), page).forms_sent("post")
    return next((form for form in forms if form.path == urlsplit(path).path), None)


# --- Who may, and with what --------------------------------------------------------------------


def may(route: str, persona: str) -> bool:
    """Does the form of `route` concern `persona` at all?"""
    if who := DEEDS[route].who:
        return persona in who
    if persona in SIGNED_OUT or persona == LED_AWAY:
        return False
    return wanted(route, "POST", persona, MINE) in MAY


def works(route: str, persona: str) -> bool:
    """Does it come to pass with them? Others who may get their form back, or an empty answer."""
    return persona in (DEEDS[route].works_for or (persona,))


def doers(route: str) -> list[str]:
    """Who may, those first with whom it comes to pass."""
    allowed = [persona for persona in PEOPLE.values() if may(route, persona)]
    return sorted(allowed, key=lambda persona: not works(route, persona))[:ENOUGH]


def begin(asker: Asker, route: str) -> tuple[str, Callable[[str], dict[str, Any]]]:
    """Make the world as the form needs it: the address, and what each persona would send there."""
    deed, world = DEEDS[route], asker.world
    if deed.first:
        deed.first(world)
    path, page = address(world, route, MINE), address(world, deed.at or route, MINE)
    return path, functools.cache(
        lambda persona: body_of(asker, persona, page, path, deed.words(world))
    )
