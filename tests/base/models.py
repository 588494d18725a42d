"""Tables that stand for the private ones to come, in a registry of their own.

The portal's own registry does not know them, so no migration, fence or check meets them.
"""

import uuid

from django.apps.registry import Apps
from django.db import models
from simple_history.models import HistoricalRecords

from portal.base.fields import EncryptedTextField
from portal.base.models import Versioned

registry = Apps()


class Records(HistoricalRecords):
    """History whose tables stay in the registry of the tests."""

    def get_meta_options(self, model):
        return {**super().get_meta_options(model), "apps": registry}


def nobody(**kwargs):
    return None


class Diary(Versioned):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=50, blank=True)
    text = EncryptedTextField()
    remark = EncryptedTextField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    history = Records(
        history_user_id_field=models.UUIDField(null=True),
        history_user_getter=nobody,
        history_user_setter=lambda historical_instance, user: None,
        app="base",
    )

    class Meta:
        app_label = "base"
        apps = registry


class Letter(models.Model):  # noqa: DJ008
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = EncryptedTextField()

    class Meta:
        app_label = "base"
        apps = registry
