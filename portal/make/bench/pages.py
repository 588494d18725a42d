"""What is asked for, by whom, and what it may cost (docs/architecture.md, “Fast by design”)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

# Whoever sends this is not served from the kept pages.
NOT_KEPT = {"Authorization": "none"}
# The words are those of portal/world/supply.py.
COMMON, RARE = "nõustamine", "jalgrattaremont"


@dataclass(frozen=True)
class Asked:
    """A page: its `kind` is plain, kept (from the page cache), made or private.

    `who` is a persona; `beside` the plain page it is held against; `most` the statements it may
    make. `grows`: is it one of the lists, pages, searches and maps that must not grow?
    """

    key: str
    title: str
    path: str
    kind: str
    who: str = ""
    beside: str = ""
    most: int | None = None
    grows: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


HELLO, LIST, WAGTAIL, WAGTAIL_LIST = "hello", "plain_list", "wagtail", "wagtail_list"

PLAIN = (
    (HELLO, "Plain Django: hello", "/moodetav/tere/"),
    (LIST, "Plain Django: list of 25", "/moodetav/loend/"),
    (WAGTAIL, "Plain Wagtail: a page", "/moodetav/wagtail/andmekaitse/"),
    (WAGTAIL_LIST, "Plain Wagtail: list of 25", "/moodetav/wagtail/teenused/"),
)
# Key, title, address, plain page beside it, most statements when it is made.
PUBLIC = (
    ("front", "Front page", "/", WAGTAIL, 10),
    ("catalogue", "Catalogue list", "/teenused/", WAGTAIL_LIST, 6),
    ("component", "Component", "/teenused/maailm-komponent-3/", WAGTAIL, 8),
    ("search_rare", "Search, a rare word", f"/otsing/?q={quote(RARE)}", WAGTAIL_LIST, 5),
    ("search_common", "Search, a common word", f"/otsing/?q={quote(COMMON)}", WAGTAIL_LIST, 5),
    ("map", "Map, as a page", "/kaart/", WAGTAIL_LIST, None),
    ("map_data", "Map data", "/kaart/andmed.geojson", LIST, None),
    (
        "map_box",
        "Map data, a town",
        "/kaart/andmed.geojson?zoom=12&box=26.9,57.8,27.1,57.9",
        LIST,
        None,
    ),
    ("organisations", "Who helps", "/asutused/", WAGTAIL_LIST, None),
)
# Key, title, address, who.
PRIVATE = (
    ("desk", "Desk", "/intranet/", "team_member"),
    ("my_cases", "My cases", "/intranet/juhtumid/", "team_member"),
    ("case", "Case page", "/intranet/juhtumid/{case_id}/", "team_member"),
    ("resources", "Resources of the region", "/intranet/ressursid/", "steering"),
    ("gaps", "Gaps of the region", "/intranet/vajadused/", "steering"),
    ("meetings", "Meetings", "/intranet/kohtumised/", "steering"),
    ("log", "The view log", "/intranet/logi/", "auditor"),
)


def asked_of(world: Mapping[str, Any]) -> list[Asked]:
    """Everything that is measured in this world (world.json)."""
    found = [Asked(key, title, path, "plain") for key, title, path in PLAIN]
    for key, title, path, beside, most in PUBLIC:
        found.append(Asked(f"{key}_made", title, path, "made", "", beside, most, headers=NOT_KEPT))
        found.append(Asked(f"{key}_kept", title, path, "kept", "", HELLO, 0))
    for key, title, path, who in PRIVATE:
        address = path.format(**world["personas"]["team_member"]["mine"])
        found.append(Asked(key, title, address, "private", who, LIST))
    return found


# --- Budgets -------------------------------------------------------------------------------------

MOST_GROWTH = 0.10
KEPT_SHARE = 0.65
MAP_BYTES = 100_000


def misses(asked: list[Asked], costs: Mapping[str, Mapping[str, Any]], most: str) -> list[str]:
    """What does not keep to its budget, each with its figure. `costs`: by factor, then by page."""
    found = []
    first = min(costs, key=int)
    for page in asked:
        there = {factor: costs[factor][page.key] for factor in costs if page.key in costs[factor]}
        if not there or page.kind == "plain":
            continue
        last = there[max(there, key=int)]
        if page.most is not None and last["statements"] > page.most:
            found.append(
                f"{page.title} ({page.kind}): {last['statements']} statements, budget {page.most}"
            )
        if page.kind == "kept":
            share = last["a_second"] / costs[max(there, key=int)][HELLO]["a_second"]
            if share < KEPT_SHARE:
                found.append(
                    f"{page.title} (kept): {share:.2f} of plain Django's hello, budget {KEPT_SHARE}"
                )
        if page.key == "map_data_made" and last["size"] > MAP_BYTES:
            found.append(f"{page.title}: {last['size']} bytes, budget {MAP_BYTES}")
        if page.grows and first in there and len(there) > 1:
            growth = cpu(last) / cpu(there[first]) - 1
            # Figures have three digits, so neither has the comparison more.
            if round(growth, 3) > MOST_GROWTH:
                found.append(
                    f"{page.title} ({page.kind}): processor time grows by {growth:.0%} "
                    f"from {first}× to {most}× ({cpu(there[first]):.1f} → {cpu(last):.1f} ms), "
                    f"budget {MOST_GROWTH:.0%}"
                )
    return found


def cpu(cost: Mapping[str, Any]) -> float:
    return float(cost["web_ms"]) + float(cost["database_ms"])
