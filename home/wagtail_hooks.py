"""What the public site adds to the CMS."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from home import (  # noqa: F401 - they register their own hooks
    cms_search,
    wagtail_prices,
    wagtail_rounds,
    wagtail_upkeep,
)
from home.cms import CatalogueGroup, MissingTextsView, NavigationViewSet, OrganisationViewSet
from home.models import HelpPage
from home.models.base import SitePage
from portal.access.guards import signed_in

register_snippet(CatalogueGroup)
register_snippet(NavigationViewSet)
register_snippet(OrganisationViewSet)


def _keep(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Send the editor back with a sentence if `page` is one the product promises to keep."""
    specific = page.specific
    if not (isinstance(specific, SitePage) and specific.is_fixed):
        return None
    messages.error(
        request,
        _("“%(title)s” is a fixed page. You can change its words, but it must stay.")
        % {"title": page.title},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_from_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _keep(request, page)


@hooks.register("before_unpublish_page")
def keep_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _keep(request, page)


@hooks.register("before_move_page")
def keep_in_place(request: HttpRequest, page: Page, target: Page) -> HttpResponse | None:
    return _keep(request, page)


@hooks.register("before_bulk_action")
def keep_from_bulk(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    if action_type not in {"delete", "move", "unpublish"}:
        return None
    for page in objects:
        if isinstance(page, Page) and (refusal := _keep(request, page)):
            return refusal
    return None


@hooks.register("insert_global_admin_css")
def headings_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/cms.css"))


@hooks.register("insert_global_admin_js")
def days_script() -> str:
    """After the calendar's own script, before the first field that uses it."""
    return format_html('<script src="{}"></script>', static("portal/js/cms-days.js"))


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    return [
        path("aruanded/puuduvad/", signed_in(MissingTextsView.as_view()), name="missing_texts"),
        path(
            "aruanded/puuduvad/tulemused/",
            signed_in(MissingTextsView.as_view(results_only=True)),
            name="missing_texts_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    return MenuItem(_("Missing texts"), reverse("missing_texts"), icon_name="warning", order=50)


@hooks.register("register_admin_menu_item")
def help_numbers_menu_item() -> MenuItem:
    """Help numbers one tap away: they change seldom, but then it matters."""
    page = HelpPage.objects.order_by("locale_id").values_list("pk", flat=True).first()
    address = (
        reverse("wagtailadmin_pages:edit", args=[page]) if page else reverse("wagtailadmin_home")
    )
    return MenuItem(_("Help numbers"), address, icon_name="help", order=205)
