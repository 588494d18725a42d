"""The one row that says: what the public sees has changed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContentVersion(models.Model):
    """Always the row with id 1; `value` is drawn anew with every public change.

    Not a counter: after a restored backup or a rolled-back transaction a count would come round
    again and name a page that is still kept somewhere.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    value = models.UUIDField(_("value"), default=uuid.uuid4)

    class Meta:
        verbose_name = _("content version")
        verbose_name_plural = _("content versions")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="base_contentversion_single"),
        ]

    def __str__(self) -> str:
        return str(self.value)
