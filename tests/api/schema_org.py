"""Is it schema.org? Types, their properties, and what may stand in them (tests/data/schemaorg)."""

import functools
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "data" / "schemaorg" / "vocabulary.json"
DAY = r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d)?"
PLAIN = {
    "Text": r"(?s).+",
    "URL": r"https?://\S+",
    "Date": DAY,
    "DateTime": DAY,
    "Number": r"\d+(\.\d+)?",
    "Integer": r"\d+",
}


@functools.cache
def _vocabulary() -> dict[str, Any]:
    return json.loads(FILE.read_text())


def above(kind: str) -> set[str]:
    """A type and everything it is a sort of."""
    found = {kind}
    for parent in _vocabulary()["types"].get(kind, []):
        found |= above(parent)
    return found


def problems(thing: dict[str, Any], where: str = "") -> list[str]:
    """What the vocabulary does not know, as sentences."""
    kind = thing.get("@type")
    if kind is None:
        return [] if set(thing) == {"@id"} else [f"{where}: no type"]
    if kind not in _vocabulary()["types"]:
        return [f"{where}: no type {kind}"]
    found = []
    for name, value in thing.items():
        if name in ("@type", "@id"):
            continue
        here = f"{where}{kind}.{name}"
        known = _vocabulary()["properties"].get(name)
        if known is None or not above(kind) & set(known["domain"]):
            found.append(f"{here}: no such property")
            continue
        for one in value if isinstance(value, list) else [value]:
            found += _value_problems(one, known["range"], here)
    return found


def _value_problems(value: Any, wanted: list[str], here: str) -> list[str]:
    if isinstance(value, dict):
        kind = value.get("@type")
        if kind and not above(kind) & set(wanted):
            return [f"{here}: {kind} is none of {wanted}"]
        return problems(value, f"{here} ")
    fits = any(re.fullmatch(PLAIN[kind], str(value)) for kind in wanted if kind in PLAIN)
    # A thing may be called by its address.
    fits = fits or bool(re.fullmatch(PLAIN["URL"], str(value)))
    return [] if fits else [f"{here}: “{value}” is none of {wanted}"]


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("type", "application/ld+json") in attrs
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def things_of(page: str) -> list[dict[str, Any]]:
    """The things that the page tells machines about, as a browser would read them."""
    parser = _Scripts()
    parser.feed(page)
    things = []
    for text in parser.found:
        data = json.loads(text)
        assert data["@context"] == "https://schema.org"
        things += data["@graph"]
    return things
