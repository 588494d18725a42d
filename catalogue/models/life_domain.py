from django.db import models
from django.utils.translation import gettext_lazy as _


class LifeDomain(models.Model):
    """A life domain (eluvaldkond) by which components are arranged. CAT-02."""

    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=80, blank=True)
    summary = models.CharField(_("in one line"), max_length=160, blank=True)
    icon = models.SlugField(_("icon"), default="circle", help_text=_("Name of a Lucide icon."))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("life domain")
        verbose_name_plural = _("life domains")

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """The name in `language` (et, en, ru); Estonian where there is no other."""
        return getattr(self, f"name_{language}", "") or self.name
