"""What a meeting talks about, and what was said. Short entries, each with its writer."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.meetings.models.meeting import Meeting
from network.models import Gap, Position
from portal.base.models import Versioned


class AgendaItem(Versioned):
    """One item: an owner to the precision of a position, and its minutes of time."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("approval of the last minutes")
        ACTIONS = "actions", _("unfinished actions")
        GAP = "gap", _("gap")
        TOPIC = "topic", _("topic")
        NEXT = "next", _("next meeting")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        NOW = "now", _("now")
        DONE = "done", _("done")
        MOVED = "moved", _("moved on")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TOPIC)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("introduction"), blank=True)
    owner = models.ForeignKey(
        Position,
        verbose_name=_("who introduces it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes of time"), default=10, validators=[MaxValueValidator(240)]
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    gap = models.ForeignKey(
        Gap, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    # Of the item that approves minutes: whose.
    about = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="approved_by_items"
    )

    class Meta:
        ordering = ["meeting", "place", "pk"]
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of an agenda")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="gap", gap__isnull=False) | (~Q(kind="gap") & Q(gap__isnull=True)),
                name="meetings_agendaitem_gap",
            ),
            models.UniqueConstraint(fields=["meeting", "gap"], name="meetings_agendaitem_gap_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MeetingNote(Versioned):
    """A short entry of the minutes under an item."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("what was said"), max_length=2000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name = _("entry of the minutes")
        verbose_name_plural = _("entries of the minutes")

    def __str__(self) -> str:
        return str(self.pk)
