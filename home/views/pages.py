"""The public pages: find the page in one statement, let it serve itself."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import translation
from wagtail import views as wagtail_views
from wagtail.models import Page

from home.addresses import page_address
from home.models import (
    CataloguePage,
    ComponentPage,
    FrontPage,
    MapPage,
    NewsIndexPage,
    OrganisationsPage,
    SearchPage,
    SupplyPage,
)
from home.models.base import SitePage
from home.querysets import SitePageQuerySet
from home.reports.organisations import organisation_report
from home.visit import MUNICIPALITY_COOKIE, MUNICIPALITY_COOKIE_AGE, REMEMBER, visit_from
from network.models import Organisation
from portal.access.guards import public
from portal.base.cookies import own_name


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _serve(request: HttpRequest, pages: Any) -> HttpResponse:
    """Serve the one page of `pages` that is visible in this language, or answer 404."""
    page: SitePage | None = (
        pages.visible().in_language(_language()).select_related("locale").first()
    )
    if page is None:
        raise Http404
    return remembered(request) or page.serve(request)


def remembered(request: HttpRequest) -> HttpResponse | None:
    """Keep the municipality that was chosen in a form on the visitor's device; empty forgets it.

    Then the same page again by an address without `remember`, to be sent on or kept as a bookmark.
    None where nothing was chosen.
    """
    if REMEMBER not in request.GET:
        return None
    asked = request.GET.copy()
    del asked[REMEMBER]
    response = redirect(f"{request.path}?{asked.urlencode()}" if asked else request.path)
    visit = visit_from(request)
    if visit.asked == request.GET[REMEMBER]:
        # Sent with something else of the form; a place that a link showed is not home yet.
        return response
    if visit.asked == "":
        response.delete_cookie(own_name(MUNICIPALITY_COOKIE), samesite="Lax")
    elif visit.asked is not None and visit.municipality is not None:
        response.set_cookie(
            own_name(MUNICIPALITY_COOKIE),
            visit.municipality.slug,
            max_age=MUNICIPALITY_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@public
def front(request: HttpRequest) -> HttpResponse:
    return _serve(request, FrontPage.objects)


@public
def component_list(request: HttpRequest) -> HttpResponse:
    return _serve(request, CataloguePage.objects)


@public
def component_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _serve(
        request, ComponentPage.objects.filter(slug=slug).select_related("component__domain")
    )


@public
def map_page(request: HttpRequest) -> HttpResponse:
    return _serve(request, MapPage.objects)


@public
def supply(request: HttpRequest) -> HttpResponse:
    return _serve(request, SupplyPage.objects)


@public
def search(request: HttpRequest) -> HttpResponse:
    return _serve(request, SearchPage.objects)


@public
def news_list(request: HttpRequest) -> HttpResponse:
    return _serve(request, NewsIndexPage.objects)


@public
def organisation_list(request: HttpRequest) -> HttpResponse:
    return _serve(request, OrganisationsPage.objects)


@public
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = (
        Organisation.objects.public().filter(slug=slug).select_related("municipality").first()
    )
    if organisation is None:
        raise Http404
    report = organisation_report(visit_from(request), organisation)
    return TemplateResponse(request, "home/organisation_detail.html", {"report": report})


@public
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Any other page of the tree, by its address; the Estonian one where there is no other.

    An address of another language leads to the same page in this one. What is not found this way
    goes to Wagtail, which knows pages behind a password.
    """
    tail = "/".join(part for part in path.split("/") if part)
    visible = SitePageQuerySet(Page).visible()
    here = visible.filter(depth=2 + len(tail.split("/")), url_path__endswith=f"/{tail}/")
    found = here.in_language(_language()).first() if tail else None
    if found is not None:
        return remembered(request) or found.specific.serve(request)
    other = here.filter(alias_of__isnull=True).select_related("locale").first() if tail else None
    if other is None:
        return wagtail_views.serve(request, path)
    same = visible.in_language(_language()).filter(translation_key=other.translation_key).first()
    # Without an Estonian version either, the page stands in its own language alone.
    language = _language() if same else other.locale.language_code
    address = page_address((same or other).url_path, language)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address)
