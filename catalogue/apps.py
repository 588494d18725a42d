import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalogue import models, privacy
        from catalogue.importer import keeping
        from portal.base import content_version, due, midnight

        content_version.watch(
            models.Cap, models.Component, models.LifeDomain, models.Price, models.Round
        )
        midnight.watch(models.Cap, models.Price, models.Round)
        privacy.register()
        due.register("prune price imports", keeping.prune, every=dt.timedelta(days=1))
