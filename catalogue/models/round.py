from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.base.models import Versioned
from portal.base.periods import Period, PeriodQuerySet, period_constraint


class Round(Versioned, Period):
    """A funding round of the model (voor), such as 2025–2026. CAT-12.

    Prices and ceilings belong to a round; the last one stays open until the next begins.
    """

    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=40)
    note = models.TextField(_("what is special about it"), blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [period_constraint("catalogue_round_period")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        others = Round.objects.exclude(pk=self.pk).values_list("name", flat=True)
        if self.name and _plain(self.name) in map(_plain, others):
            raise ValidationError({"name": _("There is a round with this name already.")})
        if self.valid_from:
            self.clean_no_overlap(Round.objects.all())


def _plain(name: str) -> str:
    """A name as it is heard: without case, needless spaces and kinds of dashes."""
    return " ".join(name.replace("–", "-").casefold().split()).replace(" - ", "-")
