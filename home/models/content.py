"""Pages that are mostly words: content, help numbers, contact."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from home.blocks import HelpNumberBlock
from home.models.base import ARTICLE_FEATURES, MainPage, SitePage
from portal.base.phones import check_phone
from portal.search.indexing import EstonianSearchField


class ContentPage(MainPage):
    """A page of text."""

    template = "home/content_page.html"
    parent_page_types = ["home.FrontPage", "home.ContentPage"]
    subpage_types = ["home.ContentPage"]

    intro = models.TextField(_("introduction"), blank=True)
    body = RichTextField(_("text"), features=ARTICLE_FEATURES, blank=True)

    search_fields = [
        *SitePage.search_fields,
        EstonianSearchField("intro", boost=2),
        EstonianSearchField("body"),
    ]

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        *MainPage.plain_panels,
        FieldPanel("reviewed_on"),
    ]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")


class HelpPage(MainPage):
    """Numbers to call when help is needed at once; some of them stand on top of every page."""

    is_fixed = True
    template = "home/help_page.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    intro = models.TextField(_("introduction"), blank=True)
    numbers = StreamField(
        [("number", HelpNumberBlock())], verbose_name=_("help numbers"), blank=True
    )

    search_fields = [
        *SitePage.search_fields,
        EstonianSearchField("intro", boost=2),
        EstonianSearchField("numbers"),
    ]

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("numbers"),
        *MainPage.plain_panels,
        FieldPanel("reviewed_on"),
    ]

    class Meta:
        verbose_name = _("help numbers")
        verbose_name_plural = _("help numbers")


class ContactPage(MainPage):
    """How to reach the people behind the portal."""

    is_fixed = True
    template = "home/contact_page.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    intro = models.TextField(_("introduction"), blank=True)
    body = RichTextField(_("text"), features=ARTICLE_FEATURES, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hours = models.CharField(_("when to call"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    search_fields = [
        *SitePage.search_fields,
        EstonianSearchField("intro", boost=2),
        EstonianSearchField("body"),
        EstonianSearchField("address"),
    ]

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("email"),
                FieldPanel("hours"),
                FieldPanel("address"),
            ],
            heading=_("Contact"),
        ),
        FieldPanel("body"),
        *MainPage.plain_panels,
        FieldPanel("reviewed_on"),
    ]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    def clean(self) -> None:
        super().clean()
        try:
            check_phone(self.phone)
        except ValidationError as error:
            raise ValidationError({"phone": error}) from None
