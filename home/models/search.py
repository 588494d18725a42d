"""What editors teach the search: synonyms, and questions that nothing answered.

A question is kept as words, a month and a count; who asked is known to nobody.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Municipality, RegionMunicipality
from portal.search.synonyms import Said


class Synonym(models.Model):
    """What people type and what our texts call it. CAT-24."""

    said = models.CharField(
        _("people type"),
        max_length=1000,
        help_text=_("Words or phrases, with commas between; any form of a word will do."),
    )
    meant = models.CharField(
        _("our texts say"),
        max_length=300,
        help_text=_("Words or phrases of the pages that should be found, with commas between."),
    )
    both_ways = models.BooleanField(
        _("both ways"),
        default=False,
        help_text=_("Who types our word also finds what is written with theirs."),
    )

    class Meta:
        ordering = ["said"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [models.UniqueConstraint(fields=["said"], name="home_synonym_once")]

    def __str__(self) -> str:
        return f"{self.said} → {self.meant}"

    @classmethod
    def lines(cls) -> list[Said]:
        """The whole list, as the search reads it."""
        return [Said(*row) for row in cls.objects.values_list("said", "meant", "both_ways")]


class UnansweredQuestion(models.Model):
    """Words for which nothing was found, how often in a month, and what became of them."""

    class State(models.TextChoices):
        NEW = "new", _("not looked at")
        SYNONYM = "synonym", _("made a synonym")
        GAP = "gap", _("noted as a gap")
        ASIDE = "aside", pgettext_lazy("question", "put aside")

    month = models.DateField(_("month"))
    words = models.CharField(_("words"), max_length=120)
    count = models.PositiveIntegerField(_("how often"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Of a gap: where it is missing. It goes to the list of the region."),
    )

    class Meta:
        ordering = ["-month", "-count", "words"]
        verbose_name = _("question without an answer")
        verbose_name_plural = _("questions without an answer")
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(fields=["month", "words"], name="home_question_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="home_question_month_only"),
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        super().clean()
        if self.state != self.State.GAP:
            return
        if self.municipality is None:
            raise ValidationError({"municipality": _("Say where it is missing.")})
        today = timezone.localdate()
        if not RegionMunicipality.objects.valid_on(today).filter(municipality=self.municipality):
            raise ValidationError({"municipality": _("No network works there today.")})
