"""Which rows become records, with everything a record needs: published ones, and no others."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from network.models import Municipality, OfferPrice, Organisation, Resource, ResourceChange
from network.querysets import OrganisationQuerySet, ResourceQuerySet

# What one record shows of the rows around it.
AROUND = (
    "organisation__municipality__county",
    "municipality__county",
    "offer__component__domain",
)


@dataclass(frozen=True)
class Words:
    """What editors have written about a component, in one language; `changed_at`: the last time."""

    name: str
    url: str
    summary: str = ""
    for_whom: str = ""
    delivered_by: str = ""
    changed_at: dt.datetime | None = None


@dataclass(frozen=True)
class Question:
    """What is asked for; empty means all.

    `terms`: conditions of `network.hsds.terms`; `changed_words`: components whose words are as new.
    """

    search: str = ""
    terms: tuple[Q, ...] = ()
    organisation: int | None = None
    modified_after: dt.datetime | None = None
    changed_words: list[int] = field(default_factory=list)


def services(question: Question, day: dt.date) -> ResourceQuerySet:
    """The published resources that fit, oldest first, so that new ones come at the end."""
    rows = Resource.objects.published().order_by("pk")
    if question.search:
        rows = rows.filter(
            Q(name__icontains=question.search)
            | Q(offer__component__name__icontains=question.search)
            | Q(organisation__name__icontains=question.search)
        )
    rows = rows.filter(*question.terms)
    if question.organisation is not None:
        rows = rows.filter(organisation_id=question.organisation)
    if question.modified_after:
        rows = rows.filter(_changed_since(question.modified_after, day, question.changed_words))
    return rows


def with_changes(rows: ResourceQuerySet, day: dt.date) -> ResourceQuerySet:
    """Add what surrounds a service, and the times at which it changed (see `modified`)."""
    prices = OfferPrice.objects.filter(offer_id=OuterRef("pk")).order_by()
    changes = ResourceChange.objects.filter(resource_id=OuterRef("pk")).order_by()
    done = changes.filter(state=ResourceChange.State.DONE).order_by("-at")
    approved = changes.filter(state=ResourceChange.State.APPROVED).order_by("-decided_at")
    begun = prices.filter(valid_from__lte=day).order_by("-valid_from")
    ended = prices.filter(valid_until__lte=day).order_by("-valid_until")
    return rows.select_related(*AROUND).annotate(
        done_at=Subquery(done.values("at")[:1]),
        approved_at=Subquery(approved.values("decided_at")[:1]),
        price_begun=Subquery(begun.values("valid_from")[:1]),
        price_ended=Subquery(ended.values("valid_until")[:1]),
    )


def with_all(rows: ResourceQuerySet, day: dt.date) -> ResourceQuerySet:
    """Add the prices of the day and the municipalities the offer comes to, in two statements."""
    prices = OfferPrice.objects.on(day).order_by("form", "pk")
    serves = Municipality.objects.select_related("county").order_by("name")
    return rows.prefetch_related(
        Prefetch("offer__prices", prices, to_attr="prices_today"),
        Prefetch("offer__serves", serves, to_attr="serves_now"),
    )


def modified(resource: Resource, words: Words | None) -> dt.datetime | None:
    """When what the record tells changed last; None if nobody has kept that.

    `resource` comes from `with_changes`. A price counts from the day on which it begins or ends.
    """
    days = (
        resource.confirmed_on,
        resource.price_begun,  # type: ignore[attr-defined]
        resource.price_ended,  # type: ignore[attr-defined]
    )
    times = [
        resource.done_at,  # type: ignore[attr-defined]
        resource.approved_at,  # type: ignore[attr-defined]
        words.changed_at if words else None,
        *(midnight(day) for day in days if day),
    ]
    return max((time for time in times if time), default=None)


def _changed_since(since: dt.datetime, day: dt.date, changed_words: list[int]) -> Q:
    """The same as `modified(…) >= since`, asked of the database."""
    local = timezone.localtime(since)
    first = local.date()
    if midnight(first) < since:
        first += dt.timedelta(days=1)
    changes = ResourceChange.objects.filter(
        Q(state=ResourceChange.State.DONE, at__gte=since)
        | Q(state=ResourceChange.State.APPROVED, decided_at__gte=since),
        resource_id=OuterRef("pk"),
    )
    prices = OfferPrice.objects.filter(
        Q(valid_from__range=(first, day)) | Q(valid_until__range=(first, day)),
        offer_id=OuterRef("pk"),
    )
    return (
        Q(confirmed_on__gte=first)
        | Q(offer__component_id__in=changed_words)
        | Exists(changes)
        | Exists(prices)
    )


def organisations(search: str = "", terms: tuple[Q, ...] = ()) -> OrganisationQuerySet:
    """The public organisations that fit, oldest first."""
    rows = Organisation.objects.public().order_by("pk").select_related("municipality__county")
    if search:
        rows = rows.filter(name__icontains=search)
    if terms:
        given = Resource.objects.published().filter(*terms, organisation_id=OuterRef("pk"))
        rows = rows.filter(Exists(given))
    return rows


def with_services(rows: OrganisationQuerySet) -> OrganisationQuerySet:
    """Add the published resources of each organisation, in one statement."""
    published = (
        Resource.objects.published()
        .order_by("pk")
        .select_related("municipality__county", "offer__component")
    )
    return rows.prefetch_related(Prefetch("resources", published, to_attr="published_resources"))


def midnight(day: dt.date) -> dt.datetime:
    """The moment at which `day` begins here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
