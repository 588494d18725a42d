"""One meeting and who was there."""

import datetime as dt
import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.meetings.models.group import LONGEST, SHORTEST, Group, Series
from network.meetings.querysets import MeetingQuerySet
from network.models import Position
from portal.access.grants import ObjectGrant
from portal.base.models import Versioned


class Meeting(Versioned):
    """A meeting of a group: planned, running, ended with minutes, the minutes approved.

    `version` counts changes of the meeting and of its agenda as a whole (order, items).
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        ENDED = "ended", _("minutes to approve")
        APPROVED = "approved", _("minutes approved")
        CANCELLED = "cancelled", _("cancelled")

    # While one of these, agenda, notes, decisions and attendance may be written.
    WRITABLE = (State.PLANNED, State.RUNNING, State.ENDED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    # The day that the rule of the series gave, which stays when this one meeting is moved.
    series_day = models.DateField(null=True, blank=True, editable=False)
    title = models.CharField(_("name"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("takes, minutes"),
        default=90,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    place = models.CharField(_("where"), max_length=160, blank=True)
    link = models.URLField(_("video link"), blank=True)
    minutes_taker = models.ForeignKey(
        Position,
        verbose_name=_("takes the minutes"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    invited_at = models.DateTimeField(_("invitations sent"), null=True, blank=True)
    # RFC 5545 SEQUENCE: moves on with every change that the calendars of the invited must learn.
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    approved_on = models.DateField(_("minutes approved on"), null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        default_permissions = ()
        permissions = [("attend_meeting", "Is a guest of the meeting")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "series_day"], name="meetings_meeting_once_a_day_of_series"
            ),
        ]
        indexes = [models.Index(fields=["group", "starts_at"], name="meetings_meeting_when")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def is_writable(self) -> bool:
        return self.state in self.WRITABLE


class Attendance(models.Model):
    """A position at a meeting, or a guest from outside by name; and whether they came."""

    class Status(models.TextChoices):
        UNKNOWN = "unknown", _("not said")
        PRESENT = "present", _("present")
        EXCUSED = "excused", _("excused")
        ABSENT = "absent", _("absent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    position = models.ForeignKey(
        Position, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    guest_name = models.CharField(_("guest and where from"), max_length=120, blank=True)
    is_guest = models.BooleanField(_("guest"), default=False)
    status = models.CharField(
        _("attendance"), max_length=10, choices=Status.choices, default=Status.UNKNOWN
    )

    class Meta:
        ordering = ["is_guest", "position__organisation__name", "guest_name", "pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="meetings_attendance_once"
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False, guest_name="")
                | (Q(position__isnull=True, is_guest=True) & ~Q(guest_name="")),
                name="meetings_attendance_position_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MeetingGrant(ObjectGrant):
    """Somebody sees one meeting because a position of theirs is its guest."""

    content_object = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="grants")
