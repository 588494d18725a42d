"""Object grants: who holds what on one row, and the only door to guardian.

A grant follows a membership (team member of a case, seat of a region, representative of an
organisation, guest of a meeting) and is written in the transaction of that membership. An app says
in `AppConfig.ready()` which rows its facts call for: `register(CaseGrant, expected)`.

guardian's own lists and `has_perm` let a superuser pass all of them; nobody else imports it.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.transaction import TransactionManagementError
from guardian.models import (
    GroupObjectPermission,
    UserObjectPermission,
    UserObjectPermissionBase,
)

logger = logging.getLogger(__name__)

# User id, codename, object id.
Row = tuple[str, str, str]
# Given users (or None for all), the rows that memberships call for: (user id, codename, object id).
Expected = Callable[[Iterable[Any] | None], Iterable[tuple[Any, str, Any]]]
# Told which users changed, in the same transaction: for lists that are kept in their order.
Also = Callable[[Iterable[Any]], None]

# `content_object` is the column that every subclass adds.
COLUMNS = ("user_id", "permission__codename", "content_object_id")
# guardian's own two tables, without foreign keys.
GENERIC: tuple[type[models.Model], ...] = (UserObjectPermission, GroupObjectPermission)

_expected: dict[type["ObjectGrant"], Expected] = {}
_also: list[Also] = []


class ObjectGrant(UserObjectPermissionBase):
    """A grant to a user on one row. A subclass adds `content_object`, a foreign key to the row.

    With a direct foreign key the database itself keeps a grant and its row together.
    """

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True

    def __str__(self) -> str:
        # guardian would print the row and the person; this text reaches logs.
        return f"{self._meta.label} {self.pk}"


def register(model: type[ObjectGrant], expected: Expected, also: Also | None = None) -> None:
    """Say which rows of `model` the facts call for; `check_grants` compares the same.

    `also` is called by `sync` with the same users, to keep an access table in step.
    """
    if model in _expected:
        raise ValueError(f"{model._meta.label} is registered already.")
    _expected[model] = expected
    if also:
        _also.append(also)


def sync(users: Iterable[Any]) -> None:
    """Bring the grants of `users` (ids) in step with their memberships.

    Called by the service that changes a membership, a holding or a period, in its transaction:
    a grant never stands without its reason. Raises outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("sync() belongs into the transaction of the change.")
    ids = sorted({str(user) for user in users})
    if not ids:
        return
    for model, expected in _expected.items():
        wanted = {(str(user), code, str(row)) for user, code, row in expected(ids)}
        there = {
            (str(user), code, str(row)): pk
            for pk, user, code, row in model._default_manager.filter(user_id__in=ids).values_list(
                "pk", *COLUMNS
            )
        }
        surplus = [pk for key, pk in there.items() if key not in wanted]
        if surplus:
            model._default_manager.filter(pk__in=surplus).delete()
        missing = sorted(wanted - set(there))
        if missing:
            permissions = _permissions_on(model)
            model._default_manager.bulk_create(
                model(user_id=user, permission=permissions[code], content_object_id=row)  # type: ignore[misc]
                for user, code, row in missing
            )
    for also in _also:
        also(ids)


def _permissions_on(model: type[ObjectGrant]) -> dict[str, Permission]:
    """What can be granted on the rows of `model`, by code name."""
    granted = model._meta.get_field("content_object").related_model  # type: ignore[misc]
    kind = ContentType.objects.get_for_model(granted)
    return {one.codename: one for one in Permission.objects.filter(content_type=kind)}


def rows_in_generic_tables() -> int:
    """Rows in guardian's two tables without foreign keys, which stay empty: they leave orphans."""
    return sum(table._default_manager.count() for table in GENERIC)


def differences() -> list[str]:
    """What stands in the grant tables against what the facts call for, one line each."""
    return [
        f"{one.model._meta.label} {'missing' if one.is_missing else 'surplus'}: {one.row}"
        for one in compare()
    ]


@dataclass(frozen=True)
class Difference:
    """A grant that is missing, or that stands without its reason. `row`: user, codename, object."""

    model: type[ObjectGrant]
    is_missing: bool
    row: Row


def compare() -> list[Difference]:
    """What `differences` says, as rows: model by model, what is missing first."""
    found = []
    for model in _expected:
        missing, surplus = _compare(model)
        found += [Difference(model, True, row) for row in sorted(missing)]
        found += [Difference(model, False, row) for row in sorted(surplus)]
    return found


def size(most: int) -> int:
    """How many grants stand, counted up to `most` in each table: comparing reads all of them."""
    return sum(model._default_manager.all()[:most].count() for model in _expected)


def clear_ended(now: dt.datetime) -> None:
    """Take the grants of memberships that have run out since: no service is called on that day.

    They open nothing meanwhile, because the period is asked at every request. Done daily. What is
    missing is mended in the same step and logged, because that no passing day can explain.
    """
    for model in _expected:
        missing, surplus = _compare(model)
        if missing:
            logger.warning("%s: %s grants were missing", model._meta.label, len(missing))
        for user in sorted({user for user, _code, _row in missing | surplus}):
            with transaction.atomic():
                sync([user])


def _compare(model: type[ObjectGrant]) -> tuple[set[Row], set[Row]]:
    """The rows that are missing in the table of `model`, and those that are surplus."""
    wanted = {(str(user), code, str(row)) for user, code, row in _expected[model](None)}
    there = {
        (str(user), code, str(row))
        for user, code, row in model._default_manager.values_list(*COLUMNS)
    }
    return wanted - there, there - wanted
