"""Menu, footer and their words: one entry per language, edited with draft and preview."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import (
    DraftStateMixin,
    Orderable,
    Page,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
)


class Navigation(
    PreviewableMixin, DraftStateMixin, RevisionMixin, TranslatableMixin, ClusterableModel
):
    """The menu on top and the lists in the footer, in one language."""

    about = models.TextField(_("what the portal is, in the footer"), blank=True)
    sample_note = models.TextField(_("note about sample content, in the footer"), blank=True)

    panels = [
        InlinePanel("items", heading=_("Links"), label=_("link")),
        FieldPanel("about"),
        FieldPanel("sample_note"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("menu and footer")
        verbose_name_plural = _("menus and footers")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} ({self.locale.language_code})"

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "home/navigation_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return context | {"preview_of": self}


class NavigationItem(Orderable):
    """A link in the menu or in the footer: to a page, or to an address of the portal."""

    class Place(models.TextChoices):
        MAIN = "main", _("main menu")
        HELP = "help", _("footer: help and explanations")
        INFO = "info", _("footer: about the portal")

    navigation = ParentalKey(Navigation, on_delete=models.CASCADE, related_name="items")
    place = models.CharField(_("where"), max_length=4, choices=Place.choices)
    label = models.CharField(_("label"), max_length=40)
    page = models.ForeignKey(
        Page,
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    path = models.CharField(
        _("or an address of the portal"), max_length=200, blank=True, help_text="/konto/sisse/"
    )

    panels = [
        FieldPanel("place"),
        FieldPanel("label"),
        PageChooserPanel("page"),
        FieldPanel(
            "path",
            help_text=_(
                "Only if you chose no page: what stands in the address after the name of the "
                "site, such as /kaart/."
            ),
        ),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.label

    @property
    def in_heading(self) -> str:
        """What the row is called among its like in the editor."""
        return self.label

    def clean(self) -> None:
        super().clean()
        if bool(self.page_id) == bool(self.path):
            raise ValidationError({"page": _("Choose either a page or an address.")})
        if self.path and not (self.path.startswith("/") and not self.path.startswith("//")):
            raise ValidationError({"path": _("An address of the portal begins with one “/”.")})
