"""How people reach a case: by its team, by leading an organisation of it, in an emergency.

Case numbers only: no name, no content.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.cases.models import BreakGlass, Case, CaseGrant, TeamMember
from network.cases.policies import CasePolicy
from network.cases.sight import in_words
from network.explain import by_position, holdings_between, steps_of
from network.models import Holding
from portal.access.reach import Kind, Reach, Thing, in_period, overlapping, register, shared_days
from portal.access.roles import Role
from portal.templatetags.ui import day_time, time_of_day


def case_reaches(
    day: dt.date,
    since: dt.date,
    *,
    users: Collection[Any] | None = None,
    things: Collection[Any] | None = None,
) -> Iterator[Reach]:
    """All three ways, whatever the number of cases in the same statements."""
    yield from _by_team(day, since, users, things)
    yield from _by_leading(day, since, users, things)
    yield from _in_emergency(day, since, users, things)


def _members(since: dt.date, day: dt.date, things: Collection[Any] | None) -> QuerySet[TeamMember]:
    rows = TeamMember.objects.accepted().filter(overlapping(since, day))
    if things is not None:
        rows = rows.filter(case_id__in=things)
    return rows.defer("task").order_by("valid_from", "pk")


def _by_team(
    day: dt.date, since: dt.date, users: Collection[Any] | None, things: Collection[Any] | None
) -> Iterator[Reach]:
    holders = holdings_between(since, day, users=users)
    members = list(
        _members(since, day, things)
        .filter(position_id__in=holders.order_by().values("position_id"))
        .select_related("invited_by")
    )
    held = by_position(holders.filter(position_id__in={row.position_id for row in members}))
    for member in members:
        for holding in held.get(member.position_id, []):
            if days := shared_days(day, member, holding):
                yield Reach(
                    holding.user_id,
                    member.case_id,
                    (_on_team(member, holding), *steps_of(holding)),
                    sees=in_words(member.role, member.parts),
                    needs_grant=True,
                    **days,
                )


def _on_team(member: TeamMember, holding: Holding) -> str:
    words = {
        "role": member.get_role_display(),
        "period": in_period(member),
        "who": member.invited_by,
    }
    if member.invited_by_id == holding.user_id:
        # Whoever opens a case is on its team from the beginning.
        return _("%(role)s on the team, %(period)s") % words
    return _("%(role)s on the team, %(period)s, invited by %(who)s") % words


def _by_leading(
    day: dt.date, since: dt.date, users: Collection[Any] | None, things: Collection[Any] | None
) -> Iterator[Reach]:
    """One chain for each lead and case, by the membership that lasts longest."""
    leading = holdings_between(since, day, users=users).filter(
        position__role=Role.ORGANISATION_LEAD
    )
    members = _members(since, day, things).filter(
        position__organisation_id__in=leading.order_by().values("position__organisation_id")
    )
    longest: dict[Any, TeamMember] = {}
    for member in members.select_related("position__organisation"):
        key = (member.case_id, member.position.organisation_id)
        known = longest.get(key)
        if known is None or (member.valid_until or dt.date.max) > (
            known.valid_until or dt.date.max
        ):
            longest[key] = member
    by_organisation: dict[Any, list[Holding]] = {}
    for holding in leading.filter(
        position__organisation_id__in={organisation for _case, organisation in longest}
    ):
        by_organisation.setdefault(holding.position.organisation_id, []).append(holding)
    for (case_id, organisation_id), member in longest.items():
        for holding in by_organisation.get(organisation_id, []):
            if days := shared_days(day, member, holding):
                organisation = {
                    "organisation": member.position.organisation.name,
                    "period": in_period(member),
                }
                yield Reach(
                    holding.user_id,
                    case_id,
                    (
                        _("%(organisation)s works on the case, %(period)s") % organisation,
                        *steps_of(holding),
                    ),
                    sees=in_words(Role.ORGANISATION_LEAD),
                    **days,
                )


def _in_emergency(
    day: dt.date, since: dt.date, users: Collection[Any] | None, things: Collection[Any] | None
) -> Iterator[Reach]:
    """Looks of the last weeks; whether one is open is asked to the minute, as the policy does."""
    now = timezone.now()
    lately = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    looks = BreakGlass.objects.filter(ends_at__gt=lately, started_at__lte=now)
    if users is not None:
        looks = looks.filter(user_id__in=users)
    if things is not None:
        looks = looks.filter(case_id__in=things)
    for look in looks.defer("reason").select_related("position__organisation"):
        hour = {"first": day_time(look.started_at), "last": time_of_day(look.ends_at)}
        begun = timezone.localdate(look.started_at)
        is_over = look.ends_at <= now
        yield Reach(
            look.user_id,
            look.case_id,
            (
                _("emergency look, %(first)s to %(last)s") % hour,
                _("position: %(title)s, %(organisation)s")
                % {
                    "title": look.position.title,
                    "organisation": look.position.organisation.name,
                },
            ),
            sees=_("everything but who has looked, to read only"),
            valid_from=begun,
            valid_until=begun + dt.timedelta(days=1),
            is_over=is_over,
        )


def case_names(ids: Collection[Any]) -> dict[Any, Thing]:
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "number")
    return {pk: Thing(pk, number, number) for pk, number in rows}


CASE = Kind(
    "case",
    gettext_lazy("Cases"),
    case_reaches,
    case_names,
    told={
        "view": gettext_lazy("opens the case"),
        "outline": gettext_lazy("opens the outline of the case"),
        "edit": gettext_lazy("changes the case"),
        "note": gettext_lazy("writes notes"),
        "invite": gettext_lazy("invites to the team"),
        "see_code": gettext_lazy("sees the personal code"),
        "see_log": gettext_lazy("sees who has looked"),
        "extract": gettext_lazy("takes an extract for the person"),
    },
    policy=CasePolicy,
    grant=CaseGrant,
    route="rights_of_case",
    order=0,
)


def register_kinds() -> None:
    """Called once, when the app is ready."""
    register(CASE)
