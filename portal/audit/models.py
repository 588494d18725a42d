"""The view log: who looked at, listed, changed or was refused what, and when. Append-only.

Field names follow the national data tracker (andmejälgija). Names are those of the day, without
foreign keys: the log says what was true when it was written. No content of a case.
"""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(TypeError):
    """The log is written by `portal.audit.log.record` and blanked by `erase`; by nothing else."""


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise AppendOnly("The view log is append-only: portal.audit.log writes it.")


class LogQuerySet(models.QuerySet):
    """Rows of the log, to be read. The database refuses changes too (migration 0002)."""

    update = delete = create = get_or_create = update_or_create = _refuse
    bulk_create = bulk_update = _refuse


class LogModel(models.Model):
    """A row of the log: nothing but `portal.audit.log` stores it, and nothing takes it away."""

    objects = LogQuerySet.as_manager()

    class Meta:
        abstract = True

    save = delete = _refuse


class ChainHead(models.Model):
    """The one row that every entry of the log is chained to; whoever writes holds it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.sequence)


class AccessEvent(LogModel):
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
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
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
            # Days alone are shown in the order of this index, which is that of the log.
            models.Index(fields=["-logtime", "-sequence"], name="audit_event_moment"),
            # What an auditor looks for is rare in a long log.
            models.Index(fields=["outcome", "-sequence"], name="audit_event_outcome"),
            models.Index(fields=["actioncode", "-sequence"], name="audit_event_action"),
        ]

    def __str__(self) -> str:
        return str(self.sequence)


class AccessSubject(LogModel):
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
        indexes = [
            models.Index(fields=["subject", "-event"], name="audit_subject_events"),
            models.Index(fields=["number"], name="audit_subject_number"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
