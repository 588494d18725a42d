"""No private model stands in anything of the CMS (rules.md 4)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.models import Model
from django.urls import get_resolver
from modelsearch.index import get_indexed_models
from wagtail.admin.viewsets import viewsets
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page, ReferenceIndex, RevisionMixin
from wagtail.snippets.models import get_snippet_models

# Apps whose every row is about people. The CMS asks about the model and not about the row, so
# none of their models may stand in anything of the CMS.
PRIVATE_APPS = frozenset({"cases", "meetings", "audit", "accounts", "access"})
# Administrators open accounts on the CMS's own user pages.
ALLOWED = frozenset({("accounts.User", "views")})


def places_in_cms(model: type[Model]) -> Iterator[str]:
    """Where the CMS knows `model`; nothing for a model that is only ours."""
    if issubclass(model, Page):
        yield "pages"
    if issubclass(model, RevisionMixin):
        yield "revisions"
    if issubclass(model, AbstractDocument | AbstractImage):
        yield "files"
    if model in get_snippet_models():
        yield "snippets"
    if any(getattr(viewset, "model", None) is model for viewset in viewsets.viewsets):
        yield "views"
    if model in get_indexed_models():
        yield "search index"
    if model in ReferenceIndex.tracked_models:
        yield "reference index"


@register(Tags.security)
def private_models_stay_out_of_the_cms(
    app_configs: Iterable[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each private model that the CMS or Django's admin knows."""
    # Viewsets are registered when the addresses are read.
    _ = get_resolver().url_patterns
    found: list[CheckMessage] = [
        Error(
            f"{model._meta.label} is private, but the CMS has it among its {place}.",
            hint="Case data is plain Django behind its policy: take the registration away.",
            id="portal.E001",
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in PRIVATE_APPS
        for place in places_in_cms(model)
        if (model._meta.label, place) not in ALLOWED
    ]
    if apps.is_installed("django.contrib.admin"):
        found.append(
            Error(
                "django.contrib.admin is installed: it asks about the model, not about the row.",
                id="portal.E002",
            )
        )
    return found
