"""Life domains, components, rounds, reference prices and ceilings, as the sources settle them."""

import datetime as dt
from decimal import Decimal

from catalogue.models import Cap, Component, LifeDomain, Price, Round
from catalogue.models.component import Audience, Form
from portal.starter.source import money, read_csv, read_yaml

# From domain.md 1; the second round was prolonged into 2022, the last stays open.
ROUNDS = (
    ("2019-2021", "2019–2021", dt.date(2019, 1, 1), dt.date(2023, 1, 1)),
    ("2023-2024", "2023–2024", dt.date(2023, 1, 1), dt.date(2025, 1, 1)),
    ("2025-2026", "2025–2026", dt.date(2025, 1, 1), None),
)
# S3: the price row 35 / 0 / 35 of the two planning components.
REFERENCE = {"B1": Decimal("35.00"), "B2": Decimal("35.00")}
EMPLOYMENT = "hoivatus"
EMPLOYMENT_CEILING = Decimal("2280.00")


def load_catalogue() -> None:
    """Create the facts of the catalogue that are not there yet."""
    domains = load_domains()
    rounds = load_rounds()
    for position, row in enumerate(read_csv("component_decisions"), start=1):
        component, is_new = Component.objects.get_or_create(
            code=row["code"],
            defaults={
                "slug": row["slug"],
                "name": row["name_et"],
                "kind": row["kind"],
                "domain": domains.get(row["domain_slug"]),
                "audience": row["audience"],
                "is_individual": "individual" in row["forms"],
                "is_group": "group" in row["forms"],
                # A family component is given to a family member: the same hour, its own price.
                "is_family": row["audience"] == Audience.FAMILY,
                "qualified_only": bool(row["qualified_only"]),
                "position": position,
                "source": row["source"],
            },
        )
        if is_new:
            load_prices_and_cap(component, row, rounds["2023-2024"])
    Cap.objects.get_or_create(
        domain=domains[EMPLOYMENT],
        round=rounds["2025-2026"],
        defaults={
            "valid_from": rounds["2025-2026"].valid_from,
            "yearly": EMPLOYMENT_CEILING,
            "source": "Avalik hinnakiri 2025–2026",
        },
    )


def load_domains() -> dict[str, LifeDomain]:
    """The life domains by slug."""
    return {
        row["slug"]: LifeDomain.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "name_en": row.get("name_en", ""),
                "name_ru": row.get("name_ru", ""),
                "summary": row["summary"],
                "icon": row["icon"],
                "position": position,
            },
        )[0]
        for position, row in enumerate(read_yaml("life_domains"), start=1)
    }


def load_rounds() -> dict[str, Round]:
    """The funding rounds by slug."""
    return {
        slug: Round.objects.get_or_create(
            slug=slug, defaults={"name": name, "valid_from": begin, "valid_until": end}
        )[0]
        for slug, name, begin, end in ROUNDS
    }


def load_prices_and_cap(component: Component, row: dict[str, str], round_: Round) -> None:
    """The reference price and the ceiling that the sources give for the round 2023–2024."""
    period = {"valid_from": round_.valid_from, "valid_until": round_.valid_until}
    if amount := REFERENCE.get(component.code):
        Price.objects.create(
            component=component,
            round=round_,
            form=Form.INDIVIDUAL,
            net=amount,
            vat_rate=None,
            gross=amount,
            source="S3",
            **period,
        )
    if yearly := money(row["cap_yearly"]):
        Cap.objects.create(
            component=component,
            round=round_,
            monthly=money(row["cap_monthly"]),
            yearly=yearly,
            source=row["source"],
            **period,
        )
