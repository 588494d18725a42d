"""`make bench`: seed, serve, ask, tell.

SCALES=1,10,100 and DB=both (sqlite, postgres) say how much; SECONDS=1 and ROUNDS=3 how long each
page is asked for; FRESH=1 seeds anew; PORT=8831. OUT= names another file than docs/performance.md.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.make import environment
from portal.make.bench import ground
from portal.make.bench.asking import Visitor, measure
from portal.make.bench.pages import Asked, asked_of
from portal.make.bench.telling import write_page
from portal.make.demo import chosen_port, wait_until_ready
from portal.make.processes import Children
from portal.make.stamps import ROOT
from portal.make.terminal import Trouble, say, step

DATABASES = {"both": ("sqlite", "postgres"), "sqlite": ("sqlite",), "postgres": ("postgres",)}
PAGE = ROOT / "docs" / "performance.md"
Costs = dict[str, dict[str, dict[str, Any]]]


def wanted_scales(text: str) -> list[int]:
    """`1,10` → [1, 10]; Trouble for anything else."""
    try:
        found = sorted({int(one) for one in text.split(",")})
    except ValueError:
        found = []
    if not found or found[0] < 1:
        raise Trouble(f"SCALES is a list of whole numbers such as 1,10,100, not “{text}”.")
    return found


def wanted_databases(text: str) -> tuple[str, ...]:
    if text not in DATABASES:
        raise Trouble(f"DB is one of {', '.join(DATABASES)}, not “{text}”.")
    return DATABASES[text]


def measured(
    place: ground.Ground, port: int, database: int | None, *, seconds: float, rounds: int
) -> dict[str, dict[str, Any]]:
    """Serve the world of `place` and ask for every page; by page what it costs."""
    children = Children(place.folder / "logs")
    world = place.world
    try:
        children.start("web", _web_command(port), place.env, ROOT)
        wait_until_ready(children, port)
        web = children.running["web"].pid
        visitors: dict[str, Visitor] = {}
        found = {}
        for page in asked_of(world):
            with step(f"{page.title} ({page.kind})"):
                visitor = _visitor(visitors, page, world, port)
                cost = measure(
                    visitor,
                    page.path,
                    page.headers,
                    web,
                    database,
                    seconds=seconds,
                    rounds=rounds,
                )
            found[page.key] = asdict(cost)
            say(f"      {cost.cpu_ms:8.2f} ms, {cost.statements} statements, {cost.size} bytes")
        return found
    finally:
        children.stop()


def _visitor(
    visitors: dict[str, Visitor], page: Asked, world: dict[str, Any], port: int
) -> Visitor:
    if page.who not in visitors:
        visitor = visitors[page.who] = Visitor(port)
        if page.who:
            persona = world["personas"][page.who]
            visitor.sign_in(persona["login"], persona["password"], persona["totp_secret"])
    return visitors[page.who]


def _web_command(port: int) -> list[str]:
    """One worker, so that one client keeps it busy and the other core is the client's."""
    return [
        *(str(environment.PYTHON), "-m", "gunicorn", "portal.make.bench.site:application"),
        *("--config", "python:portal.settings.gunicorn"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "1"),
    ]


def run() -> None:
    """The whole way, from the wishes to the page."""
    asked = os.environ.get
    scales = wanted_scales(asked("SCALES") or "1,10,100")
    databases = wanted_databases(asked("DB") or "both")
    port = chosen_port(asked("PORT") or "8831")
    seconds, rounds = float(asked("SECONDS") or 1), int(asked("ROUNDS") or 3)
    ground.prepare_files()
    results = ground.KEPT / "results.json"
    told: dict[str, Costs] = json.loads(results.read_text()) if results.exists() else {}
    for database in databases:
        told[database] = {}
        for factor in scales:
            say(f"\n{database}, {factor}×")
            with ExitStack() as stack:
                session = None
                if database == "sqlite":
                    place = ground.sqlite_ground(factor, port)
                else:
                    opened = ground.postgres_ground(factor, port)
                    place, session = stack.enter_context(opened)
                told[database][str(factor)] = measured(
                    place, port, session, seconds=seconds, rounds=rounds
                )
                pages = asked_of(place.world)
            results.write_text(json.dumps(told, indent=1))
    write_page(Path(asked("OUT") or PAGE), told, pages)
    say(f"\nTold in {asked('OUT') or PAGE.relative_to(ROOT)}.")


def main() -> int:
    try:
        run()
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
