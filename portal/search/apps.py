from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Index a saved object at once, in its own transaction, unless the settings queue it.

        What is published is then found within the second, worker or no worker.
        """
        if getattr(settings, "SEARCH_INDEX_AT_ONCE", True):
            from modelsearch import signal_handlers

            signal_handlers.insert_or_update_object_task = _AtOnce


class _AtOnce:
    """Stands in for the task of the same arguments."""

    @staticmethod
    def enqueue(app_label: str, model_name: str, pk: str) -> Any:
        from modelsearch.tasks import insert_or_update_object_task

        return insert_or_update_object_task.call(app_label, model_name, pk)
