"""Pages of a list: a broken or too large number gives the nearest real page."""

from typing import Any

from django.core.paginator import Page, Paginator


def page_of(rows: Any, asked: str | None, size: int, total: int | None = None) -> Page[Any]:
    """Page `asked` of `rows`; `total` saves the count where it is already known."""
    paginator = Paginator(rows, size)
    if total is not None:
        paginator.__dict__["count"] = total
    return paginator.get_page(asked)
