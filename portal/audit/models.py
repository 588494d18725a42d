"""The view log: who looked at, listed, changed or was refused what, and when. Append-only.

Field names follow the national data tracker (andmejälgija). Names are those of the day, without
foreign keys: the log says what was true when it was written. No content of a case.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChainHead(models.Model):
    """The one row that every entry of the log is chained to; whoever writes holds it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.sequence)


class AccessEvent(models.Model):
    """One look, list, write or refusal."""

    class Outcome(models.TextChoices):
        ALLOWED = "allowed", _("allowed")
        REFUSED = "refused", _("refused")

    class Channel(models.TextChoices):
        PAGE = "page", _("page")
        FILE = "file", _("file")
        PRINT = "print", _("print")
        EXPORT = "export", _("export")
        COMMAND = "command", _("command")

    sequence = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    logtime = models.DateTimeField(_("time, UTC"))
    usercode = models.CharField(_("person's id"), max_length=36)
    username = models.CharField(_("person"), max_length=300)
    receivercode = models.CharField(_("organisation's id"), max_length=36, blank=True)
    receiver = models.CharField(_("organisation"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=20, blank=True)
    actioncode = models.CharField(_("what was done"), max_length=60)
    purpose = models.CharField(_("purpose"), max_length=60, blank=True)
    channel = models.CharField(_("by"), max_length=8, choices=Channel.choices)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]
        verbose_name = _("entry of the view log")
        verbose_name_plural = _("entries of the view log")
        default_permissions = ()
        indexes = [
            models.Index(fields=["usercode", "-sequence"], name="audit_event_person"),
            models.Index(fields=["logtime"], name="audit_event_time"),
        ]

    def __str__(self) -> str:
        return str(self.sequence)


class AccessSubject(models.Model):
    """A case that an entry is about; a list of thirty has thirty of these.

    `subject` is the id that was asked for, `number` the case number of the day, empty where the
    id belongs to nothing.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(AccessEvent, on_delete=models.PROTECT, related_name="subjects")
    subject = models.CharField(_("subject's id"), max_length=36)
    number = models.CharField(_("case number"), max_length=7, blank=True)
    # The chain holds the digest only, so that a lawful erasure may blank the three others.
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject", "-event"], name="audit_subject_events")]

    def __str__(self) -> str:
        return str(self.pk)
