"""What a service is not, and the page of the service to use instead. CAT-04."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from home.reports.chosen import visible_components
from home.visit import Visit


@dataclass(frozen=True)
class Limit:
    """`slug` is empty where there is nothing else to use, or no page that could be shown."""

    text: str
    title: str = ""
    slug: str = ""


def limits_of(visit: Visit, limits: Iterable[Any], components: Any) -> list[Limit]:
    """`limits` (home.models.ComponentLimit) with the titles that the pages bear. One statement."""
    limits = list(limits)
    asked = {limit.instead_id for limit in limits if limit.instead_id}
    if not asked:
        return [Limit(limit.text) for limit in limits]
    pages = visible_components(visit, components).filter(component_id__in=asked)
    found = {page.component_id: (page.title, page.slug) for page in pages}
    return [Limit(limit.text, *found.get(limit.instead_id, (_name(limit), ""))) for limit in limits]


def _name(limit: Any) -> str:
    return limit.instead.name if limit.instead else ""
