"""What is missing in the region and what works well: invented statements at different stages.

The state of most comes from the meetings (portal/starter/meetings.py); here they are noted, and
two of them are answered without a meeting. All is written through the services.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.models import Component, LifeDomain
from network.cases.models import Case, CaseGap
from network.cases.models.person import surname_hash
from network.cases.services.gaps import add_case_gap
from network.models import Gap, Municipality, Offer, Region
from network.services.gaps import note_gap, put_gap_aside, solve_gap
from portal.accounts.models import User
from portal.starter.network import POSTS
from portal.starter.source import read_yaml

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://tugivork.example/naidispuudused")


@transaction.atomic
def load_gaps(today: dt.date) -> dict[str, Gap]:
    """Note the gaps that are not there yet; returns those with a key, by key."""
    region = Region.objects.get(slug="vorumaa")
    found = {}
    for row in read_yaml("gaps"):
        # Each text is used once. What somebody answered in the demo stays.
        gap = Gap.objects.filter(region=region, text=row["text"]).first()
        if gap is None:
            gap = _note(row, region, today)
            _answer(gap, row, today)
        if "key" in row:
            found[row["key"]] = gap
    return found


def _note(row: dict[str, Any], region: Region, today: dt.date) -> Gap:
    """From a case where the row names one, else by whoever leads the region."""
    about: dict[str, Any] = {
        "municipality": Municipality.objects.get(slug=row["municipality"]),
        "component": Component.objects.get(code=row["component"]) if "component" in row else None,
        "domain": LifeDomain.objects.get(slug=row["domain"]) if "domain" in row else None,
        "kind": row["kind"],
        "text": row["text"],
    }
    day = months_before(today, row["months"])
    if "case" not in row:
        return note_gap(region=region, day=day, **about)
    holder = next(post.holder for post in POSTS if post.key == row["by"] and post.holder)
    noted = add_case_gap(
        Case.objects.get(person__is_sample=True, person__last_name_hash=surname_hash(row["case"])),
        by=User.objects.get(email=holder.email),
        key=uuid.uuid5(NAMESPACE, row["text"]),
        **about,
    )
    Gap.objects.filter(pk=noted.gap_id).update(month=day)
    noon = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=9), dt.time(12)))
    CaseGap.objects.filter(pk=noted.pk).update(noted_at=noon)
    return Gap.objects.get(pk=noted.gap_id)


def _answer(gap: Gap, row: dict[str, Any], today: dt.date) -> None:
    if aside := row.get("aside"):
        put_gap_aside(gap, day=_day(today, aside), answer=aside["answer"])
    if solved := row.get("solved"):
        offers = Offer.objects.filter(
            resource__organisation__slug=solved["offer"]["organisation"],
            component__code=solved["offer"]["component"],
        )
        came_of_it = offers.order_by("pk").first()
        solve_gap(gap, day=_day(today, solved), answer=solved["answer"], offer=came_of_it)


def _day(today: dt.date, answer: dict[str, Any]) -> dt.date:
    return today - dt.timedelta(days=answer["days"])


def months_before(day: dt.date, months: int) -> dt.date:
    """The first day of the month that was `months` before that of `day`."""
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
