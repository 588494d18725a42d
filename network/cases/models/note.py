import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.cases.models.case import Case
from network.cases.querysets import CaseNoteQuerySet
from network.models import Position
from portal.base.fields import EncryptedTextField


def private_storage() -> Storage:
    """The storage of private files, asked for when it is needed."""
    return storages["private"]


class CaseNote(models.Model):
    """What happened, in a few words. Written once; a mistake is corrected by a further note.

    `minutes` is how long it took, in minutes of work.
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("home visit")
        MEETING = "meeting", _("meeting")
        PHONE = "phone", _("phone call")
        MESSAGE = "message", _("message")
        NOT_REACHED = "not_reached", _("not reached")
        OTHER = "other", _("something else")

    class Audience(models.TextChoices):
        TEAM = "team", _("the whole team")
        LEADS = "leads", _("only me and those who see everything")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind.choices)
    happened_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(
        _("how long, minutes"), validators=[MaxValueValidator(24 * 60)], default=0
    )
    place = EncryptedTextField(_("where"), blank=True, default="")
    with_whom = EncryptedTextField(_("with whom"), blank=True, default="")
    text = EncryptedTextField(_("what others need to know"))
    audience = models.CharField(
        _("who can read it"), max_length=6, choices=Audience.choices, default=Audience.TEAM
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-created_at"]
        verbose_name = _("case note")
        verbose_name_plural = _("case notes")
        default_permissions = ()
        indexes = [models.Index(fields=["case", "-happened_at"], name="cases_casenote_when")]

    def __str__(self) -> str:
        return str(self.pk)


class CaseNoteFile(models.Model):
    """A file with a note: cleaned, kept outside the public folder, served by a guarded view."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(storage=private_storage)
    name = EncryptedTextField(_("name"))
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size, bytes"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("file of a note")
        verbose_name_plural = _("files of a note")

    def __str__(self) -> str:
        return str(self.pk)
