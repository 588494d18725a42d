from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelsearch import index

from network.models.place import Municipality
from network.querysets import OrganisationQuerySet
from portal.base.phones import check_phone
from portal.search.indexing import EstonianSearchField


class Organisation(index.Indexed, models.Model):
    """A body that works in the network: a provider, a municipality, a health or school partner."""

    class Kind(models.TextChoices):
        # In a list of bodies it is the office, not the place.
        MUNICIPALITY = "municipality", pgettext_lazy("organisation", "municipality")
        PROVIDER = "provider", _("service provider")
        HEALTH = "health", _("health care")
        OTHER = "other", _("other partner")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    registry_code = models.CharField(_("registry code"), max_length=8, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    address = models.CharField(_("street address"), max_length=200, blank=True)
    text = models.TextField(_("what it does"), blank=True)
    contact_role = models.CharField(
        _("whom to ask for"),
        max_length=80,
        blank=True,
        help_text=_("A position, such as “case manager”; never a person's name."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    hours = models.CharField(_("when to call"), max_length=120, blank=True)
    is_public = models.BooleanField(_("shown on the public site"), default=True)
    is_sample = models.BooleanField(
        _("invented, for the demo"),
        default=False,
        help_text=_("Shown with the mark “näidis”."),
    )

    objects = OrganisationQuerySet.as_manager()

    search_fields = [
        EstonianSearchField("name", is_title=True),
        EstonianSearchField("text", boost=2),
        EstonianSearchField("address"),
        index.RelatedFields("municipality", [EstonianSearchField("name", boost=2)]),
        index.AutocompleteField("name"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        permissions = [("edit_offers", "Edits the offers of the organisation")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        try:
            check_phone(self.phone)
        except ValidationError as error:
            raise ValidationError({"phone": error}) from None

    def found_by_my_words(self) -> list[models.Model]:
        """Offers are found by the name of who gives them (portal/search/apps.py)."""
        rows = self.resources.filter(offer__isnull=False).select_related("offer")
        return [row.offer for row in rows]
