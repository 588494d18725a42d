"""Who may do what: the machine of it. The rules stand in each app's `policies.py`."""

import datetime as dt
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet

from portal.access.models import PortalRole
from portal.access.roles import Role

M = TypeVar("M", bound=Model)
Anybody = AbstractBaseUser | AnonymousUser


def is_administrator(user: Any, day: dt.date) -> bool:
    """Does `user` look after the portal on `day`? Asked anew at every request. Opens no case."""
    roles = PortalRole.objects.valid_on(day).filter(user_id=user.pk, role=Role.ADMINISTRATOR)
    return user.is_active and roles.exists()


class UnknownAction(ValueError):
    """An action that the policy does not declare: a mistake in the code, never a "no"."""


class Refused(PermissionDenied):
    """A refusal with a sentence for the reader, who may know that the row is there."""


class Policy(Generic[M]):
    """A policy declares its actions and writes the rows a user may act on.

    A subclass sets `model` and `actions` and writes `rows_for()`. Lists, pages, buttons, exports
    and feeds all ask `rows()` or `allows()`, which cannot disagree. Being a superuser is nothing.
    """

    model: type[M]
    actions: ClassVar[frozenset[str]] = frozenset()
    # Whoever may do one of these knows that the row is there: another action is refused with 403.
    visible_by: ClassVar[tuple[str, ...]] = ("view",)

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[M]:
        """The rows on which `user`, signed in and active, may do `action` on `day`."""
        raise NotImplementedError

    @classmethod
    def rows(cls, user: Anybody, action: str, day: dt.date) -> QuerySet[M]:
        """The rows on which anybody may do `action` on `day`; signed out or inactive: none."""
        if action not in cls.actions:
            raise UnknownAction(f"{cls.__name__} has no action “{action}”.")
        if not (user.is_authenticated and user.is_active):
            return cls.model._default_manager.none()
        return cls.rows_for(user, action, day)

    @classmethod
    def allows(cls, user: Anybody, action: str, obj: M, day: dt.date) -> bool:
        """May `user` do `action` on `obj` on `day`? Derived from the rows."""
        return cls.rows(user, action, day).filter(pk=obj.pk).exists()

    @classmethod
    def sees(cls, user: Anybody, day: dt.date, **lookup: Any) -> bool:
        """May `user` know that the row of `lookup` is there?"""
        return any(
            cls.rows(user, action, day).filter(**lookup).exists()
            for action in cls.visible_by
            if action in cls.actions
        )

    @classmethod
    def why_not(cls, user: Anybody, action: str, day: dt.date, pk: Any) -> str:
        """The sentence for whoever sees the row and was refused, empty for the usual one."""
        return ""
