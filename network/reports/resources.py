"""Resources as those who work with them see them: rows of a list, and what waits for whom.

Of a confidential place no row here carries more than the municipality.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalogue.models.component import Form
from network.models import Offer, OfferPrice, Organisation, Resource, ResourceChange
from network.reports.changes import component_names
from network.reports.languages import in_words
from network.reports.offers import FORM_ORDER
from portal.templatetags.ui import day as day_in_words
from portal.templatetags.ui import form_name

DESK_ROWS = 3


@dataclass(frozen=True)
class ResourceRow:
    """A resource in a list. `free` and `weeks` are None where nobody has said, or it is no offer.

    `prices`: form and what an hour costs with VAT; `address` is empty for a confidential place.
    """

    id: int
    version: int
    title: str
    kind: str
    kind_name: str
    is_offer: bool
    state: str
    state_name: str
    organisation: str
    is_sample: bool
    municipality: str
    address: str
    is_confidential: bool
    places: int | None
    free: int | None
    weeks: int | None
    at_home: bool
    remote: bool
    languages: str
    note: str
    confirmed_on: dt.date | None
    is_fresh: bool
    is_confirmed_today: bool
    has_proposal: bool
    prices: list[tuple[str, Decimal]] = field(default_factory=list)
    # Form, price and first day where none holds yet.
    coming: list[tuple[str, Decimal, dt.date]] = field(default_factory=list)

    @property
    def capacity(self) -> str:
        """`free`, `waiting`, `full` or `unknown`, as everywhere; empty for what is no offer."""
        if not self.is_offer:
            return ""
        if self.free:
            return "free"
        if self.weeks:
            return "waiting"
        return "full" if self.free == 0 else "unknown"


@dataclass(frozen=True)
class ProposalRow:
    """A change or a new resource that somebody has asked for."""

    change: ResourceChange
    title: str
    organisation: str
    who: str

    @property
    def is_new(self) -> bool:
        return self.change.resource_id is None


def not_confirmed_lately(day: dt.date) -> Q:
    """Resources of which nobody has said for too long that it is still so."""
    oldest = day - dt.timedelta(days=settings.OFFER_FRESH_DAYS)
    return Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=oldest)


def resource_rows(resources: Any, day: dt.date) -> list[ResourceRow]:
    """`resources` (rows of a queryset, or a page of them) with the prices of `day`.

    In their order, in two statements.
    """
    waiting = ResourceChange.objects.filter(
        resource_id=OuterRef("pk"), state=ResourceChange.State.WAITING
    )
    not_over = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    known = OfferPrice.objects.filter(not_over).order_by("valid_from")
    prices = Prefetch("offer__prices", known, to_attr="prices_known")
    found = (
        resources.select_related("organisation", "municipality", "offer__component")
        .prefetch_related(prices)
        .annotate(has_proposal=Exists(waiting))
    )
    return [_row(resource, day) for resource in found]


def _row(resource: Resource, day: dt.date) -> ResourceRow:
    offer: Offer | None = getattr(resource, "offer", None)
    known: list[OfferPrice] = sorted(
        getattr(offer, "prices_known", []), key=lambda price: FORM_ORDER.index(price.form)
    )
    today = [price for price in known if price.valid_from <= day]
    first = {price.form: price for price in reversed(known)}
    held = {price.form for price in today}
    return ResourceRow(
        id=resource.pk,
        version=resource.version,
        title=title_of(resource),
        kind=resource.kind,
        kind_name=capfirst(resource.get_kind_display()),
        is_offer=offer is not None,
        state=resource.state,
        state_name=resource.get_state_display(),
        organisation=resource.organisation.name,
        is_sample=resource.organisation.is_sample,
        municipality=resource.municipality.name,
        address=resource.public_address,
        is_confidential=resource.is_confidential,
        places=offer.places if offer else None,
        free=offer.free_places if offer else None,
        weeks=offer.waiting_weeks if offer else None,
        at_home=bool(offer and offer.at_home),
        remote=bool(offer and offer.remote),
        languages=in_words(offer.languages) if offer else "",
        note=offer.note if offer else "",
        confirmed_on=resource.confirmed_on,
        is_fresh=resource.is_fresh(day),
        is_confirmed_today=resource.confirmed_on == day,
        has_proposal=bool(getattr(resource, "has_proposal", False)),
        prices=[(price.form, price.gross) for price in today],
        coming=[
            (price.form, price.gross, price.valid_from)
            for price in known
            if price.form not in held and price is first[price.form]
        ],
    )


def title_of(resource: Resource) -> str:
    """What a resource is called: its own name, else its component's, else its organisation's."""
    offer: Offer | None = getattr(resource, "offer", None)
    if offer is None:
        return resource.name or resource.organisation.name
    name = offer.component.name
    return f"{name}: {resource.name}" if resource.name else name


def proposal_rows(proposals: QuerySet[ResourceChange]) -> list[ProposalRow]:
    """`proposals` in their order, in two statements at most."""
    found = list(
        proposals.select_related(
            "organisation",
            "by",
            "decided_by",
            "resource__organisation",
            "resource__offer__component",
        )
    )
    names = component_names(*(change.after for change in found))
    return [
        ProposalRow(
            change, title_of_proposal(change, names), change.organisation.name, str(change.by)
        )
        for change in found
    ]


def title_of_proposal(change: ResourceChange, names: dict[int, str]) -> str:
    """What the proposal is about; `names` of components by id."""
    if change.resource is not None:
        return title_of(change.resource)
    after = change.after
    return after.get("name") or names.get(after.get("component") or 0) or str(change.organisation)


def to_look_after(resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """`resources` that are not withdrawn, the longest unconfirmed first."""
    order = (F("confirmed_on").asc(nulls_first=True), "offer__component__name", "name", "pk")
    return resources.exclude(state=Resource.State.WITHDRAWN).order_by(*order)


def in_steady_order(resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """`resources` that are not withdrawn, in an order that confirming one does not change."""
    order = ("offer__component__name", "name", "municipality__name", "pk")
    return resources.exclude(state=Resource.State.WITHDRAWN).order_by(*order)


def offers_to_confirm(
    organisations: QuerySet[Organisation], day: dt.date
) -> tuple[int, list[ResourceRow]]:
    """For the desk: how many published resources of `organisations` wait for a word, and some.

    `organisations` are `OfferingPolicy.rows(user, "own", day)`. Three statements at most.
    """
    waiting = Resource.objects.filter(
        not_confirmed_lately(day),
        organisation__in=organisations,
        state=Resource.State.PUBLISHED,
    )
    count = waiting.count()
    return count, resource_rows(to_look_after(waiting)[:DESK_ROWS], day) if count else []


def table(rows: list[ResourceRow]) -> Iterator[list[Any]]:
    """The rows for a spreadsheet, under `heading`."""
    for row in rows:
        prices = dict(row.prices)
        yield [
            row.title,
            row.kind_name,
            row.organisation,
            row.municipality,
            row.address,
            row.state_name,
            *(prices.get(form, "") for form in FORM_ORDER),
            row.places,
            row.free,
            row.weeks,
            _yes(row.at_home),
            _yes(row.remote),
            row.languages,
            day_in_words(row.confirmed_on),
            row.note,
        ]


def heading() -> list[str]:
    """What stands above each column of `table`."""
    return [
        _("Name"),
        _("What it is"),
        _("Organisation"),
        _("Municipality"),
        _("Street address"),
        _("State"),
        *(_("%(form)s, € with VAT") % {"form": capfirst(form_name(form.value))} for form in Form),
        _("Places"),
        _("Free places"),
        _("Waiting time, weeks"),
        _("Given at home"),
        _("By phone or online"),
        _("Languages"),
        _("Last confirmed"),
        _("Good to know"),
    ]


def _yes(value: bool) -> str:
    return _("yes") if value else ""
