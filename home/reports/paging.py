"""Pages of a list: a broken or too large number gives the nearest real page."""

from typing import Any

from django.core.paginator import Page, Paginator

from portal.base.memo import per_statement


def page_of(rows: Any, asked: str | None, size: int, total: int | None = None) -> Page[Any]:
    """Page `asked` of `rows`; `total` saves the count where it is already known."""
    paginator = Paginator(rows, size)
    if total is not None:
        paginator.__dict__["count"] = total
    if asked and (asked.startswith("-") or not asked.strip("0")):
        # Django leads to the last page here too.
        asked = "1"
    return paginator.get_page(asked)


def key_page_of(rows: Any, asked: str | None, size: int, total: int | None = None) -> Page[Any]:
    """Page `asked` of the keys of `rows`, which stand in their order and are public.

    To put thousands of rows in order costs more than to show thirty of them, so the keys, and their
    number, are read once until something public changes.
    """
    keys = rows.values_list("pk", flat=True)
    if total is None:
        total = per_statement(keys.order_by(), keys.count, "number")
    page = page_of(keys, asked, size, total)
    found: Any = page.object_list
    page.object_list = per_statement(found, lambda: list(found)) if total else []
    return page
