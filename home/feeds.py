"""Atom: the news, and what changed in the catalogue. A reader program asks instead of a person."""

import datetime as dt
import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from home.addresses import language_prefix, page_address
from home.api.open_data import open_data
from home.api.views import site_of
from home.models import ComponentPage, NewsPage
from home.reports.changes import catalogue_changes, midnight
from home.reports.news import NEWS_A_PAGE
from home.visit import visit_from
from network.hsds.ids import NAMESPACE
from portal.access.guards import public

NAME = "Tugivõrk"
# Before it there was nothing: what an empty feed says of its last change.
BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class _Feed(Atom1Feed):
    """An empty feed stays the same from one question to the next.

    Titles are text, but what stands below them goes out as HTML, so it has to be escaped.
    """

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else BEGINNING


@public
@open_data
def news_feed(request: HttpRequest) -> HttpResponse:
    """The newest news, in the language of the address or in Estonian."""
    visit = visit_from(request)
    site = site_of(request)
    feed = _feed(request, _("News"), f"{language_prefix(visit.language)}uudised/")
    pages = NewsPage.objects.visible().in_language(visit.language).select_related("locale")
    for page in pages.order_by("-date", "-pk")[:NEWS_A_PAGE]:
        begun = midnight(page.date)
        feed.add_item(
            title=page.title,
            link=site + page_address(page.url_path),
            description=escape(page.intro),
            unique_id=_id("news", str(page.translation_key), page.locale.language_code),
            pubdate=begun,
            updateddate=max(begun, page.last_published_at or begun),
        )
    return _answer(feed)


@public
@open_data
def catalogue_feed(request: HttpRequest) -> HttpResponse:
    """New and changed services, prices and ceilings that have begun, and what is given no more."""
    visit = visit_from(request)
    home = f"{language_prefix(visit.language)}teenused/"
    site = site_of(request)
    feed = _feed(request, _("Changes in the catalogue"), home)
    for change in catalogue_changes(visit, ComponentPage.objects):
        feed.add_item(
            title=change.title,
            link=f"{site}{home}{change.slug}/" if change.slug else site + home,
            description=escape(change.text),
            unique_id=_id("catalogue", change.what, change.key),
            pubdate=change.at,
            updateddate=change.at,
        )
    return _answer(feed)


def _feed(request: HttpRequest, title: str, page: str) -> _Feed:
    site = site_of(request)
    return _Feed(
        title=f"{title} · {NAME}",
        link=site + page,
        description=title,
        language=request.LANGUAGE_CODE,
        author_name=NAME,
        feed_url=request.build_absolute_uri(request.path),
    )


def _answer(feed: _Feed) -> HttpResponse:
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _id(*name: str) -> str:
    """The same for the same thing, whatever the host is called."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, '/'.join(name))}"
