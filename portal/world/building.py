"""The whole world in its order, and what is told of it (world.json)."""

import datetime as dt
import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from django.db import transaction
from django.utils import timezone

from network.cases.models import Case
from portal.audit.log import Actor
from portal.base import content_version
from portal.search.maintenance import analyze
from portal.starter.catalogue import load_catalogue
from portal.starter.pages import load_pages
from portal.starter.places import load_places
from portal.world.canaries import SIZE, Canaries
from portal.world.gatherings import BODIES, GatheringLoader
from portal.world.log import add_entries
from portal.world.luck import Luck, ids_from
from portal.world.mass import MassLoader
from portal.world.net import Area, NetLoader, People
from portal.world.personas import PERSONAS
from portal.world.readers import Finder, Readers
from portal.world.stories import Story, StoryLoader
from portal.world.supply import SupplyLoader

STORIES = 12
LOGGED = dt.timedelta(days=730)
# Given where an address wants a number and the row is not there.
NO_SUCH_NUMBER = 999_999_999
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much of what: cases in all, and what stands besides the starter content."""

    cases: int
    components: int = 0
    resources: int = 0
    log: int = 0


@dataclass
class World:
    """What was made, for whoever proves things on it."""

    seed: str
    size: Size
    day: dt.date
    people: People
    stories: dict[str, Story]
    canaries: Canaries
    feeds: dict[str, str]
    luck: Luck


def make_world(seed: str, size: Size, *, tell: Tell, keep_canaries: bool = True) -> World:
    """Fill an empty database. The same seed on the same day gives the same ids."""
    luck, today = Luck(seed), timezone.localdate()
    canaries = Canaries(luck.randrange(SIZE), keep=keep_canaries)
    with ids_from(luck):
        tell("places, catalogue and pages")
        with transaction.atomic():
            load_places()
            load_catalogue()
            load_pages()
        tell("regions, organisations and people")
        areas, people = NetLoader(luck, canaries, today, size.cases).load()
        tell(f"{size.components} components, {size.resources} resources")
        SupplyLoader(luck, canaries, areas, today).load(size.components, size.resources)
        tell("the first cases, meetings and resources, through the services")
        tales = StoryLoader(luck, canaries, areas, people, today)
        stories = tales.load(min(STORIES, size.cases))
        gatherings = GatheringLoader(luck, canaries, today)
        for key in BODIES:
            if key in stories:
                # The gap of a region is told by its meeting; the case's own has its canary.
                stories[key].ids |= gatherings.load(key, areas[key[0]])
        feeds = {
            key: gatherings.feed(people.users[key])
            for key in ("team_member", "steering", "steering_other_region")
        }
        tales.end(stories)
        readers = _readers(areas)
        Finder(canaries, readers, today).read_back()
        _mass(luck, canaries, areas, readers, today, size, tell)
        content_version.move_on()
        if size.log:
            tell(f"{size.log} entries of the log")
            _log(size.log, areas, seed)
    tell("statistics")
    analyze()
    return World(seed, size, today, people, stories, canaries, feeds, luck)


def _readers(areas: dict[str, Area]) -> Readers:
    posts = [post for area in areas.values() for post in area.posts]
    leads = {
        post.organisation.pk: post.persona for post in posts if post.persona == "organisation_lead"
    }
    gone = ("disabled_former_member", "removed_member")
    by_position = {
        post.position.pk: post.persona
        for post in posts
        if post.persona and post.persona not in gone
    }
    return Readers(by_position, leads, {area.region.pk: area.letter for area in areas.values()})


def _mass(
    luck: Luck,
    canaries: Canaries,
    areas: dict[str, Area],
    readers: Readers,
    today: dt.date,
    size: Size,
    tell: Tell,
) -> None:
    more = size.cases - STORIES
    if more <= 0:
        return
    loader = MassLoader(luck, canaries, areas, readers, today)
    loader.load(more, lambda done: tell(f"{done} of {more} cases in bulk"))
    users = [post.user.pk for area in areas.values() for post in area.posts]
    loader.grant(users, lambda done: tell(f"rights of {done} of {len(users)} people"))


def _log(entries: int, areas: dict[str, Area], seed: str) -> None:
    """Years of work of everybody who holds a position."""
    end = timezone.now()
    actors = [
        Actor(
            str(post.user.pk),
            post.user.get_full_name(),
            str(post.organisation.pk),
            post.organisation.name,
            str(post.position.role),
        )
        for area in areas.values()
        for post in area.posts
    ]
    add_entries(
        entries,
        cases=list(Case.objects.order_by("number").values_list("pk", "number")),
        users=actors,
        start=end - LOGGED,
        end=end,
        seed=zlib.crc32(seed.encode()),
    )


# --- What is told ------------------------------------------------------------------------------


def write_world(world: World, file: Path) -> None:
    """Write world.json, readable by its owner alone: it opens every door of this world."""
    with suppress(FileNotFoundError):
        file.unlink()
    with open(file, "x", encoding="utf-8", opener=_private) as out:
        head = {
            "seed": world.seed,
            "day": world.day.isoformat(),
            "cases": world.size.cases,
            "components": world.size.components,
            "resources": world.size.resources,
            "personas": _personas(world),
            "stories": {key: _plain(story.ids) for key, story in world.stories.items()},
        }
        text = json.dumps(head, ensure_ascii=False, indent=1)
        out.write(text[: text.rindex("\n}")] + ',\n "canaries": {')
        _write_canaries(world.canaries, out)
        out.write("\n }\n}\n")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write_canaries(canaries: Canaries, out: TextIO) -> None:
    """One line each: there may be a million of them."""
    comma = ""
    for one in canaries:
        place = {"model": one.model, "field": one.field, "object": one.object}
        rest = {"case": one.case, "sees": list(one.sees)}
        out.write(f'{comma}\n  "{one.word}": {json.dumps(place | rest, ensure_ascii=False)}')
        comma = ","


def _personas(world: World) -> dict[str, Any]:
    return {entry["key"]: entry for entry in _told(world)}


def _told(world: World) -> Iterator[dict[str, Any]]:
    names = world.stories["A1"].ids if "A1" in world.stories else {}
    for persona in PERSONAS:
        user = world.people.users.get(persona.key)
        unknown = {
            name: NO_SUCH_NUMBER if isinstance(value, int) else world.luck.uuid()
            for name, value in names.items()
        }
        yield {
            "key": persona.key,
            "what": persona.what,
            "login": user.email if user else None,
            "password": world.people.password if user else None,
            "totp_secret": world.people.secrets.get(persona.key),
            "user_id": str(user.pk) if user else None,
            "calendar_token": world.feeds.get(persona.key),
            "mine": _ids(world, persona.mine),
            "other_team": _ids(world, persona.other_team),
            "other_region": _ids(world, persona.other_region),
            "unknown": _plain(unknown),
        }


def _ids(world: World, key: str) -> dict[str, Any]:
    story = world.stories.get(key)
    return _plain(story.ids) if story else {}


def _plain(ids: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in ids.items()}
