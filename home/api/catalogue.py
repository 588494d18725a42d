"""The whole catalogue as a file: every fact and what it costs, in the reader's language."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from catalogue.models import Cap, Price
from home.addresses import language_prefix
from home.api.open_data import COMPACT, JSON, open_data
from home.api.views import site_of
from home.models import ComponentPage
from home.querysets import DEFAULT_LANGUAGE
from portal.access.guards import public
from portal.base.memo import per_content_version
from portal.base.sheets import MARK, XLSX, write_csv, write_xlsx

Row = dict[str, Any]
FILE = "teenused"


@dataclass
class Entry:
    """A component with its words, its prices and the ceilings that hold for it."""

    page: ComponentPage
    prices: list[Price] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)


@public
@open_data
def catalogue_csv(request: HttpRequest) -> HttpResponse:
    return _file(request, "csv", "text/csv; charset=utf-8")


@public
@open_data
def catalogue_xlsx(request: HttpRequest) -> HttpResponse:
    return _file(request, "xlsx", XLSX)


@public
@open_data
def catalogue_json(request: HttpRequest) -> HttpResponse:
    return _file(request, "json", JSON)


def _file(request: HttpRequest, ending: str, media_type: str) -> HttpResponse:
    language = translation.get_language() or DEFAULT_LANGUAGE
    response = HttpResponse(_content(ending, language, site_of(request)), content_type=media_type)
    if ending != "json":
        name = f'attachment; filename="{FILE}.{ending}"'
        response.headers["Content-Disposition"] = name
    return response


@per_content_version
def _content(ending: str, language: str, site: str) -> bytes:
    """The file, made once for each change of the catalogue: it may have ten thousand rows."""
    found = entries(language)
    if ending == "json":
        components = [as_record(entry, language, site) for entry in found]
        return json.dumps({"language": language, "components": components}, **COMPACT).encode()
    rows = [row for entry in found for row in as_rows(entry, language, site)]
    if ending == "xlsx":
        book = BytesIO()
        write_xlsx(book, _("Services"), heading(), rows)
        return book.getvalue()
    text = StringIO(newline="")
    text.write(MARK)
    write_csv(text, heading(), rows)
    return text.getvalue().encode()


def entries(language: str) -> list[Entry]:
    """The components of the public list with all their prices, in four statements."""
    pages = (
        ComponentPage.objects.visible()
        .in_language(language)
        .filter(component__is_active=True)
        .select_related("component__domain", "locale")
        .prefetch_related("limits__instead")
        .order_by("component__position", "component__code", "pk")
    )
    prices: dict[int, list[Price]] = defaultdict(list)
    for price in Price.objects.with_round().order_by("form", "-valid_from"):
        prices[price.component_id].append(price)
    of_component: dict[int | None, list[Cap]] = defaultdict(list)
    of_domain: dict[int | None, list[Cap]] = defaultdict(list)
    for cap in Cap.objects.select_related("round").order_by("-valid_from"):
        (of_component if cap.component_id else of_domain)[cap.component_id or cap.domain_id].append(
            cap
        )
    return [
        Entry(
            page,
            prices[page.component_id],
            [
                *of_component.get(page.component_id, []),
                *(of_domain.get(page.component.domain_id, []) if page.component.domain_id else []),
            ],
        )
        for page in pages
    ]


def heading() -> list[str]:
    return [
        *(_("Code"), _("Service"), _("Life domain"), _("Kind"), _("For whom"), _("Form")),
        *(_("Round"), _("Without VAT, €"), _("VAT, %"), _("With VAT, €")),
        *(_("First day"), _("Last day"), _("Ceiling of a calendar year, €")),
        *(_("Needs special preparation"), _("In short"), _("Address")),
    ]


def as_rows(entry: Entry, language: str, site: str) -> list[list[Any]]:
    """A row for each price there is or has been; one without a price where none is agreed."""
    component = entry.page.component
    before = [
        component.code,
        entry.page.title,
        component.domain.name_in(language) if component.domain else "",
        component.get_kind_display(),
        component.get_audience_display(),
    ]
    after = [
        _("yes") if component.qualified_only else _("no"),
        entry.page.summary,
        _address(entry, language, site),
    ]
    if not entry.prices:
        return [
            [*before, str(form.label), "", None, None, None, "", "", None, *after]
            for form in component.forms
        ]
    return [
        [
            *before,
            price.get_form_display(),
            price.round.name,
            price.net,
            price.vat_rate,
            price.gross,
            price.valid_from.isoformat(),
            price.last_day.isoformat() if price.last_day else "",
            _ceiling(entry, price),
            *after,
        ]
        for price in entry.prices
    ]


def _ceiling(entry: Entry, price: Price) -> Decimal | None:
    """The ceiling of the round of a price; the lower of two, which is met first."""
    return min((cap.yearly for cap in entry.caps if cap.round_id == price.round_id), default=None)


def as_record(entry: Entry, language: str, site: str) -> Row:
    """The same and the words of the page, nested, with names of fields in English."""
    page, component = entry.page, entry.page.component
    domain = component.domain
    return {
        "code": component.code,
        "slug": component.slug,
        "name": page.title,
        "url": _address(entry, language, site),
        "language": page.locale.language_code,
        "kind": component.kind,
        "life_domain": {"slug": domain.slug, "name": domain.name_in(language)} if domain else None,
        "audience": component.audience,
        "forms": [form.value for form in component.forms],
        "qualified_only": component.qualified_only,
        "summary": page.summary,
        "explanation": " ".join(strip_tags(page.explanation).split()),
        "activities": [str(block.value) for block in page.activities],
        "is_not": [
            {"text": limit.text, "instead": limit.instead.code if limit.instead else None}
            for limit in page.limits.all()
        ],
        "for_whom": page.for_whom,
        "forms_text": page.forms_text,
        "hour_text": page.hour_text,
        "delivered_by": page.delivered_by,
        "good_to_know": page.good_to_know,
        "prices": [
            {
                "form": price.form,
                "round": price.round.name,
                "currency": "EUR",
                "net": str(price.net),
                "vat_rate": None if price.vat_rate is None else str(price.vat_rate),
                "gross": str(price.gross),
                "valid_from": price.valid_from.isoformat(),
                "last_day": price.last_day.isoformat() if price.last_day else None,
            }
            for price in entry.prices
        ],
        "ceilings": [
            {
                "for": "component" if cap.component_id else "life_domain",
                "round": cap.round.name,
                "currency": "EUR",
                "monthly_reference": None if cap.monthly is None else str(cap.monthly),
                "calendar_year": str(cap.yearly),
                "valid_from": cap.valid_from.isoformat(),
                "last_day": cap.last_day.isoformat() if cap.last_day else None,
            }
            for cap in entry.caps
        ],
    }


def _address(entry: Entry, language: str, site: str) -> str:
    return f"{site}{language_prefix(language)}teenused/{entry.page.slug}/"
