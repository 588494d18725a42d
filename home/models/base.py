"""What every page type of the public site shares."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageManager

from home.querysets import SitePageQuerySet

PLAIN_FEATURES = ["bold", "italic", "ul", "ol", "link"]
ARTICLE_FEATURES = ["h2", "h3", "bold", "italic", "ul", "ol", "link", "document-link", "hr"]


class SitePage(Page):
    """Abstract: a page of the public site, found through `visible()` and `in_language()`."""

    # Fixed pages carry an address the product promises: no delete, move, unpublish or new slug.
    is_fixed = False

    objects = PageManager.from_queryset(SitePageQuerySet)()

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.is_fixed and self.pk:
            before = Page.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
            if before is not None and before != self.slug:
                raise ValidationError(
                    {"slug": _("The address of this page is fixed; other pages link to it.")}
                )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page for its template; page types add their reports."""
        return {
            "page": self,
            "self": self,
            "request": request,
            # Inside the English or Russian frame an Estonian text says that it is one.
            "content_language": self.locale.language_code,
        }
