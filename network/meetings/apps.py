from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "network.meetings"
    label = "meetings"
    verbose_name = _("Meetings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from network.meetings.access import expected_grants
        from network.meetings.models import MeetingGrant
        from portal.access import grants

        grants.register(MeetingGrant, expected_grants)
