"""What every page type of the public site shares."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager

from home.plain import reads_plain
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
            **self._plain_context(request),
        }

    def _plain_context(self, request: HttpRequest) -> dict[str, str]:
        """`plain`: "shown", "offered", "missing", or empty where nobody asks for it."""
        if not isinstance(self, MainPage):
            return {"plain": ""}
        if reads_plain(request):
            return {"plain": "shown" if self.plain else "missing"}
        return {"plain": "offered" if self.plain else ""}


class MainPage(SitePage):
    """Abstract: a page people rely on. It can be had in plain language, and is read over."""

    plain = RichTextField(
        _("in plain language"),
        features=PLAIN_FEATURES,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "For readers who find reading hard: one thought in a sentence, everyday words. "
            "It is shown instead of the longer text to whoever has switched to plain language."
        ),
    )
    reviewed_on = models.DateField(_("text last read over"), null=True, blank=True)

    plain_panels = [
        MultiFieldPanel([FieldPanel("plain")], heading=_("Plain language (lihtne keel)")),
    ]

    class Meta:
        abstract = True
