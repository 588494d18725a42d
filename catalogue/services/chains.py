"""The prices of one thing as plain rows: kept before a change, put back as they were. CAT-23.

A chain is all prices of one component (or offer) in one form, whatever their days. Its rows are
JSON: text instead of decimals and days.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from catalogue.models import Component, Price, Round
from catalogue.services.prices import ask, count_change
from portal.accounts.models import User

Row = dict[str, Any]
# What a row may hold beside the amounts, where its table has it.
MORE = ("round_id", "source")


def rows_of(prices: QuerySet[Any]) -> list[Row]:
    """The chain as plain rows, by their days."""
    return [_row(price) for price in prices.order_by("valid_from")]


def put_back(prices: QuerySet[Any], rows: list[Row], **of: Any) -> None:
    """Make the chain `prices` be `rows` again; `of`: the values that all its rows share.

    In the caller's transaction; the caller has asked the policy and holds what the prices are of.
    """
    wanted = {row["valid_from"]: row for row in rows}
    standing = {price.valid_from.isoformat(): price for price in prices}
    for since, price in standing.items():
        if since not in wanted:
            price.delete()
    # A price gets shorter before its neighbour gets longer: never do two share a day.
    both = [(price, wanted[since]) for since, price in standing.items() if since in wanted]
    both.sort(key=lambda pair: not _gets_shorter(_row(pair[0]), pair[1]))
    for price, row in both:
        if _row(price) != row:
            _fill(price, row).save()
    for since, row in sorted(wanted.items()):
        if since not in standing:
            _fill(prices.model(**of), row).save()


def reference_chain(component: int, form: str) -> QuerySet[Price]:
    return Price.objects.filter(component_id=component, form=form)


def put_reference_prices_back(
    round_: Round, chains: list[tuple[int, str, list[Row]]], *, by: User
) -> None:
    """Each chain (component, form, rows) as it was. Raises PermissionDenied."""
    ask(by, round_)
    # Rounds before owners, as wherever prices are set.
    list(Round.objects.filter(pk=round_.pk).select_for_update().values_list("pk"))
    components = Component.objects.filter(pk__in={pk for pk, _form, _rows in chains})
    list(components.order_by("pk").select_for_update().values_list("pk"))
    for component, form, rows in chains:
        prices = reference_chain(component, form)
        put_back(prices, rows, component_id=component, form=form)
    count_change(round_)


def _row(price: Any) -> Row:
    row = {
        "net": f"{price.net:.2f}",
        "vat_rate": None if price.vat_rate is None else f"{price.vat_rate:.1f}",
        "gross": f"{price.gross:.2f}",
        "valid_from": price.valid_from.isoformat(),
        "valid_until": price.valid_until.isoformat() if price.valid_until else None,
    }
    return row | {name: getattr(price, name) for name in MORE if hasattr(price, name)}


def _fill(price: Any, row: Row) -> Any:
    price.net, price.gross = Decimal(row["net"]), Decimal(row["gross"])
    price.vat_rate = None if row["vat_rate"] is None else Decimal(row["vat_rate"])
    price.valid_from = dt.date.fromisoformat(row["valid_from"])
    until = row["valid_until"]
    price.valid_until = dt.date.fromisoformat(until) if until else None
    for name in MORE:
        if name in row:
            setattr(price, name, row[name])
    return price


def _gets_shorter(now: Row, then: Row) -> bool:
    if then["valid_until"] is None:
        return False
    return now["valid_until"] is None or then["valid_until"] < now["valid_until"]
