"""What has changed in the catalogue lately: services, prices, ceilings, what is given no more."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from catalogue.models import Cap, Component, Price
from home.visit import Visit
from portal.templatetags.ui import euro, form_name

# Of each sort, and of all together.
MOST = 60
# Whatever is put right on the first day belongs to what is new.
SETTLING = dt.timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """`what` and `key` tell one change from every other, for good."""

    what: str
    key: str
    title: str
    text: str
    slug: str
    at: dt.datetime


def catalogue_changes(visit: Visit, components: Any) -> list[Change]:
    """The latest changes that hold by `visit.day`, newest first. Five statements at most."""
    pages = components.visible().in_language(visit.language)
    found = [
        *_pages(pages.filter(component__is_active=True)),
        *_prices(pages, visit.day),
        *_caps(pages, visit),
        *_closed(pages.filter(component__is_active=False)),
    ]
    return sorted(found, key=lambda change: (change.at, change.key), reverse=True)[:MOST]


def _pages(pages: Any) -> Iterable[Change]:
    for page in pages.filter(last_published_at__isnull=False).order_by("-last_published_at")[:MOST]:
        first = page.first_published_at or page.last_published_at
        yield Change(
            "new",
            str(page.component_id),
            _("New service: %(name)s") % {"name": page.title},
            page.summary,
            page.slug,
            first,
        )
        if page.last_published_at - first > SETTLING:
            yield Change(
                "changed",
                f"{page.component_id}/{page.last_published_at.isoformat()}",
                _("Text changed: %(name)s") % {"name": page.title},
                page.summary,
                page.slug,
                page.last_published_at,
            )


def _prices(pages: Any, day: dt.date) -> Iterable[Change]:
    """One change for all forms of a component that begin on one day."""
    rows = Price.objects.filter(
        valid_from__lte=day, component__is_active=True, component__in=pages.values("component")
    )
    together: dict[tuple[int, dt.date], list[Price]] = defaultdict(list)
    for price in rows.select_related("component").order_by("-valid_from", "component", "form")[
        : MOST * 3
    ]:
        together[price.component_id, price.valid_from].append(price)
    for (pk, begin), prices in together.items():
        yield Change(
            "price",
            f"{pk}/{begin}",
            _("New reference price: %(name)s") % {"name": prices[0].component.name},
            "; ".join(f"{form_name(price.form)} {euro(price.gross)}" for price in prices),
            prices[0].component.slug,
            midnight(begin),
        )


def _caps(pages: Any, visit: Visit) -> Iterable[Change]:
    rows = Cap.objects.filter(valid_from__lte=visit.day).select_related("component", "domain")
    shown = set(pages.filter(component__is_active=True).values_list("component_id", flat=True))
    for cap in rows.order_by("-valid_from", "pk")[:MOST]:
        if cap.component_id and cap.component_id not in shown:
            continue
        name = cap.component.name if cap.component else ""
        if cap.domain:
            name = cap.domain.name_in(visit.language)
        yield Change(
            "cap",
            f"{cap.component_id or 0}/{cap.domain_id or 0}/{cap.valid_from}",
            _("New ceiling: %(name)s") % {"name": name},
            _("%(amount)s in a calendar year") % {"amount": euro(cap.yearly)},
            cap.component.slug if cap.component else "",
            midnight(cap.valid_from),
        )


def _closed(pages: Any) -> Iterable[Change]:
    """Services out of use that still have their page; the log of the CMS says since when."""
    closed = {page.component_id: page for page in pages.order_by("-pk")[:MOST]}
    if not closed:
        return
    kind = ContentType.objects.get_for_model(Component)
    since: dict[str, dt.datetime] = {}
    for pk, at in (
        ModelLogEntry.objects.filter(content_type=kind, object_id__in=map(str, closed))
        .order_by("timestamp")
        .values_list("object_id", "timestamp")
    ):
        since[pk] = at
    for key, page in closed.items():
        at = since.get(str(key)) or page.last_published_at
        if at:
            yield Change(
                "closed",
                f"{key}/{at.isoformat()}",
                _("No longer given: %(name)s") % {"name": page.title},
                page.summary,
                page.slug,
                at,
            )


def midnight(day: dt.date) -> dt.datetime:
    """The moment at which `day` begins here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
