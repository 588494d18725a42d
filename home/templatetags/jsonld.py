"""What search engines read beside a page: `{% load jsonld %}`, one tag in the head block."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from home import jsonld
from home.addresses import page_address
from home.jsonld import JsonLd

register = template.Library()


def _site(context: dict[str, Any]) -> str:
    return str(context["request"].build_absolute_uri("/").rstrip("/"))


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Front page"), reverse("front")), *more]


@register.simple_tag(takes_context=True)
def front_ld(context: dict[str, Any]) -> JsonLd:
    """The network itself."""
    return JsonLd([jsonld.network(_site(context))])


@register.simple_tag(takes_context=True)
def component_ld(context: dict[str, Any]) -> JsonLd:
    """The service of `page`, with its way from the front page."""
    site, page = _site(context), context["page"]
    trail = _trail(
        (_("Services"), reverse("component_list")), (page.title, page_address(page.url_path))
    )
    return JsonLd(
        [
            jsonld.component(site, page, context["report"]),
            jsonld.network(site),
            jsonld.breadcrumb(site, trail),
        ]
    )


@register.simple_tag(takes_context=True)
def organisation_ld(context: dict[str, Any]) -> JsonLd:
    """The organisation of `report`."""
    site, row = _site(context), context["report"].organisation
    trail = _trail(
        (_("Organisations"), reverse("organisation_list")),
        (row.name, reverse("organisation_detail", args=[row.slug])),
    )
    return JsonLd([jsonld.organisation(site, row), jsonld.breadcrumb(site, trail)])


@register.simple_tag(takes_context=True)
def news_ld(context: dict[str, Any]) -> JsonLd:
    """The piece of news of `page`."""
    site, page = _site(context), context["page"]
    trail = _trail((_("News"), reverse("news_list")), (page.title, page_address(page.url_path)))
    return JsonLd([jsonld.news(site, page), jsonld.network(site), jsonld.breadcrumb(site, trail)])


@register.simple_tag(takes_context=True)
def page_ld(context: dict[str, Any]) -> JsonLd:
    """Only the way to `page`, right under the front page."""
    site, page = _site(context), context["page"]
    trail = _trail((page.title, page_address(page.url_path)))
    return JsonLd([jsonld.breadcrumb(site, trail)])
