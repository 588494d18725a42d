"""The catalogue holds nobody (portal/base/personal.py)."""

from catalogue import models
from portal.base import personal


def register() -> None:
    """Called once, when the app is ready."""
    why = "public facts about kinds of help"
    personal.holds_nobody(
        models.LifeDomain, why, texts=("slug", "name", "name_en", "name_ru", "summary", "icon")
    )
    personal.holds_nobody(models.Component, why, texts=("code", "slug", "name", "source"))
    personal.holds_nobody(models.Round, why, texts=("slug", "name", "note"))
    personal.holds_nobody(models.Cap, why, texts=("source",))
    personal.holds_nobody(models.Price, why, texts=("source",))
