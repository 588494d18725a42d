"""Where something stands: the address of a route for what is mine, another's or unknown."""

import re

from django.urls import reverse

from portal.access.routes import routes
from tests.world import World

# Our own routes and their paths as written; trees of others stand behind their doors.
OURS = {route.name: route.path for route in routes() if route.door is None}
ID = re.compile(r"<(?:uuid|int):(\w+)>")


def ids_of(world: World, route: str, kind: str) -> dict[str, object]:
    """What stands in the address of `route` for something of `kind`."""
    # Two things are notes: those of a case and those of a meeting.
    other = {"note_id": "meeting_note_id"} if route.startswith("meeting_") else {}
    return {name: world.ids[kind][other.get(name, name)] for name in ID.findall(OURS[route])}


def address(world: World, route: str, kind: str) -> str:
    if route == "cms":
        return "/cms/"
    return reverse(route, kwargs=ids_of(world, route, kind))
