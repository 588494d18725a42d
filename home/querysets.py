"""Which pages a visitor may see, in which language. Never a request in here."""

from typing import Self

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Subquery
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

DEFAULT_LANGUAGE = "et"


class SitePageQuerySet(PageQuerySet):
    def visible(self) -> Self:
        """Published pages that no view restriction covers, in one statement."""
        asked = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        # Not a join: with one SQLite reads every page again for each page of the list, because of
        # a table without rows (there are no restrictions mostly) it knows nothing.
        covered = Subquery(Page.objects.filter(pk=OuterRef("page_id")).values("path"))
        restricted = PageViewRestriction.objects.annotate(asked=asked, covered=covered).filter(
            asked__startswith=F("covered")
        )
        return self.live().filter(~Exists(restricted))

    def in_language(self, language: str) -> Self:
        """Each page once: its `language` version where that is published, else the Estonian.

        A version that only mirrors another one (an alias, which the CMS makes of the pages above a
        translated one) is no translation: it would be Estonian and not say so.
        """
        if language == DEFAULT_LANGUAGE:
            return self.filter(locale__language_code=DEFAULT_LANGUAGE)
        translated = Page.objects.filter(
            translation_key=OuterRef("translation_key"),
            locale__language_code=language,
            live=True,
            alias_of__isnull=True,
        )
        own = self.filter(locale__language_code=language, alias_of__isnull=True)
        return own | self.filter(~Exists(translated), locale__language_code=DEFAULT_LANGUAGE)
