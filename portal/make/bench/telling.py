"""docs/performance.md: the figures as tables, and in sentences what misses its budget."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.make.bench.ground import CASES, COMPONENTS, RESOURCES
from portal.make.bench.pages import HELLO, LIST, MOST_GROWTH, WAGTAIL_LIST, Asked, cpu, misses

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
KINDS = {"plain": "", "kept": ", kept", "made": ", made", "private": ""}
Costs = Mapping[str, Mapping[str, Mapping[str, Any]]]


def write_page(file: Path, told: Mapping[str, Costs], pages: list[Asked]) -> None:
    """Put the tables between the two marks of `file`; the words around them stay."""
    before, _begin, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{file} has lost its marks.")
    parts = [machine()]
    for database, costs in told.items():
        if costs:
            parts += _told_of(NAMES[database], costs, pages)
    text = "\n\n".join(parts)
    file.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def machine() -> str:
    """What it was measured on, by kind only."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    python = ".".join(map(str, sys.version_info[:2]))
    return (
        f"Machine: {os.cpu_count()} virtual cores, {round(memory)} GB of memory, Linux, "
        f"Python {python}. One server process, one client with one open connection on the "
        "same machine."
    )


def _told_of(name: str, costs: Costs, pages: list[Asked]) -> list[str]:
    factors = sorted(costs, key=int)
    last = factors[-1]
    rows = [_row(page, costs, factors) for page in pages if page.key in costs[last]]
    parts = [
        f"### {name}",
        "\n".join([*_heading(factors), *rows]),
        _in_ratio(name, costs[last], pages),
    ]
    found = misses(pages, costs, last)
    if found:
        parts.append("What misses its budget:\n\n" + "\n".join(f"- {one}" for one in found))
    else:
        parts.append("Everything keeps to its budget.")
    return parts


def _heading(factors: list[str]) -> list[str]:
    titles = [
        "page",
        *(f"{factor}×, ms of processor" for factor in factors),
        "growth",
        f"a second at {factors[-1]}×",
        "statements",
        "bytes, compressed",
    ]
    return [f"| {' | '.join(titles)} |", f"| --- |{' ---: |' * (len(titles) - 1)}"]


def _row(page: Asked, costs: Costs, factors: list[str]) -> str:
    there = [costs[factor][page.key] for factor in factors]
    growth = cpu(there[-1]) / cpu(there[0]) - 1
    mark = " **!**" if growth > MOST_GROWTH and page.grows and page.kind != "plain" else ""
    cells = [
        page.title + KINDS[page.kind],
        *(f"{cpu(one):.2f}" for one in there),
        f"{growth:+.0%}{mark}" if len(factors) > 1 else "–",
        f"{there[-1]['a_second']:.0f}",
        str(there[-1]["statements"]),
        str(there[-1]["size"]),
    ]
    return f"| {' | '.join(cells)} |"


def _in_ratio(name: str, costs: Mapping[str, Mapping[str, Any]], pages: list[Asked]) -> str:
    """Ours against the plain pages beside it, in processor time."""
    lines = [
        f"Processor time on {name} against plain pages of the same run (1,0 is as much as they):",
        "",
        "| page | plain Django, list of 25 | plain Wagtail, list of 25 | hello |",
        "| --- | ---: | ---: | ---: |",
    ]
    for page in pages:
        if page.kind == "plain" or page.key not in costs:
            continue
        mine = cpu(costs[page.key])
        ratios = [mine / cpu(costs[other]) for other in (LIST, WAGTAIL_LIST, HELLO)]
        cells = " | ".join(f"{ratio:.2f}".replace(".", ",") for ratio in ratios)
        lines.append(f"| {page.title}{KINDS[page.kind]} | {cells} |")
    return "\n".join(lines)


def size_in_words() -> str:
    return f"{COMPONENTS} components, {RESOURCES} resources, {CASES} cases"
