"""The table of a round: every component in every form with its price of a day, and the ceilings."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.models import Cap, Component, LifeDomain, Price, Round

# More rows than this are shown one life domain at a time.
MOST_AT_ONCE = 100
BASE = "base"


@dataclass(frozen=True)
class PriceLine:
    """One form of a component; `price` is what holds on the day, or None."""

    component: Component
    form: str
    price: Price | None

    @property
    def name(self) -> str:
        return f"p{self.component.pk}-{self.form}"

    @property
    def stored(self) -> dict[str, Decimal | None]:
        price = self.price
        return {
            "net": price.net if price else None,
            "vat_rate": price.vat_rate if price else None,
            "gross": price.gross if price else None,
        }


@dataclass(frozen=True)
class CapLine:
    """The ceiling of a component or of a life domain; `cap` is what holds on the day, or None."""

    owner: Component | LifeDomain
    cap: Cap | None

    @property
    def is_domain(self) -> bool:
        return isinstance(self.owner, LifeDomain)

    @property
    def name(self) -> str:
        return f"{'d' if self.is_domain else 'c'}{self.owner.pk}"

    @property
    def stored(self) -> dict[str, Decimal | None]:
        return {
            "monthly": self.cap.monthly if self.cap else None,
            "yearly": self.cap.yearly if self.cap else None,
        }


@dataclass
class Section:
    """A life domain, or base support, with its lines."""

    slug: str
    heading: str
    prices: list[PriceLine] = field(default_factory=list)
    caps: list[CapLine] = field(default_factory=list)


@dataclass(frozen=True)
class RoundTable:
    """`domains`: slugs and names to choose from where the table is too long to show at once."""

    round: Round
    day: dt.date
    sections: list[Section]
    domains: list[tuple[str, str]]
    chosen: str

    @property
    def lines(self) -> list[PriceLine | CapLine]:
        found: list[PriceLine | CapLine] = []
        for section in self.sections:
            found += [*section.prices, *section.caps]
        return found


def round_table(round_: Round, day: dt.date, domain: str, base_name: str) -> RoundTable:
    """The table of `round_` with what holds on `day`; four statements.

    `domain`: slug of the life domain that was asked for; `base_name`: heading of base support.
    """
    components = list(Component.objects.filter(is_active=True).select_related("domain"))
    domains = list(LifeDomain.objects.all())
    known = [(BASE, base_name), *((one.slug, one.name) for one in domains)]
    choices = known if len(components) > MOST_AT_ONCE else []
    chosen = domain if domain in dict(choices) else (choices[0][0] if choices else "")
    prices = {
        (price.component_id, price.form): price
        for price in Price.objects.filter(round=round_).valid_on(day)
    }
    caps = list(Cap.objects.filter(round=round_).valid_on(day))
    of_component = {cap.component_id: cap for cap in caps if cap.component_id}
    of_domain = {cap.domain_id: cap for cap in caps if cap.domain_id}
    sections = {slug: Section(slug, name) for slug, name in known if not chosen or slug == chosen}
    for one in domains:
        if one.slug in sections:
            sections[one.slug].caps.append(CapLine(one, of_domain.get(one.pk)))
    for component in components:
        section = sections.get(component.domain.slug if component.domain else BASE)
        if section is None:
            continue
        section.prices += [
            PriceLine(component, form.value, prices.get((component.pk, form.value)))
            for form in component.forms
        ]
        section.caps.append(CapLine(component, of_component.get(component.pk)))
    filled = [one for one in sections.values() if one.prices or one.caps]
    return RoundTable(round_, day, filled, choices, chosen)
