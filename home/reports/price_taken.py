"""What an import of prices did: kept when it is taken over, shown in words ever after."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from catalogue.importer.plan import Plan, State, Step
from catalogue.models import Component, PriceImport, Round
from home.reports.price_import import Look, net_and_vat, place_of, said_of
from home.reports.price_refused import left_steps
from network.models import Organisation
from network.policies import OfferingPolicy
from portal.templatetags.ui import euro, form_name

# Kinds of chains, as home/services/price_undo.py keeps them: what waits is no price yet.
ASKED = "asked"


@dataclass(frozen=True)
class TakenRow:
    """A price that an import set; `url` is the page on which it can be seen, "" if there is none.

    `label` says which offer, where prices go to offers.
    """

    place: str
    said: str
    component: str
    url: str
    label: str
    offer_url: str
    form: str
    before: str
    after: str
    net_and_vat: str
    valid_from: dt.date
    is_overwritten: bool


def outcome_of(look: Look) -> dict[str, Any]:
    """The prices that are about to be set, as plain values."""
    return {"rows": [_kept(look, step) for step in look.to_take if step.aim]}


def _kept(look: Look, step: Step) -> dict[str, Any]:
    aim = step.aim
    assert aim is not None  # noqa: S101 - `outcome_of` takes only these
    return {
        "at": _at(step),
        "place": place_of(look, step.line),
        "said": said_of(step.line),
        "component": aim.component.pk,
        "slot": aim.slot.key,
        "label": "" if look.target.is_round else aim.slot.label,
        "form": aim.form.value,
        "net": f"{aim.net:.2f}",
        "vat_rate": None if aim.vat_rate is None else f"{aim.vat_rate:.1f}",
        "gross": f"{aim.gross:.2f}",
        "valid_from": aim.valid_from.isoformat(),
        "before": f"{step.before.gross:.2f}" if step.before else "",
        "corrects": bool(step.before and step.before.valid_from == aim.valid_from),
    }


def _at(step: Step) -> list[Any]:
    """Which price of the file it was."""
    form = step.form.value if step.form else ""
    return [step.line.sheet, step.line.row, step.line.column, form]


def left_of(look: Look) -> Look:
    """Only what was not taken over and why: prices that stand are not looked at once more."""
    taken = [row["at"] for row in look.price_import.outcome.get("rows", [])]
    return replace(look, plan=Plan([s for s in left_steps(look) if _at(s) not in taken]))


def rest_of(look: Look) -> tuple[int, int]:
    """How many prices of the file stood there already, and in how many rows it names none."""
    taken = [row["at"] for row in look.price_import.outcome.get("rows", [])]
    same = sum(_at(step) not in taken for step in look.plan.of(State.SAME))
    return same, sum(not step.problem for step in look.plan.of(State.NO_PRICE))


def taken_rows(price_import: PriceImport) -> list[TakenRow]:
    """What was taken over, in the order of the file."""
    rows = price_import.outcome.get("rows", [])
    components = Component.objects.in_bulk({row["component"] for row in rows})
    slugs = _public_slugs(components)
    return [_row(row, components, slugs) for row in rows]


def _public_slugs(components: Iterable[int]) -> dict[int, str]:
    pages = Page.objects.live().public().filter(componentpage__component__in=list(components))
    return dict(pages.values_list("componentpage__component_id", "slug"))


def _row(row: dict[str, Any], components: dict[int, Component], slugs: dict[int, str]) -> TakenRow:
    pk = row["component"]
    rate = row["vat_rate"]
    return TakenRow(
        place=row["place"],
        said=row["said"],
        component=str(components.get(pk, "–")),
        url=reverse("component_detail", args=[slugs[pk]]) if pk in slugs else "",
        label=row["label"],
        offer_url=reverse("resource_detail", args=[row["slot"]]) if row["label"] else "",
        form=str(form_name(row["form"])),
        before=euro(row["before"]) if row["before"] else "",
        after=euro(row["gross"]),
        net_and_vat=(
            _("exempt from VAT")
            if rate is None
            else net_and_vat(Decimal(row["net"]), Decimal(rate))
        ),
        valid_from=dt.date.fromisoformat(row["valid_from"]),
        is_overwritten=row["corrects"],
    )


def waits(price_import: PriceImport) -> int:
    """How many of its prices wait for whoever leads the region."""
    chains = price_import.outcome.get("chains", [])
    return sum(chain["kind"] == ASKED for chain in chains)


def prices_url(look: Look, user: Any, day: dt.date) -> str:
    """Where the prices stand together once they are taken over."""
    row = look.target.row
    if isinstance(row, Round):
        return f"{reverse('round_table', args=[row.slug])}?day={look.price_import.valid_from}"
    if OfferingPolicy.rows(user, "own", day).filter(pk=row.pk).exists():
        return reverse("own_offers")
    is_public = Organisation.objects.public().filter(pk=row.pk).exists()
    return reverse("organisation_detail", args=[row.slug]) if is_public else ""
