"""Counting rows, and adding up what stands in them, the same before and after a restore."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

# Runs a statement and gives its rows, one after the other.
Ask = Callable[[str], Iterable[tuple[Any, ...]]]

NAMES = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ),
    "postgresql": (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ),
}
ALL_OF = 2**64


def names(ask: Ask, kind: str) -> list[str]:
    """The tables of the database, `kind` being its vendor."""
    return [name for (name,) in ask(NAMES[kind])]


def sums(ask: Ask, kind: str, *, digests: bool) -> dict[str, list[Any]]:
    """By table: how many rows; with `digests` also what all of them add up to, in any order."""
    return {name: _sum(ask, kind, name, digests=digests) for name in names(ask, kind)}


def _sum(ask: Ask, kind: str, table: str, *, digests: bool) -> list[Any]:
    # Names of tables come from the catalogue of the database itself.
    quoted = '"' + table.replace('"', '""') + '"'
    if not digests:
        return [next(iter(ask(f"SELECT count(*) FROM {quoted}")))[0]]  # noqa: S608
    if kind == "postgresql":
        number = "('x' || substr(md5(one::text), 1, 15))::bit(60)::bigint"
        found = ask(f"SELECT count(*), coalesce(sum({number}), 0) FROM {quoted} one")  # noqa: S608
        count, total = next(iter(found))
        return [count, str(total)]
    count, total = 0, 0
    for row in ask(f"SELECT * FROM {quoted}"):  # noqa: S608
        digest = hashlib.sha256(repr(row).encode()).digest()
        total = (total + int.from_bytes(digest[:8], "big")) % ALL_OF
        count += 1
    return [count, str(total)]


def differences(wanted: dict[str, list[Any]], found: dict[str, list[Any]]) -> list[str]:
    """The tables whose rows are not those that the manifest names."""
    return sorted(
        table
        for table in wanted.keys() | found
        if wanted.get(table, [])[:1] != found.get(table, [])[:1]
        or (len(wanted.get(table, [])) > 1 and wanted[table] != found[table])
    )
