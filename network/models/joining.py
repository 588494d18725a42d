"""An organisation asks, or is asked, to work in a region's network; the steering group decides.

REG-05.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Organisation
from network.models.place import Municipality, Region


class JoinRequest(models.Model):
    """Waits until somebody of the steering group who is not the asker has decided.

    `organisation` is empty while it is new to the portal: it is made when it is let in.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the steering group")
        APPROVED = "approved", _("joined")
        DECLINED = "declined", _("not let in")
        TAKEN_BACK = "taken_back", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="join_requests")
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="join_requests",
    )
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Organisation.Kind.choices)
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    # Who will speak for it: invited when it is let in, if it has no lead yet.
    lead_email = models.EmailField(_("e-mail of the lead"), blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_at", "pk"]
        verbose_name = _("request to join a region")
        verbose_name_plural = _("requests to join a region")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["region", "organisation"],
                condition=Q(state="waiting"),
                name="network_joinrequest_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="network_joinrequest_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
