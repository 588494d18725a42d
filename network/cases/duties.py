"""What positions have to do on cases, in numbers; and what ends when an organisation leaves."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.cases.acting import about, acting_in
from network.cases.models import Case, TeamMember
from network.cases.policies import LEADS
from network.models import Position
from network.services.people import sync_position
from portal.audit.log import record


def of_positions(positions: Collection[uuid.UUID], day: dt.date) -> dict[uuid.UUID, list[str]]:
    """How many open cases each works on; of which it alone sees everything; who waits for it."""
    others = (
        TeamMember.objects.accepted()
        .valid_on(day)
        .filter(case_id=OuterRef("case_id"), role__in=LEADS)
        .exclude(position_id=OuterRef("position_id"))
    )
    on_team = Q(state=TeamMember.State.ACCEPTED)
    leads = on_team & Q(role__in=LEADS)
    is_alone: Any = leads & ~Exists(others)
    counts = (
        TeamMember.objects.valid_on(day)
        .filter(position_id__in=positions)
        .exclude(case__state=Case.State.CLOSED)
        .order_by()
        .values("position_id")
        .annotate(
            leads=Count("pk", filter=leads),
            alone=Count("pk", filter=is_alone),
            helps=Count("pk", filter=on_team & ~Q(role__in=LEADS)),
            asked=Count("pk", filter=Q(state=TeamMember.State.INVITED)),
        )
    )
    rows: Any = counts
    return {row["position_id"]: _in_words(row) for row in rows if any(_numbers(row))}


def _numbers(row: dict[str, Any]) -> list[int]:
    return [row["leads"], row["helps"], row["asked"]]


def _in_words(row: dict[str, Any]) -> list[str]:
    leads, alone, helps, asked = (row[name] for name in ("leads", "alone", "helps", "asked"))
    words = []
    if leads:
        words.append(
            ngettext("holds %(n)d open case together", "holds %(n)d open cases together", leads)
            % {"n": leads}
        )
    if alone:
        words.append(
            ngettext(
                "in %(n)d case nobody else sees everything",
                "in %(n)d cases nobody else sees everything",
                alone,
            )
            % {"n": alone}
        )
    if helps:
        words.append(
            ngettext(
                "is on the team of %(n)d further case",
                "is on the teams of %(n)d further cases",
                helps,
            )
            % {"n": helps}
        )
    if asked:
        words.append(
            ngettext(
                "has %(n)d invitation to a team to answer",
                "has %(n)d invitations to a team to answer",
                asked,
            )
            % {"n": asked}
        )
    return words


def end_teams(organisation: Any, region: Any, day: dt.date, by: Any) -> None:
    """Take the positions of `organisation` off the teams of all cases of `region`, at once.

    In the transaction in which it leaves the region. Raises ValidationError if an open case
    would have nobody left who sees all of it; says no number, because who asks sees no case.
    """
    mine = Q(position__organisation=organisation)
    members = (
        TeamMember.objects.filter(mine, case__region=region)
        .exclude(state=TeamMember.State.DECLINED)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))
    )
    # Held in one order and then counted: two leaving at once must not each see the other stay.
    cases = list(
        Case.objects.select_for_update()
        .filter(pk__in=members.values("case_id"))
        .order_by("pk")
        .defer("noticing")
    )
    leads = TeamMember.objects.accepted().valid_on(day).filter(role__in=LEADS)
    leads = leads.filter(case_id=OuterRef("pk"))
    alone = Case.objects.filter(Exists(leads.filter(mine)), ~Exists(leads.exclude(mine)))
    if alone.filter(pk__in=[case.pk for case in cases]).exclude(state="closed").exists():
        raise ValidationError(
            _(
                "Some people would be left without anybody who holds their help together. First "
                "another base support provider or case manager has to join those case teams."
            )
        )
    actors = {case.pk: acting_in(by, case, day) for case in cases}
    by_pk = {case.pk: case for case in cases}
    positions = set()
    for member in list(members.defer("task")):
        if member.valid_from >= day:
            # A period holds whole days; what began today is taken back, the log keeps it.
            member.state, member.answered_at = TeamMember.State.DECLINED, None
            member.save(update_fields=["state", "answered_at"])
        else:
            member.valid_until = day
            member.save(update_fields=["valid_until"])
        positions.add(member.position_id)
        record(actors[member.case_id], about(by_pk[member.case_id]), actioncode="team_member_end")
    for position in Position.objects.filter(pk__in=positions):
        sync_position(position)
