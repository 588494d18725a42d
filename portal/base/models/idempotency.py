"""One row per write that a form or a device has asked for, so that a repeat finds the first."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """`key` comes from the form, `by` is a user's id or a device; `result` points at what came.

    The three together are unique, so nobody meets somebody else's result by guessing a key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(_("key"))
    purpose = models.CharField(_("purpose"), max_length=100)
    by = models.CharField(_("by"), max_length=100)
    result = models.CharField(_("result"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "purpose", "by"], name="base_idempotencykey_once"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="base_idempotency_age")]

    def __str__(self) -> str:
        return str(self.pk)
