"""An id in a form is looked up among what the sender may see: another region's is an unknown one.

Every field of every form that holds or offers ids is found on the page itself; what stands for
“another region's” in it is told in OTHERS. Both get the same answer, byte for byte, and do nothing.
"""

import re
import uuid

import pytest
from allauth.usersessions.models import UserSession

from network.cases.models import Case, CaseGap
from network.meetings.models import Attendance
from tests.addresses import address
from tests.asking import everything_stored, undone
from tests.deeds import DEEDS, begin, doers, form_at
from tests.fuzz.page import Page
from tests.matrix import ROWS
from tests.world import MINE, NO_SUCH_NUMBER
from tests.world_region import OTHER_REGION

ROUTES = sorted(route for route, method in ROWS if method == "POST")
IS_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}(?::\d+)?|\d+|\d+:\w+")
# Numbers that are no ids, ids that everybody may choose from, and the key of the form.
NO_IDS = {
    *("key", "version", "minutes", "duration", "free_places", "waiting_weeks", "places"),
    *("months", "which", "weekday", "month_day", "times", "page", "remove"),
    *("days", "component", "sign", "csrfmiddlewaretoken"),
}
# Figures of one row among many: its id stands in the name, and no id in the value.
OF_A_ROW = re.compile(r"(initial-)?r\d+-(version|free_places|waiting_weeks)")


def theirs(name):
    return lambda world: world.ids[OTHER_REGION][f"{name}_id"]


def their_group(world):
    return f"{world.there.region.pk}:steering"


def their_seat(world):
    return world.there.member.position.pk


def their_attendance(world):
    return Attendance.objects.filter(meeting_id=world.ids[OTHER_REGION]["meeting_id"]).first().pk


def their_noted_gap(world):
    """Another's link between a case and a gap, with the version as the form sends it."""
    case = Case.objects.get(pk=world.ids[OTHER_REGION]["case_id"])
    gap = world.ids[OTHER_REGION]["gap_id"]
    noted = CaseGap.objects.create(case=case, gap_id=gap, noted_by=world.people["other_region"])
    return f"{noted.pk}:1"


def their_session(world):
    user = world.people["other_region"]
    return UserSession.objects.create(user=user, session_key="k" * 32, ip="192.0.2.7").pk


# Field (or route and field) → what there is of that sort in the other region.
OTHERS = {
    "position": their_seat,
    "owner": their_seat,
    "minutes_taker": their_seat,
    "organisation": theirs("organisation"),
    "region": theirs("region"),
    "group": their_group,
    "offer": theirs("resource"),
    "resource": theirs("resource"),
    "person": theirs("user"),
    "holding": theirs("holding"),
    "gap": theirs("gap"),
    "punkt": theirs("item"),
    "take_back": their_attendance,
    "case_gap_seen gap": their_noted_gap,
    "session_end session": their_session,
}
# Names that carry an id themselves.
BY_NAME = {"status-": their_attendance, "was-": their_attendance}
BOUND = {"rights_confirm": "coordinator"}
# Says where to go back to, not what to change: the form does its work.
HARMLESS = {"punkt"}
# The coordinator brings organisations in from anywhere; their register is public.
FROM_ANYWHERE = {("organisation_invite", "organisation")}


def other_of(route, name):
    """What tells an id of the other region for this field; None for a field without ids."""
    if (route, name) in FROM_ANYWHERE or name in NO_IDS:
        return None
    known = OTHERS.get(f"{route} {name}") or OTHERS.get(name)
    return known or (OTHERS["person"] if name.startswith("person_") else None)


def holds_ids(field):
    values = [value for value in (*field.options, field.value) if value]
    return bool(values) and not field.is_typed and all(map(IS_ID.fullmatch, values))


def unknown_like(value):
    """An id of the same shape that nothing has."""
    text = str(value)
    if text.isdigit():
        return str(NO_SUCH_NUMBER)
    before, colon, after = text.partition(":")
    return (str(NO_SUCH_NUMBER) if before.isdigit() else str(uuid.uuid4())) + colon + after


def asked_by(route):
    """Somebody who may, and whom a region binds: an administrator has all of them."""
    bound = [who for who in doers(route) if who != "administrator"]
    return BOUND.get(route) or next(iter(bound), "administrator")


def names_with_ids(asker, route, path, doer):
    """The fields of the form that hold or offer ids, and those that were typed into it."""
    page = address(asker.world, DEEDS[route].at or route, MINE)
    form = form_at(asker, doer, page, path)
    fields = form.fields if form else {}
    typed = {name for name in DEEDS[route].words(asker.world) if other_of(route, name)}
    # Who has but one organisation is not asked which.
    names = {name for name in typed if name in fields or not form}
    found = {name for name, field in fields.items() if holds_ids(field)}
    return sorted(name for name in (names | found) - NO_IDS if not OF_A_ROW.fullmatch(name))


def bodies_of(asker, route, name, sent):
    """The same form twice: with an id of the other region, and with one that nothing has."""
    if name.startswith(tuple(BY_NAME)):
        start = name.partition("-")[0] + "-"
        rest = {one: value for one, value in sent.items() if one != name}
        ids = BY_NAME[start](asker.world), uuid.uuid4()
        return [rest | {f"{start}{one}": "present"} for one in ids]
    tell = other_of(route, name)
    assert tell, f"{name}: what is another region's?"
    value = str(tell(asker.world))
    return [sent | {name: value}, sent | {name: unknown_like(value)}]


@pytest.mark.parametrize("route", ROUTES)
def test_an_id_of_the_other_region_is_an_unknown_id(asker, route):
    path, body = begin(asker, route)
    doer = asked_by(route)
    sent = body(doer)
    for name in names_with_ids(asker, route, path, doer):
        if (route, name) in FROM_ANYWHERE:
            continue
        bodies, answers = bodies_of(asker, route, name, sent), []
        before = everything_stored()
        for one in bodies:
            with undone():
                answers.append(asker.ask(doer, "POST", path, one))
                assert everything_stored() == before or name in HARMLESS, name
        judge(name, answers, bodies)


def judge(name, answers, bodies):
    foreign, unknown = answers
    assert foreign.status == unknown.status, name
    told = []
    for answer, body in zip(answers, bodies, strict=True):
        value = str(body.get(name, "-"))
        # The sentence may name what was sent, and the way back holds it.
        page = answer.plain().replace(f"„{value}“".encode(), b"ID")
        told.append((page, answer.response.get("Location", "").replace(value, "ID")))
    assert told[0] == told[1], name
    assert foreign.statements == unknown.statements, name
    if foreign.status == 200:
        assert Page(foreign.body.decode(), "/").errors, name
