from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "network"
    label = "network"
    verbose_name = _("Network")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from network import models
        from network.access import expected_organisation_grants, expected_region_grants
        from portal.access import grants
        from portal.accounts import second_factor
        from portal.audit import actions
        from portal.base import content_version

        content_version.watch(
            models.County,
            models.Municipality,
            models.Organisation,
            models.Resource,
            models.Offer,
            models.OfferPrice,
            # The public page of needs counts them.
            models.Gap,
        )
        grants.register(models.RegionGrant, expected_region_grants)
        grants.register(models.OrganisationGrant, expected_organisation_grants)
        # A position may be on a case team any day.
        second_factor.require_of(
            lambda user, day: models.Holding.objects.valid_on(day).filter(user_id=user.pk).exists()
        )
        actions.register({"worker_invite": _("invited a worker")})
