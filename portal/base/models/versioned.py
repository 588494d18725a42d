"""Two people may open the same form; the row knows which text each of them had in front."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Versioned(models.Model):
    """Mixin: `version` counts the writes. Save through `portal.base.versions.save_versioned`."""

    version = models.PositiveIntegerField(_("version"), default=1, db_default=1, editable=False)

    class Meta:
        abstract = True
