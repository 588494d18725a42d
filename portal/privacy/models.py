"""How long things are kept, what may not be erased, and what was. Ids and numbers, no names."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.base.models import Versioned


class RetentionClass(Versioned):
    """One kind of record and its term. `applies_to` is a key of portal.base.retention.

    Off until the network has set the term: the sources leave most of them open.
    """

    class Unit(models.TextChoices):
        DAY = "day", _("days")
        MONTH = "month", _("months")

    class Action(models.TextChoices):
        ERASE = "erase", _("erase")
        ANONYMISE = "anonymise", _("keep without names")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("what is kept"), max_length=120)
    applies_to = models.CharField(_("kind of record"), max_length=40)
    begins = models.CharField(_("counted from"), max_length=160)
    length = models.PositiveSmallIntegerField(
        _("how long"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1200)],
    )
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices, default=Unit.MONTH)
    action = models.CharField(_("then"), max_length=9, choices=Action.choices, default=Action.ERASE)
    ground = models.TextField(_("legal ground"), max_length=500, blank=True)
    is_active = models.BooleanField(_("in force"), default=False)

    class Meta:
        ordering = ["title"]
        verbose_name = _("term of keeping")
        verbose_name_plural = _("terms of keeping")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(length__isnull=False, length__gte=1),
                name="privacy_retentionclass_active_has_term",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RetentionChange(models.Model):
    """Who changed a term, when, and from what to what. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(RetentionClass, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name = _("change of a term")
        verbose_name_plural = _("changes of terms")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class RetentionRun(models.Model):
    """One pass over what was kept long enough. `counts`: code of the class → how many went."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField(_("begun"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    counts = models.JSONField(default=dict)
    # How many were left because they may not be erased, and how many could not be.
    held = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("pass of erasing")
        verbose_name_plural = _("passes of erasing")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class LegalHold(models.Model):
    """A case or an account that may not be erased, from a day until it is lifted or over."""

    class Kind(models.TextChoices):
        CASE = "case", _("case")
        WORKER = "worker", _("account")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what"), max_length=6, choices=Kind.choices)
    subject_id = models.UUIDField(_("id"))
    # The case number of the day; empty for an account, whose name is read where it is shown.
    number = models.CharField(_("case number"), max_length=7, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until, if known"), null=True, blank=True)
    set_at = models.DateTimeField(_("set"), default=timezone.now, editable=False)
    # Empty: at the machine.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_why = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    class Meta:
        ordering = ["-set_at", "pk"]
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=Q(lifted_at__isnull=True),
                name="privacy_legalhold_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Erasure(models.Model):
    """That somebody's data were erased: an id, why, when, how much. The same stands in a list
    outside of the database (portal.privacy.erasure_list), so that an old backup is erased again.
    """

    class Kind(models.TextChoices):
        CASE = "case", _("case")
        PERSON = "person", _("person")
        WORKER = "worker", _("account")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what"), max_length=6, choices=Kind.choices)
    subject_id = models.UUIDField(_("id"), db_index=True)
    reason = models.CharField(_("reason"), max_length=300)
    day = models.DateField(_("day"))
    at = models.DateTimeField(default=timezone.now, editable=False)
    counts = models.JSONField(default=dict)
    is_again = models.BooleanField(_("after an old backup"), default=False)

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
