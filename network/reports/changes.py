"""Two states of a resource side by side: what differs, label by label, before and after.

Facts are plain values as `network.services.facts.facts_of` gives them and `ResourceChange` keeps
them. They are compared in parts: latitude and longitude are one, and so is the price of a form.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from catalogue.models import Component
from catalogue.models.component import Form
from network.coordinates import as_typed
from network.models import Resource
from network.reports.languages import in_words
from network.reports.places import places
from portal.templatetags.ui import day as day_in_words
from portal.templatetags.ui import euro, form_name, number

Facts = dict[str, Any]

LABELS = {
    "kind": _lazy("What it is"),
    "component": _lazy("Service component"),
    "name": _lazy("Name"),
    "municipality": _lazy("Municipality"),
    "address": _lazy("Street address"),
    "coordinates": _lazy("Coordinates"),
    "is_confidential": _lazy("Confidential place"),
    "serves": _lazy("Comes to"),
    "at_home": _lazy("Given at home"),
    "remote": _lazy("By phone or online"),
    "places": _lazy("Places"),
    "free_places": _lazy("Free places"),
    "waiting_weeks": _lazy("Waiting time, weeks"),
    "languages": _lazy("Languages"),
    "note": _lazy("Good to know"),
}
PRICES = {f"price_{form.value}": form.value for form in Form}
PARTS = (*LABELS, *PRICES)
# Where a confidential place is; only for those who look after the resource.
WHERE = frozenset({"address", "coordinates"})


@dataclass(frozen=True)
class Difference:
    """One thing that differs, in words; `is_stale`: somebody else changed it meanwhile."""

    part: str
    label: str
    before: str
    after: str
    is_stale: bool = False


def parts_of(facts: Facts) -> dict[str, Any]:
    """The comparable parts of `facts`; of nothing, no parts."""
    if not facts:
        return {}
    parts = {part: facts.get(part) for part in LABELS if part != "coordinates"}
    where = [facts.get("lat"), facts.get("lon")]
    parts["coordinates"] = None if None in where else where
    prices = facts.get("prices", {})
    return parts | {part: prices.get(form) for part, form in PRICES.items()}


def changed(before: Facts, after: Facts) -> list[str]:
    """The parts in which the two differ, in the order they are shown."""
    old, new = parts_of(before), parts_of(after)
    return [part for part in PARTS if _plain(old.get(part)) != _plain(new.get(part))]


def merged(now: Facts, before: Facts, after: Facts) -> Facts:
    """`now` with only what changed from `before` to `after`."""
    result = now | {"prices": dict(now.get("prices", {}))}
    for part in changed(before, after):
        if part == "coordinates":
            result |= {"lat": after.get("lat"), "lon": after.get("lon")}
        elif part in PRICES:
            result["prices"].pop(PRICES[part], None)
            if price := after.get("prices", {}).get(PRICES[part]):
                result["prices"][PRICES[part]] = price
        else:
            result[part] = after.get(part)
    return result


def differences(
    before: Facts,
    after: Facts,
    *,
    names: dict[int, str],
    hidden: frozenset[str] = frozenset(),
    stale: Iterable[str] = (),
) -> list[Difference]:
    """What differs, in words. `names`: of components by id; `hidden`: parts that are left out."""
    old, new, late = parts_of(before), parts_of(after), set(stale)
    return [
        Difference(
            part,
            label_of(part),
            in_plain_words(part, old.get(part), names),
            in_plain_words(part, new.get(part), names),
            part in late,
        )
        for part in changed(before, after)
        if part not in hidden
    ]


def component_names(*facts: Facts) -> dict[int, str]:
    """The names of the components that `facts` speak of, in one statement at most."""
    ids = {one["component"] for one in facts if one.get("component")}
    return dict(Component.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def label_of(part: str) -> str:
    if part in PRICES:
        return _("Price of an hour, %(form)s") % {"form": form_name(PRICES[part])}
    return str(LABELS[part])


def in_plain_words(part: str, value: Any, names: dict[int, str]) -> str:
    """The value of a part as people say it; empty for nothing."""
    if part in PRICES:
        return _price(value) if value else ""
    if part in {"is_confidential", "at_home", "remote"}:
        return "" if value is None else _("yes") if value else _("no")
    if value in (None, "", []):
        return ""
    if part == "kind":
        return capfirst(str(Resource.Kind(value).label))
    if part == "component":
        return names.get(value, "")
    if part in {"municipality", "serves"}:
        known = places().by_id
        ids = value if isinstance(value, list) else [value]
        return ", ".join(sorted(known[one].name for one in ids if one in known))
    if part == "coordinates":
        return as_typed(*value)
    if part == "languages":
        return in_words(value)
    return str(value)


def _price(price: dict[str, Any]) -> str:
    since = day_in_words(dt.date.fromisoformat(price["valid_from"]))
    words = {"gross": euro(price["gross"]), "net": euro(price["net"]), "since": since}
    if price["vat_rate"] is None:
        return _("%(gross)s without VAT, from %(since)s") % words
    words["rate"] = number(Decimal(price["vat_rate"]))
    return _("%(gross)s (%(net)s and VAT %(rate)s %%), from %(since)s") % words


def _plain(value: Any) -> Any:
    """Nothing said is nothing said, in whichever way."""
    return None if value in ("", [], False) else value


def nothing() -> str:
    """What stands where there is nothing."""
    return pgettext("value", "empty")
