"""The editors' words about components, as records of HSDS take them: Estonian, published."""

import datetime as dt
from collections.abc import Iterable

from home.models import ComponentPage
from home.querysets import DEFAULT_LANGUAGE
from network.hsds.rows import Words


def words_for(components: Iterable[int]) -> dict[int, Words]:
    """The words about each of `components` that has a page, in one statement."""
    pages = _pages().filter(component_id__in=set(components))
    return {
        page.component_id: Words(
            name=page.title,
            url=f"/teenused/{page.slug}/",
            summary=page.summary,
            for_whom=page.for_whom,
            delivered_by=page.delivered_by,
            changed_at=page.last_published_at,
        )
        for page in pages.only(
            *("title", "slug", "summary", "for_whom", "delivered_by"),
            *("component_id", "last_published_at"),
        )
    }


def changed_since(moment: dt.datetime | None) -> list[int]:
    """Components whose words have been published at or after `moment`."""
    if moment is None:
        return []
    pages = _pages().filter(last_published_at__gte=moment)
    return list(pages.values_list("component_id", flat=True))


def _pages():  # type: ignore[no-untyped-def]
    return ComponentPage.objects.visible().in_language(DEFAULT_LANGUAGE)
