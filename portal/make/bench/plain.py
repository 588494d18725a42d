"""Plain Django and plain Wagtail as a careful beginner writes them: what ours is held against.

Served in the same process, from the same database, with the middleware that Django's own
`startproject` gives.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import Context, Engine
from django.urls import path
from wagtail.models import Site

from catalogue.models import Component

PREFIX = "/moodetav/"
MIDDLEWARE = [
    "portal.make.bench.plain.own_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROWS = 25

ENGINE = Engine(libraries={"wagtailcore_tags": "wagtail.templatetags.wagtailcore_tags"})
LIST = ENGINE.from_string(
    "<!doctype html><html lang=en><title>List</title><h1>List</h1><ul>{% for row in rows %}"
    "<li><a href='/moodetav/loend/?n={{ row.pk }}'>{{ row.name }}</a> {{ row.code }} "
    "{{ row.get_kind_display }}</li>{% endfor %}</ul></html>"
)
PAGE = ENGINE.from_string(
    "{% load wagtailcore_tags %}<!doctype html><html lang=en><title>{{ page.seo_title }}</title>"
    "<nav>{% for item in menu %}<a href='{% pageurl item %}'>{{ item.title }}</a>{% endfor %}</nav>"
    "<h1>{{ page.title }}</h1>{{ page.intro }}{{ page.body|richtext }}"
    "<ul>{% for child in children %}<li><a href='{% pageurl child %}'>{{ child.title }}</a> "
    "{{ child.summary }}</li>{% endfor %}</ul></html>"
)


def own_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Addresses come from here and not from the portal."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.urlconf = "portal.make.bench.plain"
        return get_response(request)

    return middleware


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Tere")


def plain_list(request: HttpRequest) -> HttpResponse:
    rows = Component.objects.order_by("position")[:ROWS]
    return HttpResponse(LIST.render(Context({"rows": rows})))


def wagtail_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page through Wagtail's own routing, with a menu, and its children if it has any."""
    site = Site.find_for_request(request)
    assert site is not None  # noqa: S101 - every world has one
    page, _args, _kwargs = site.root_page.specific.route(request, [slug])
    children = page.get_children().live().public().specific()[:ROWS]
    menu = site.root_page.get_children().live().public()[:8]
    context = {"page": page, "menu": menu, "children": children, "request": request}
    return HttpResponse(PAGE.render(Context(context)))


urlpatterns = [
    path("moodetav/tere/", hello),
    path("moodetav/loend/", plain_list),
    path("moodetav/wagtail/<slug:slug>/", wagtail_page),
]
