from django.apps import AppConfig, apps
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
    """Stands in for the task of the same arguments.

    A model whose words others are found by says which with `found_by_my_words()`; they follow.
    """

    @staticmethod
    def enqueue(app_label: str, model_name: str, pk: str) -> None:
        from modelsearch import index

        saved = apps.get_model(app_label, model_name)._default_manager.get(pk=pk)
        index.insert_or_update_object(saved)
        if hasattr(saved, "found_by_my_words"):
            for other in saved.found_by_my_words():
                index.insert_or_update_object(other)
