"""The catalogue holds nobody but who sent a price form (portal/base/personal.py)."""

from django.utils.translation import gettext_lazy as _

from catalogue import models
from portal.base import personal
from portal.base.personal import Path

SENT_BY = personal.by_account(models.PriceImport, "by")


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
    personal.declare(
        models.PriceImport,
        _("Price forms that I sent"),
        worker=Path(
            SENT_BY,
            show=(
                *("at", "file_name", "valid_from", "answered_at"),
                *("applied_at", "applied", "taken_back_at"),
            ),
        ),
        excepted={
            "target": "a round or an organisation, not a person",
            "sheets": "the cells of a price list",
            "columns": "how a price list was read",
            "answers": "how a price list was read",
            "seen": "how a price list was read",
            "digest": "a sign of the cells",
            "outcome": "prices as they were and as they became",
        },
    )
