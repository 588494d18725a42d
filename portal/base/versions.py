"""Saving what somebody may have changed meanwhile."""

from collections.abc import Iterable

from django.db import transaction

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
