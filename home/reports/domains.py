"""Life domains as every page needs them; remembered until something public changes."""

from dataclasses import dataclass

from django.utils import translation

from catalogue.models import LifeDomain
from portal.base.memo import per_content_version


@dataclass(frozen=True)
class DomainRow:
    id: int
    slug: str
    name: str
    summary: str
    icon: str


def domains() -> tuple[DomainRow, ...]:
    """The life domains in their order, named in the language of the moment."""
    return _domains_in(translation.get_language() or "et")


@per_content_version
def _domains_in(language: str) -> tuple[DomainRow, ...]:
    return tuple(
        DomainRow(row.pk, row.slug, row.name_in(language), row.summary, row.icon)
        for row in LifeDomain.objects.all()
    )
