"""What became of a resource: each step once, and never changed afterwards."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Organisation
from network.models.resource import Resource


class ResourceChange(models.Model):
    """One step in the life of a resource, or a proposal that waits for the steering group. REG-01.

    `before` and `after` hold facts as `network.services.resources.facts_of` gives them (JSON): of a
    proposal `after` is what is asked for. A proposal without a `resource` is a new one; it gets its
    resource when it is approved.
    """

    class What(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        AVAILABILITY = "availability", _("free places told")
        CONFIRMED = "confirmed", _("confirmed")
        PROPOSED = "proposed", _("change proposed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class State(models.TextChoices):
        """Of a proposal; everything else happened at once."""

        WAITING = "waiting", _("waits for approval")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("not approved")
        DONE = "done", _("done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="resource_changes"
    )
    what = models.CharField(_("what happened"), max_length=12, choices=What.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DONE)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name = _("change of a resource")
        verbose_name_plural = _("changes of resources")
        constraints = [
            models.CheckConstraint(
                condition=Q(what="proposed") | Q(state="done", resource__isnull=False),
                name="network_resourcechange_only_proposals_wait",
            ),
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(state="waiting"),
                name="network_resourcechange_one_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-at"], name="network_resourcechange_waits"),
            models.Index(fields=["resource", "-at"], name="network_resourcechange_of"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
