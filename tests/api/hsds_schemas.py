"""The schemas of HSDS 3.1, copied as they are (tests/data/hsds, CC BY-SA 4.0)."""

import functools
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parent.parent / "data" / "hsds"
# A host that is nowhere: whatever is not among the copies is not found.
BASE = "https://hsds.invalid/"


def _schema(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text())


@functools.cache
def _registry() -> Registry:
    names = [file.name for file in FOLDER.glob("*.json")]
    return Registry().with_resources(
        (f"{BASE}{name}", Resource.from_contents(_schema(name), DRAFT202012)) for name in names
    )


@functools.cache
def validator(name: str) -> Draft202012Validator:
    """For records of `name`, such as `service` or `service_list`; formats are looked at too."""
    return Draft202012Validator(
        {"$ref": f"{BASE}{name}.json"},
        registry=_registry(),
        format_checker=FormatChecker(),
    )


def unknown_words(record: Any, name: str) -> set[str]:
    """Names in `record` and below that the standard does not have."""
    known = _schema(f"{name}.json")["properties"]
    found = {f"{name}.{key}" for key in record if key not in known}
    for key, value in record.items():
        below = known.get(key, {})
        reference = below.get("items", below).get("$ref", "").removesuffix(".json")
        for one in value if isinstance(value, list) else [value]:
            if reference and isinstance(one, dict):
                found |= unknown_words(one, reference)
    return found


PAGE = Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": [
            *("total_items", "total_pages", "page_number", "size", "first_page", "last_page"),
            *("empty", "contents"),
        ],
        "properties": {
            "total_items": {"type": "integer"},
            "total_pages": {"type": "integer"},
            "page_number": {"type": "integer"},
            "size": {"type": "integer"},
            "first_page": {"type": "boolean"},
            "last_page": {"type": "boolean"},
            "empty": {"type": "boolean"},
            "contents": {"type": "array"},
        },
    }
)
