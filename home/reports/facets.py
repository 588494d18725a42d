"""Choices of a filter with how many rows each would give, and the ways to take them off."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict

from portal.base.memo import per_statement


@dataclass(frozen=True)
class Choice:
    """One tick box of a filter: how many rows it would give, and the address without it."""

    value: str
    label: str
    count: int
    is_on: bool
    address_without: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: list[Choice]


def facets_of(filters: Any, conditions: dict[str, Q], asked: QueryDict) -> tuple[list[Facet], int]:
    """Counts of every choice under the other filters, and the total.

    One statement, or none where the same was asked since the public content changed last.
    """
    everything = Q(pk__isnull=False)
    counts = {"total": Count("pk", filter=_all(everything, conditions.values()))}
    for name, field_ in filters.form.fields.items():
        others = [condition for other, condition in conditions.items() if other != name]
        for value, _label in field_.choices:
            counts[f"{name}__{value}"] = Count(
                "pk", filter=_all(filters.condition(name, value), others)
            )
    rows = filters.queryset.order_by()
    counted = per_statement(
        rows.filter(*conditions.values()),
        lambda: rows.aggregate(**{key.replace("-", "_"): one for key, one in counts.items()}),
        type(filters).__name__,
        tuple(conditions),
        filters.near,
    )
    facets = []
    for name, field_ in filters.form.fields.items():
        on = filters.form.cleaned_data.get(name) or []
        choices = [
            Choice(
                value=value,
                label=str(label),
                count=counted[f"{name}__{value}".replace("-", "_")],
                is_on=value in on,
                address_without=without(asked, name, value),
            )
            for value, label in field_.choices
        ]
        facets.append(Facet(name, str(field_.label), choices))
    return facets, counted["total"]


def _all(first: Q, others: Any) -> Q:
    for other in others:
        first = first & other
    return first


def without(asked: QueryDict, name: str, value: str | None = None) -> str:
    """The query string with one choice taken away, back on the first page.

    Without `value` all choices of that name go.
    """
    data = asked.copy()
    kept = [one for one in data.getlist(name) if value is not None and one != value]
    data.setlist(name, kept)
    data.pop("page", None)
    return f"?{data.urlencode()}"
