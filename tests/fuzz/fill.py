"""A form filled in as somebody would who means it, so that one odd field gets all the way in."""

import re
from typing import Any

from stdnum.ee import ik

from tests.fuzz.page import Field
from tests.fuzz.town import Offered

DAY, PAST_DAY = "01.12.2026", "19.11.2026"
BY_NAME = {
    "email": "keegi.uus@naidis.example",
    "lead_email": "juht.uus@naidis.example",
    "login": "keegi@naidis.example",
    "personal_code": "4900315000" + ik.calc_check_digit("4900315000"),
    "phone": "5990 7132",
    "coordinates": "57.7342, 26.9186",
    "link": "https://naidis.example/kohtumine",
    "noticed_on": PAST_DAY,
    "begins": "9.30",
    "ends": "11.00",
    "starts_at": "13.00",
    "time": "9.30",
    "free_places": "2",
    "waiting_weeks": "3",
    "places": "4",
    "other_minutes": "20",
    "words": "Mari",
    "until": "01.06.2027",
    "length": "12",
    "valid_until": "01.06.2027",
}
ROW = re.compile(r"^r\d+-")
# What fits whatever stands first in the other list of the form.
BY_ROUTE = {"team_member_invite": {"role": "additional_support"}}
DAYS = ("day", "due", "last_day", "first_day", "next_review", "first", "last", "starts_on")


def good(one: Field, past: bool = False) -> list[str]:
    """What somebody would put into the field; nothing where it may stay as it is."""
    if one.kind in {"hidden", "file"}:
        return [one.value] if one.kind == "hidden" else []
    if one.kind in {"radio", "select", "select-many"}:
        offered = [value for value in one.options if value]
        return [one.value or offered[0]] if one.value or offered else []
    if one.kind == "checkbox":
        return [one.value] if one.value else []
    if one.name.startswith("price_"):
        return [one.value]
    if one.value:
        return [one.value]
    # A table of many rows has the id of each before the name.
    name = ROW.sub("", one.name)
    if name in BY_NAME:
        return [BY_NAME[name]]
    if one.name.startswith("email"):
        return ["keegi.teine@naidis.example"]
    if one.name in DAYS or one.name.endswith(("_day", "_on")):
        return [PAST_DAY if past else DAY]
    return ["Leppisime kokku, et helistame."]


# One of the two is filled in: whom the list knows, or somebody by name.
EITHER_OR = {
    "organisation_invite": ("organisation",),
    "handover": ("person",),
    "position_stand_in": ("person",),
    "leaving": ("person_",),
    "series_add": ("times",),
    "series_change": ("times",),
    "meeting_invite": ("name",),
    "resource_change": ("name",),
}


def filled(offered: Offered, **changes: Any) -> dict[str, list[str]]:
    """The whole form; `changes`: other values by name (a list, a text, or None to leave it out)."""
    route, form = offered.route, offered.form
    fields = [
        one
        for one in form.fields.values()
        if not (one.name.startswith(EITHER_OR.get(route, ("-",))) and not one.value)
    ]
    is_past = route.startswith("case_note")
    sent = {one.name: values for one in fields if (values := good(one, is_past))}
    sent |= {name: [value] for name, value in BY_ROUTE.get(route, {}).items() if name in sent}
    # A button without a name saves; others show, search or take one of two ways.
    named = [(name, value) for _place, name, value in form.buttons if name]
    if named and all(name for _place, name, _value in form.buttons):
        sent[named[0][0]] = [named[0][1]]
    for name, value in changes.items():
        if value is None:
            sent.pop(name, None)
        else:
            sent[name] = value if isinstance(value, list) else [value]
    return sent
