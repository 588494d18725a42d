import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.base.models import Versioned

# What the prices of a form belong to; the id follows after a colon.
ROUND, ORGANISATION = "round", "organisation"


class PriceImport(Versioned):
    """A price form that somebody sent: its cells, what they answered, what came of it. CAT-23.

    The file itself is not kept, only the text of its cells. `target` names where the prices go
    ("round:3", "organisation:7"): who may know that stands on the floors above.

    `digest` tells the same cells sent again; `answered_at` is earlier than `at` where the answers
    were taken along from then. `outcome` is what taking over did, with what stood there before:
    empty where that cannot be undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="price_imports",
    )
    at = models.DateTimeField(_("sent"), auto_now_add=True)
    target = models.CharField(_("where the prices go"), max_length=40)
    file_name = models.CharField(_("name of the file"), max_length=100)
    valid_from = models.DateField(_("prices hold from"))
    sheets = models.JSONField(_("cells"), default=list)
    columns = models.JSONField(_("what the columns hold"), default=dict)
    answers = models.JSONField(_("answers"), default=dict)
    digest = models.CharField(_("sign of the cells"), max_length=64, blank=True, db_default="")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    seen = models.JSONField(_("questions seen"), default=list, db_default=[])
    applied_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    applied = models.PositiveIntegerField(_("prices taken over"), default=0)
    outcome = models.JSONField(_("what was done"), default=dict, db_default={})
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("import of prices")
        verbose_name_plural = _("imports of prices")
        constraints = [
            models.CheckConstraint(
                condition=Q(target__startswith="round:") | Q(target__startswith="organisation:"),
                name="catalogue_priceimport_target",
            ),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="catalogue_priceimport_mine")]

    def __str__(self) -> str:
        return str(self.pk)
