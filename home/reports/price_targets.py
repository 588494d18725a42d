"""Where prices can go, and what stands there: those of a round, or of an organisation's offers.

What the importer of the catalogue has to know of the database, given to it as plain values.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalogue.importer.alike import Word
from catalogue.importer.known import Known, KnownComponent, Slot, Stored, Target
from catalogue.models import Component, LifeDomain, Price, Round
from catalogue.models.price_import import ORGANISATION, ROUND
from catalogue.policies import RoundPolicy
from network.models import OfferPrice, Organisation, Resource, ResourceChange
from network.policies import OfferingPolicy, ResourcePolicy
from network.services.resources import EARLIEST_PRICE, LATEST_PRICE
from portal.search import synonyms
from portal.templatetags.ui import day as day_in_words

Place = tuple[str, int, str]


@dataclass(frozen=True)
class TargetRow:
    """A round or an organisation as it is chosen: `value` such as “round:3”."""

    value: str
    label: str
    row: Round | Organisation

    @property
    def is_round(self) -> bool:
        return isinstance(self.row, Round)


def targets_of(user: Any, day: dt.date) -> list[TargetRow]:
    """Everything that `user` may set prices of, rounds first."""
    rounds = [
        TargetRow(f"{ROUND}:{row.pk}", row.name, row)
        for row in RoundPolicy.rows(user, "price", day).order_by("-valid_from")
    ]
    return rounds + [
        TargetRow(f"{ORGANISATION}:{row.pk}", row.name, row)
        for row in OfferingPolicy.rows(user, "add", day).order_by("name")
    ]


def known_catalogue() -> Known:
    """All components, what is said of them, and life domains, in three statements."""
    with_pages = Component.objects.filter(pages__live=True)
    pages = with_pages.values_list("pk", "pages__terms", "pages__summary")
    words: dict[int, str] = {}
    for pk, *said in pages:
        words[pk] = " ".join([words.get(pk, ""), *said])
    components = [
        KnownComponent(
            row.pk,
            row.code,
            row.name,
            row.domain.slug if row.domain else "",
            tuple(row.forms),
            words.get(row.pk, ""),
        )
        for row in Component.objects.select_related("domain")
    ]
    domains = {
        row.slug: tuple(name for name in (row.name, row.name_en, row.name_ru) if name)
        for row in LifeDomain.objects.all()
    }
    return Known(components, domains, _meant)


def _meant(asked: list[Word]) -> Iterator[tuple[list[Word], list[Word]]]:
    """What the editors' list of synonyms says that words of a name mean."""
    terms = frozenset().union(*asked)
    for rule in synonyms.table().rules(terms):
        if all(not word.isdisjoint(terms) for word in rule.said):
            for phrase in rule.meant:
                yield list(rule.said), [frozenset(word) for word in phrase]


def target_of(chosen: TargetRow, user: Any, day: dt.date) -> Target:
    """What stands where the prices go."""
    if isinstance(chosen.row, Round):
        return _of_round(chosen.row)
    return _of_organisation(chosen.row, user, day)


def period_of(round_: Round) -> str:
    """From when to when a round lasts, as a sentence."""
    words = {"round": round_.name, "first": day_in_words(round_.valid_from)}
    if round_.last_day:
        words["last"] = day_in_words(round_.last_day)
        return _("The round %(round)s lasts from %(first)s to %(last)s.") % words
    return _("The round %(round)s begins on %(first)s.") % words


def _of_round(round_: Round) -> Target:
    stored: dict[Place, list[Stored]] = {}
    slot = Slot(str(round_.pk), round_.name)
    for row in Price.objects.all():
        stored.setdefault((slot.key, row.component_id, row.form), []).append(_stored(row))

    def refuses(day: dt.date, rows: Iterable[Stored]) -> tuple[str, str]:
        return ("", "") if round_.is_valid_on(day) else ("day_of_round", period_of(round_))

    return Target(lambda component: [slot], stored, refuses)


def _of_organisation(organisation: Organisation, user: Any, day: dt.date) -> Target:
    offers = offers_of(organisation, user, day)
    stored: dict[Place, list[Stored]] = {}
    components = {resource.pk: resource.offer.component_id for resource in offers}
    for row in OfferPrice.objects.filter(offer_id__in=components).order_by("valid_from"):
        place = (str(row.offer_id), components[row.offer_id], row.form)
        stored.setdefault(place, []).append(_stored(row))
    _with_proposals(stored, components, user, day)
    slots: dict[int, list[Slot]] = {}
    for resource, label in zip(offers, _labels(offers), strict=True):
        slots.setdefault(resource.offer.component_id, []).append(Slot(str(resource.pk), label))

    def refuses(since: dt.date, rows: Iterable[Stored]) -> tuple[str, str]:
        if not EARLIEST_PRICE <= since <= day + LATEST_PRICE:
            return "day_far", ""
        if since < day and any(row.valid_from < day for row in rows):
            return "day_past", ""
        return "", ""

    return Target(
        lambda component: slots.get(component, []),
        stored,
        refuses,
        asks_to_correct=False,
        one_day=True,
    )


def offers_of(organisation: Organisation, user: Any, day: dt.date) -> list[Resource]:
    """The offers of the organisation whose prices `user` may write, not withdrawn."""
    rows = ResourcePolicy.rows(user, "edit", day).filter(
        organisation=organisation, kind=Resource.Kind.OFFER, offer__isnull=False
    )
    rows = rows.exclude(state=Resource.State.WITHDRAWN)
    ordered = rows.select_related("offer__component", "municipality")
    return list(ordered.order_by("offer__component__position", "municipality__name", "pk"))


def _labels(offers: list[Resource]) -> list[str]:
    """Where each offer is; offers of the same component in the same place by number. No address:
    the place may be confidential.
    """
    said = [
        " · ".join(part for part in (str(row.municipality or ""), row.name) if part)
        for row in offers
    ]
    pairs = [(row.offer.component_id, label) for row, label in zip(offers, said, strict=True)]
    times = Counter(pairs)
    return [
        f"{pair[1]} (nr {row.pk})" if times[pair] > 1 else pair[1]
        for row, pair in zip(offers, pairs, strict=True)
    ]


def _with_proposals(
    stored: dict[Place, list[Stored]], components: dict[int, int], user: Any, day: dt.date
) -> None:
    """What somebody asked for already counts as standing: asked again, nothing is new."""
    waiting = ResourceChange.objects.filter(
        resource_id__in=components, state=ResourceChange.State.WAITING
    )
    managed = set(ResourcePolicy.rows(user, "manage", day).values_list("pk", flat=True))
    for change in waiting:
        pk = change.resource_id
        if pk is None or pk in managed:
            continue
        for form, price in change.after.get("prices", {}).items():
            rate = price["vat_rate"]
            row = Stored(
                Decimal(price["net"]),
                None if rate is None else Decimal(rate),
                Decimal(price["gross"]),
                dt.date.fromisoformat(price["valid_from"]),
            )
            place = (str(pk), components[pk], form)
            earlier = [one for one in stored.get(place, []) if one.valid_from < row.valid_from]
            stored[place] = [row, *earlier]


def _stored(row: Price | OfferPrice) -> Stored:
    return Stored(row.net, row.vat_rate, row.gross, row.valid_from, row.valid_until)
