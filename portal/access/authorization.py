"""The reviewed table docs/authorization.yaml, compared with the running code (rules.md 1)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from portal.access.doors import DOORS
from portal.access.routes import Route

# What a route of a case has in its path; only `portal.audit.guard.case_view` may stand there.
CASE_ID = ":case_id>"
HEADING = """\
# Who may open what. Every route of ours with its guard, every third-party tree in one line.
# A person reviews this file; `manage.py check_routes` compares it with the running code.
# `manage.py list_routes --yaml` prints what the code says today.
"""


def table_of(routes: Iterable[Route]) -> dict[str, Any]:
    """What the code says: route name to guard, tree to where it stands and who guards it."""
    ours: dict[str, str] = {}
    trees: dict[str, dict[str, str]] = {}
    doors = {door.name: door for door in DOORS}
    for route in routes:
        if route.door is None:
            ours[route.name or route.path] = route.guard or "NOBODY"
        elif route.door.name != "static":
            tree = {"at": route.door.at, "guard": doors[route.door.name].guarded_by}
            trees.setdefault(route.door.name, tree)
    return {"routes": dict(sorted(ours.items())), "trees": dict(sorted(trees.items()))}


def as_yaml(table: dict[str, Any]) -> str:
    """The table as the text of the file."""
    return HEADING + yaml.safe_dump(table, allow_unicode=True, sort_keys=False, width=100)


def read(path: Path) -> dict[str, Any]:
    """The reviewed table; empty where there is no file."""
    return (yaml.safe_load(path.read_text()) if path.exists() else None) or {}


def mismatches(routes: list[Route], reviewed: dict[str, Any]) -> list[str]:
    """What is wrong with the routes or with the table, one sentence each."""
    found = []
    for route in routes:
        if route.guard is None:
            found.append(f"/{route.path}: nobody guards this route")
        if route.door is None and not route.name:
            found.append(f"/{route.path}: a route of ours has no name")
        if route.door and not route.path.startswith(route.door.at):
            found.append(f"/{route.path}: stands outside its door “{route.door.name}”")
        if CASE_ID in route.path and not getattr(route.view, "audit_mark", ""):
            found.append(f"/{route.path}: nobody writes down who looks at this case")
    guards: dict[str, str | None] = {}
    for route in routes:
        if route.door is None and guards.setdefault(route.name, route.guard) != route.guard:
            found.append(f"{route.name}: two routes of this name with different guards")
    code = table_of(routes)
    for part in ("routes", "trees"):
        said, does = reviewed.get(part) or {}, code[part]
        found += [f"{name}: not in the reviewed table" for name in does if name not in said]
        found += [
            f"{name}: in the table, but there is no such route" for name in said.keys() - does
        ]
        found += [
            f"{name}: the table says “{said[name]}”, the code does “{guard}”"
            for name, guard in does.items()
            if name in said and said[name] != guard
        ]
    return found
