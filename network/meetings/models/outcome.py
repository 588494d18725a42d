"""What a meeting made: decisions with a number, actions with a position and a day. REG-08."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.meetings.models.agenda import AgendaItem
from network.meetings.models.group import Group
from network.meetings.querysets import ActionQuerySet
from network.models import Position
from portal.base.models import Versioned


class Decision(Versioned):
    """A decision, numbered within its group and year, such as 2026-14."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField()
    text = models.TextField(_("what was decided"), max_length=2000)
    decided_on = models.DateField(_("decided on"))

    class Meta:
        ordering = ["-year", "-serial"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "year", "serial"], name="meetings_decision_number"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.year}-{self.serial:02d}"


class Action(Versioned):
    """Something to be done by a position until a day; one list across meetings, until done."""

    class State(models.TextChoices):
        OPEN = "open", _("to be done")
        DONE = "done", _("done")
        DROPPED = "dropped", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meeting_actions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="made_actions")
    text = models.CharField(_("what is to be done"), max_length=300)
    position = models.ForeignKey(
        Position,
        verbose_name=_("who does it"),
        on_delete=models.PROTECT,
        related_name="meeting_actions",
    )
    due = models.DateField(_("until"))
    # The first day that was agreed: it shows how often the day has moved.
    first_due = models.DateField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("what came of it"), max_length=300, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="meetings_action_closed_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["position", "state", "due"], name="meetings_action_mine"),
            models.Index(fields=["group", "state", "due"], name="meetings_action_group"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
