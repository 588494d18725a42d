"""The network as HSDS 3.1: lists by page, single records by id. What fits is `network.hsds`'s."""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from home.api import shapes
from home.api.asked import Asked, asked_in
from home.api.described import Described
from home.api.open_data import json_answer
from home.api.words import changed_since, words_for
from network.hsds import VERSION, ids, records, rows, terms
from network.hsds.parts import Record
from network.hsds.rows import Question, Words
from network.models import Resource
from portal.base.memo import per_statement


def site_of(request: HttpRequest) -> str:
    """Scheme and host, without a slash, for addresses that are read elsewhere."""
    return request.build_absolute_uri("/").rstrip("/")


class DataView(APIView):
    """A view that drf-spectacular can describe; it answers as plain Django does."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    parser_classes = ()
    renderer_classes = (JSONRenderer,)
    schema = Described()
    # For the description: the shape of a record, and which questions it takes.
    shape: ClassVar[type[Serializer[Any]]]
    parameters: ClassVar[tuple[str, ...]] = ()
    is_list: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return View.dispatch(self, request, *args, **kwargs)


class ApiDetails(DataView):
    shape = shapes.ApiDetails

    def get(self, request: HttpRequest) -> HttpResponse:
        site = site_of(request)
        return json_answer(
            {
                "version": VERSION,
                "profile": f"{site}/api/",
                "openapi_url": site + reverse("api_openapi"),
            }
        )


class ListView(DataView):
    """One page of a list; the subclass says which rows, and makes records of those of the page."""

    is_list = True

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = asked_in(request.GET)
        day = timezone.localdate()
        found = self.rows(asked, day)
        total = self.count(found)
        first = (asked.page - 1) * asked.per_page
        # Beyond the last page nothing is asked for: the answer is an empty page.
        shown = found[first : first + asked.per_page] if first < total else []
        contents = self.records(shown, asked, day, site_of(request)) if shown else []
        pages = -(-total // asked.per_page)
        return json_answer(
            {
                "total_items": total,
                "total_pages": pages,
                "page_number": asked.page,
                "size": len(contents),
                "first_page": asked.page == 1,
                "last_page": asked.page >= pages,
                "empty": not contents,
                "contents": contents,
            }
        )

    def rows(self, asked: Asked, day: dt.date) -> Any:
        raise NotImplementedError

    def count(self, found: Any) -> int:
        return per_statement(found, found.count) if isinstance(found, QuerySet) else len(found)

    def records(self, shown: Any, asked: Asked, day: dt.date, site: str) -> list[Record]:
        raise NotImplementedError


class OneView(DataView):
    """The record with the id in the address; 404 if nobody has it or it is not published."""

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        record = self.record(id, timezone.localdate(), site_of(request))
        if record is None:
            raise Http404
        return json_answer(record)

    def record(self, id: str, day: dt.date, site: str) -> Record | None:
        raise NotImplementedError


Make = Callable[[Resource, Words | None, str], Record]


def question_of(asked: Asked, day: dt.date) -> Question:
    """What is asked for, with everything that stands a floor above the rows."""
    return Question(
        search=asked.search,
        terms=conditions(asked, day),
        organisation=asked.organisation,
        modified_after=asked.modified_after,
        changed_words=changed_since(asked.modified_after),
    )


def conditions(asked: Asked, day: dt.date) -> tuple[Q, ...]:
    """Of term and taxonomy."""
    found = []
    if asked.term:
        found.append(terms.with_term(asked.term, day))
    if asked.taxonomy:
        found.append(terms.with_taxonomy(asked.taxonomy))
    return tuple(found)


def made(shown: Any, make: Make, site: str) -> list[Record]:
    """A record of each resource, with the words about its component: one more statement."""
    found = list(shown)
    words = words_for(row.offer.component_id for row in found if hasattr(row, "offer"))
    return [
        make(row, words.get(row.offer.component_id) if hasattr(row, "offer") else None, site)
        for row in found
    ]


def one(kind: str, id: str) -> Any:
    """The published resource behind an id, or no rows."""
    return Resource.objects.published().filter(pk=ids.key_from(kind, id) or 0)


class _OfResources(ListView):
    plain: ClassVar[Any]
    complete: ClassVar[Any]

    def rows(self, asked: Asked, day: dt.date) -> Any:
        return rows.services(question_of(asked, day), day)

    def records(self, shown: Any, asked: Asked, day: dt.date, site: str) -> list[Record]:
        found = rows.with_changes(shown, day)
        if asked.full:
            return made(rows.with_all(found, day), self.complete, site)
        return made(found, self.plain, site)


class ServiceList(_OfResources):
    shape = shapes.Service
    plain = staticmethod(records.service)
    complete = staticmethod(records.service_full)
    parameters = (
        *("search", "page", "per_page", "format", "taxonomy_term_id", "taxonomy_id"),
        *("organization_id", "modified_after", "minimal", "full"),
    )

    def records(self, shown: Any, asked: Asked, day: dt.date, site: str) -> list[Record]:
        found = super().records(shown, asked, day, site)
        if asked.minimal:
            kept = ("id", "name", "status", "last_modified")
            return [{key: row[key] for key in kept if key in row} for row in found]
        return found


class ServiceOne(OneView):
    shape = shapes.Service

    def record(self, id: str, day: dt.date, site: str) -> Record | None:
        found = rows.with_all(rows.with_changes(one(ids.SERVICE, id), day), day)
        return next(iter(made(found, records.service_full, site)), None)


class ServiceAtLocationList(_OfResources):
    shape = shapes.ServiceAtLocation
    plain = staticmethod(records.service_at_location)
    complete = staticmethod(records.service_at_location_full)
    parameters = (
        *("search", "page", "per_page", "format", "taxonomy_term_id", "taxonomy_id"),
        *("organization_id", "modified_after", "full"),
    )


class ServiceAtLocationOne(OneView):
    shape = shapes.ServiceAtLocation

    def record(self, id: str, day: dt.date, site: str) -> Record | None:
        found = one(ids.SERVICE_AT_LOCATION, id)
        found = rows.with_all(rows.with_changes(found, day), day)
        return next(iter(made(found, records.service_at_location_full, site)), None)


class LocationList(ListView):
    shape = shapes.Location
    parameters = ("search", "page", "per_page", "format", "organization_id")

    def rows(self, asked: Asked, day: dt.date) -> Any:
        return rows.services(Question(asked.search, organisation=asked.organisation), day)

    def records(self, shown: Any, asked: Asked, day: dt.date, site: str) -> list[Record]:
        return [records.location(row) for row in shown.select_related(*rows.AROUND)]


class LocationOne(OneView):
    shape = shapes.Location

    def record(self, id: str, day: dt.date, site: str) -> Record | None:
        row = one(ids.LOCATION, id).select_related(*rows.AROUND).first()
        return records.location(row) if row else None


class OrganizationList(ListView):
    shape = shapes.Organization
    parameters = (
        *("search", "page", "per_page", "format", "taxonomy_term_id", "taxonomy_id", "full"),
    )

    def rows(self, asked: Asked, day: dt.date) -> Any:
        return rows.organisations(asked.search, conditions(asked, day))

    def records(self, shown: Any, asked: Asked, day: dt.date, site: str) -> list[Record]:
        if asked.full:
            return [records.organization_full(row, site) for row in rows.with_services(shown)]
        return [records.organization(row, site) for row in shown]


class OrganizationOne(OneView):
    shape = shapes.Organization

    def record(self, id: str, day: dt.date, site: str) -> Record | None:
        found = rows.organisations().filter(pk=ids.key_from(ids.ORGANIZATION, id) or 0)
        row = rows.with_services(found).first()
        return records.organization_full(row, site) if row else None
