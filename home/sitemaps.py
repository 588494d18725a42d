"""What search engines may know: published pages and public organisations."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from wagtail.models import Page

from home.addresses import page_address
from home.querysets import DEFAULT_LANGUAGE, SitePageQuerySet
from network.models import Organisation


class PageSitemap(Sitemap[Any]):
    """Every visible page at its Estonian address."""

    def items(self) -> Any:
        pages = SitePageQuerySet(Page).visible().in_language(DEFAULT_LANGUAGE)
        return pages.filter(depth__gte=2).order_by("path")

    def location(self, item: Any) -> str:
        return page_address(item.url_path)

    def lastmod(self, item: Any) -> Any:
        return item.last_published_at


class OrganisationSitemap(Sitemap[Any]):
    """Every public organisation."""

    def items(self) -> Any:
        return Organisation.objects.public().order_by("slug")

    def location(self, item: Any) -> str:
        return f"/asutused/{item.slug}/"


SITEMAPS = {"pages": PageSitemap, "organisations": OrganisationSitemap}
