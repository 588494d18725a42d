"""Every route of the running URLconf, with who guards it."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from portal.access.doors import Door, door_for
from portal.access.guards import guard_of


@dataclass(frozen=True)
class Route:
    """One URL pattern: its path as written, its full name, its view, its door if it has one."""

    path: str
    name: str
    view: Callable[..., Any]
    door: Door | None

    @property
    def guard(self) -> str | None:
        """Such as "public", "policy:CasePolicy.view", "door:cms"; None if nobody guards it."""
        return f"door:{self.door.name}" if self.door else guard_of(self.view)


def routes(urlconf: str | None = None) -> list[Route]:
    """All routes, in the order in which they are tried."""
    return list(_walk(get_resolver(urlconf), "", (), ()))


def _walk(
    resolver: URLResolver, path: str, names: tuple[str, ...], chain: tuple[str, ...]
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        # The language prefix differs with the reader; the route is the same.
        piece = "" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        here = path + piece
        if isinstance(entry, URLPattern):
            name = ":".join((*names, entry.name)) if entry.name else ""
            view_module = getattr(entry.callback, "__module__", "") or ""
            yield Route(here, name, entry.callback, door_for(chain, view_module))
        else:
            module = getattr(entry.urlconf_name, "__name__", "") or (
                entry.urlconf_name if isinstance(entry.urlconf_name, str) else ""
            )
            space = (entry.namespace,) if entry.namespace else ()
            yield from _walk(entry, here, (*names, *space), (*chain, module))


def door_of(view: Callable[..., Any]) -> Door | None:
    """The door of a view of the running URLconf, or None if it stands in no declared tree."""
    return _doors_by_view(settings.ROOT_URLCONF).get(view)


@functools.lru_cache(maxsize=8)
def _doors_by_view(urlconf: str) -> dict[Callable[..., Any], Door]:
    found: dict[Callable[..., Any], Door] = {}
    outside = set()
    for route in routes(urlconf):
        if route.door:
            found[route.view] = route.door
        else:
            outside.add(route.view)
    # A view that also stands outside its tree is not behind the door there, so it is nowhere.
    return {view: door for view, door in found.items() if view not in outside}
