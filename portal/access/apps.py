import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "portal.access"
    label = "access"
    verbose_name = _("Permissions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.access import explained, grants, privacy
        from portal.access.models import PortalRole
        from portal.accounts import second_factor
        from portal.base import due

        second_factor.require_of(
            lambda user, day: PortalRole.objects.valid_on(day).filter(user_id=user.pk).exists()
        )
        explained.register_kinds()
        due.register("clear ended grants", grants.clear_ended, every=dt.timedelta(days=1))
        privacy.register()
