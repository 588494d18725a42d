"""Object grants: who holds what on one row, and the only door to guardian.

A grant follows a membership (team member of a case, seat of a region, representative of an
organisation, guest of a meeting) and is written in the transaction of that membership. An app says
in `AppConfig.ready()` which rows its facts call for: `register(CaseGrant, expected)`.

guardian's own lists and `has_perm` let a superuser pass all of them; nobody else imports it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from guardian.models import (
    GroupObjectPermission,
    UserObjectPermission,
    UserObjectPermissionBase,
)

# Given users (or None for all), the rows that memberships call for: (user id, codename, object id).
Expected = Callable[[Iterable[Any] | None], Iterable[tuple[Any, str, Any]]]

_expected: dict[type["ObjectGrant"], Expected] = {}


class ObjectGrant(UserObjectPermissionBase):
    """A grant to a user on one row. A subclass adds `content_object`, a foreign key to the row.

    With a direct foreign key the database itself keeps a grant and its row together.
    """

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True

    def __str__(self) -> str:
        # guardian would print the row and the person; this text reaches logs.
        return f"{self._meta.label} {self.pk}"


def register(model: type[ObjectGrant], expected: Expected) -> None:
    """Say which rows of `model` the facts call for; `check_grants` compares the same."""
    if model in _expected:
        raise ValueError(f"{model._meta.label} is registered already.")
    _expected[model] = expected


def rows_in_generic_tables() -> int:
    """Rows in guardian's two tables without foreign keys, which stay empty: they leave orphans."""
    tables: tuple[type[models.Model], ...] = (UserObjectPermission, GroupObjectPermission)
    return sum(table._default_manager.count() for table in tables)


def differences() -> list[str]:
    """What stands in the grant tables against what the facts call for, one line each."""
    found = []
    for model, expected in _expected.items():
        wanted = set(expected(None))
        there = set(
            # `content_object` is the column that every subclass adds.
            model._default_manager.values_list(  # type: ignore[misc]
                "user_id", "permission__codename", "content_object_id"
            )
        )
        found += [f"{model._meta.label} missing: {row}" for row in sorted(map(str, wanted - there))]
        found += [f"{model._meta.label} surplus: {row}" for row in sorted(map(str, there - wanted))]
    return found
