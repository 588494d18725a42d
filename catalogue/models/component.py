from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.life_domain import LifeDomain


class Form(models.TextChoices):
    """How an hour is given (CAT-05); the price depends on it."""

    INDIVIDUAL = "individual", _("individually")
    FAMILY = "family", _("with a family member")
    GROUP = "group", _("in a group")


class Kind(models.TextChoices):
    """Base support holds the case together, additional support is done with the person. CAT-01."""

    BASE = "base", _("base support")
    ADDITIONAL = "additional", _("additional support")


class Audience(models.TextChoices):
    """Whom the component is for. CAT-16."""

    PERSON = "person", _("for the person")
    FAMILY = "family", _("for the family")


class Component(models.Model):
    """A service component (teenuskomponent): what is the same in every language.

    The words stand on `home.ComponentPage`; plans, offers and hours point here, never at a page.
    """

    code = models.CharField(_("code"), max_length=12, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    domain = models.ForeignKey(
        LifeDomain,
        verbose_name=_("life domain"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="components",
    )
    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience.choices, default=Audience.PERSON
    )
    is_individual = models.BooleanField(_("given individually"), default=True)
    is_family = models.BooleanField(_("given with a family member"), default=False)
    is_group = models.BooleanField(_("given in a group"), default=False)
    qualified_only = models.BooleanField(
        _("needs special preparation"),
        default=False,
        help_text=_("Only somebody with the preparation named on the page may deliver it."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.CharField(_("where the facts come from"), max_length=200, blank=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("service component")
        verbose_name_plural = _("service components")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.BASE) | Q(domain__isnull=False),
                name="catalogue_component_additional_has_domain",
                violation_error_message=_("Additional support needs a life domain."),
            ),
            models.CheckConstraint(
                condition=Q(is_individual=True) | Q(is_family=True) | Q(is_group=True),
                name="catalogue_component_has_a_form",
                violation_error_message=_("Choose at least one form."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def forms(self) -> list[Form]:
        """The forms in which an hour can be given, in the order they are shown."""
        return [form for form in Form if getattr(self, f"is_{form.value}")]
