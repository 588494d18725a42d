"""Saving what somebody may have changed meanwhile."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from portal.base.encryption import keyed_hash
from portal.base.models import Versioned


class VersionConflict(Exception):
    """Somebody saved the row since it was opened. `current` is the row as it is now.

    `current` is None if the row is gone. Views answer 409 and show both texts.
    """

    def __init__(self, current: Versioned | None) -> None:
        super().__init__("The row has changed since it was opened.")
        self.current = current


def save_versioned(instance: Versioned, expected_version: int, fields: Iterable[str]) -> None:
    """Save `fields` of `instance` if the stored row still is `expected_version`.

    Raises VersionConflict otherwise and changes nothing. The row goes through `save()`, so
    encrypted fields and history work; only the version is compared and moved in the database.
    """
    model = type(instance)
    rows = model._base_manager.filter(pk=instance.pk)
    stamped = [
        field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False)
    ]
    with transaction.atomic():
        # Of several at once the database lets one through; it holds the row until the commit.
        if not rows.filter(version=expected_version).update(version=expected_version + 1):
            raise VersionConflict(rows.first())
        before, instance.version = instance.version, expected_version + 1
        try:
            instance.save(update_fields=[*fields, *stamped, "version"])
        except BaseException:
            # Rolled back in the database, so here too.
            instance.version = before
            raise


def as_shown(values: Mapping[str, Any]) -> str:
    """What a form shows, in one line that it carries along: `name:digest name:digest`.

    By it the next save tells what this person changed from what they only had in front of them.
    """
    return " ".join(f"{name}:{_digest(name, value)}" for name, value in values.items())


def put_together(
    mine: Mapping[str, Any], stored: Mapping[str, Any], shown: str
) -> tuple[dict[str, Any], set[str]]:
    """The values of both, and the names that both have changed differently.

    What only one of the two changed is theirs; in a clash `mine` stands until they decide.
    `shown` is the line of `as_shown`; a name that it does not have counts as changed by both.
    """
    before = dict(part.split(":", 1) for part in shown.split() if ":" in part)
    both: dict[str, Any] = {}
    clashes: set[str] = set()
    for name, own in mine.items():
        was, is_now = before.get(name), _digest(name, stored[name])
        typed = _digest(name, own)
        both[name] = stored[name] if typed == was else own
        if typed not in (was, is_now) and is_now != was:
            clashes.add(name)
    return both, clashes


def _digest(name: str, value: Any) -> str:
    """Keyed, so that nobody reads the value out of it; the ends of lines do not count."""
    text = "" if value is None else str(value)
    plain = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return keyed_hash(f"{name}={plain}", "form.shown")[:24]
