"""What opens for the whole portal: its roles and the groups of the CMS. No case is behind any."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.cms_groups import PUBLISHERS
from portal.access.models import PortalRole
from portal.access.reach import Kind, Reach, Thing, in_period, overlapping, register, shared_days
from portal.access.roles import Role
from portal.accounts.models import User

SEES = {
    Role.AUDITOR: gettext_lazy("the view log, emergency looks and who can see what; no case"),
    Role.ADMINISTRATOR: gettext_lazy("positions, accounts and who can see what; no case"),
    Role.CATALOGUE_EDITOR: gettext_lazy("the catalogue"),
    Role.CONTENT_EDITOR: gettext_lazy("the texts of the site"),
}
TECHNICAL = "technical"


def role_reaches(
    day: dt.date,
    since: dt.date,
    *,
    users: Collection[Any] | None = None,
    things: Collection[Any] | None = None,
) -> Iterator[Reach]:
    """Roles in the portal, each for its time."""
    for given in _narrow(PortalRole.objects.filter(overlapping(since, day)), users, "role", things):
        if days := shared_days(day, given):
            yield Reach(
                given.user_id,
                given.role,
                (_("the role was given, %(period)s") % {"period": in_period(given)},),
                sees=str(SEES[Role(given.role)]),
                **days,
            )


def role_names(roles: Collection[Any]) -> dict[Any, Thing]:
    return {role: Thing(role, str(Role(role).label)) for role in roles}


def group_reaches(
    day: dt.date,
    since: dt.date,
    *,
    users: Collection[Any] | None = None,
    things: Collection[Any] | None = None,
) -> Iterator[Reach]:
    """Groups of the CMS and the technical administrator: they have no days."""
    links = User.groups.through.objects.select_related("group")
    for link in _narrow(links, users, "group_id", things):
        publishes = link.group.name == PUBLISHERS
        sees = _("writes and publishes the site") if publishes else _("writes the site")
        yield Reach(link.user_id, link.group_id, (_("member of the group"),), sees=sees)
    if things is None or TECHNICAL in things:
        technical = User.objects.filter(is_superuser=True)
        for user in technical if users is None else technical.filter(pk__in=users):
            yield Reach(
                user.pk,
                TECHNICAL,
                (_("the account is marked as technical administrator"),),
                sees=_("the settings of the site; no case"),
            )


def group_names(ids: Collection[Any]) -> dict[Any, Thing]:
    groups = Group.objects.in_bulk([pk for pk in ids if pk != TECHNICAL])
    found = {pk: Thing(pk, group.name) for pk, group in groups.items()}
    if TECHNICAL in ids:
        found[TECHNICAL] = Thing(TECHNICAL, _("technical administrator"))
    return found


def _narrow(
    rows: Any, users: Collection[Any] | None, column: str, things: Collection[Any] | None
) -> Iterable[Any]:
    if users is not None:
        rows = rows.filter(user_id__in=users)
    if things is not None:
        known = [pk for pk in things if pk != TECHNICAL]
        rows = rows.filter(**{f"{column}__in": known})
    return rows


def register_kinds() -> None:
    """Called once, when the app is ready."""
    label = gettext_lazy("Roles in the portal")
    register(Kind("role", label, role_reaches, role_names, order=50))
    label = gettext_lazy("Groups of the site's editors")
    register(Kind("group", label, group_reaches, group_names, order=60))
