"""What the map and other machines ask for: the same rows as the page, as GeoJSON and as a table."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from home.filters import MapFilter
from home.models import ComponentPage
from home.reports.map import MapQuestion, here_from, in_order, map_question, map_rows, resources_for
from home.visit import Visit, visit_from
from network.geo import BadCoordinates, Box, box_from
from network.geojson import MEDIA_TYPE, feature_collection, zoom_from
from network.models import Resource
from network.querysets import ResourceQuerySet
from portal.access.guards import public
from portal.base import content_version
from portal.base.sheets import csv_answer

# Rows of one page of the list, which the page has drawn itself.
MAX_SKIP = 100
MAX_EXPORT = 10_000
# The zoom at which Estonia fills a small screen.
COUNTRY_ZOOM = 7


def _etag(request: HttpRequest) -> str | None:
    """Whatever the public sees, and so this answer, is the same while the version stays."""
    version = content_version.current()
    return f'W/"{version}-{timezone.localdate():%y%m%d}"' if version else None


@public
@require_safe
@condition(etag_func=_etag)
def map_data(request: HttpRequest) -> HttpResponse:
    """The places in `box` at `zoom` under the filters of the page; the cookie is not asked."""
    asked = request.GET
    try:
        box = _box(asked)
        zoom = zoom_from(asked.get("zoom", "") or str(COUNTRY_ZOOM))
        skip = _skipped(asked)
        here_from(asked)
        question = _question(request)
    except BadCoordinates as error:
        return _with_type(JsonResponse({"error": str(error)}, status=400), "application/json")
    rows = _fitting(request, question).exclude(pk__in=skip)
    collection = feature_collection(rows, box, zoom, _address)
    return _with_type(JsonResponse(collection, json_dumps_params=COMPACT), MEDIA_TYPE)


COMPACT = {"ensure_ascii": False, "separators": (",", ":")}


def _with_type(response: HttpResponse, media_type: str) -> HttpResponse:
    response.headers["Content-Type"] = media_type
    # Kept by the browser, asked again each time: never behind, and mostly a 304.
    patch_cache_control(response, max_age=0, must_revalidate=True)
    return response


def _question(request: HttpRequest) -> MapQuestion:
    """What the address says; the part of the screen is no choice of the visitor's."""
    asked = request.GET.copy()
    asked.pop("box", None)
    return map_question(_visit(request), asked, ComponentPage.objects)


def _visit(request: HttpRequest) -> Visit:
    """The visit by the address alone, so that one address has one answer."""
    visit = visit_from(request)
    if visit.asked is None:
        visit.municipality = None
    return visit


def _fitting(request: HttpRequest, question: MapQuestion) -> ResourceQuerySet:
    filters = MapFilter(request.GET, resources_for(question))
    return filters.queryset.filter(*filters.conditions().values())


def _box(asked: QueryDict) -> Box | None:
    return box_from(asked.get("box", "")) if "box" in asked else None


def _skipped(asked: QueryDict) -> list[int]:
    """Keys to leave out. Raises BadCoordinates, as everything that is wrong with a question."""
    keys = asked.getlist("skip")
    if len(keys) > MAX_SKIP or not all(
        key.isascii() and key.isdigit() and len(key) < 16 for key in keys
    ):
        raise BadCoordinates(_("`skip` takes at most %(most)s whole numbers.") % {"most": MAX_SKIP})
    return [int(key) for key in keys]


def _address(resource: Resource) -> str:
    return reverse("organisation_detail", args=[resource.organisation.slug])


@public
@require_safe
def map_export(request: HttpRequest) -> HttpResponse:
    """The whole list under its filters as a table for spreadsheets, in the order of the page."""
    question = map_question(visit_from(request), request.GET, ComponentPage.objects)
    rows = in_order(question, _fitting(request, question))[:MAX_EXPORT]
    return csv_answer("kaart.csv", [str(title) for title in _titles()], _table(question, rows))


def _titles() -> list[str]:
    return [
        _("Organisation"),
        _("Service"),
        _("Life domain"),
        _("Municipality"),
        _("Street address"),
        _("Distance, km"),
        _("Price from, € an hour"),
        _("Free places"),
        _("Waiting time, weeks"),
        _("Phone"),
        _("Last confirmed"),
    ]


def _table(question: MapQuestion, rows: ResourceQuerySet) -> list[list[Any]]:
    return [
        [
            row.organisation,
            row.name,
            row.domain_name,
            row.municipality,
            row.address,
            row.km,
            row.from_price,
            row.free_places,
            row.waiting_weeks,
            row.phone,
            row.confirmed_on,
        ]
        for row in map_rows(question, rows)
    ]
