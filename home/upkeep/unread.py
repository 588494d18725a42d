"""Pages nobody has read over for six months, and the act of saying "it is still right"."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log

from home.models import (
    CataloguePage,
    ComponentPage,
    ContactPage,
    ContentPage,
    FrontPage,
    HelpPage,
)
from home.models.base import MainPage

MAIN_PAGES: tuple[type[MainPage], ...] = (
    *(FrontPage, CataloguePage, ComponentPage, ContentPage, HelpPage, ContactPage),
)
FRESH_FOR = relativedelta(months=6)


@dataclass(frozen=True)
class Unread:
    """A published page; `reviewed_on` is empty if nobody has ever said that it is right."""

    pk: int
    title: str
    language: str
    kind: str
    reviewed_on: dt.date | None


def unread_pages(day: dt.date) -> list[Unread]:
    """Published pages read over longer than six months before `day`, or never; oldest first."""
    rows = []
    for model in MAIN_PAGES:
        old = Q(reviewed_on__isnull=True) | Q(reviewed_on__lt=day - FRESH_FOR)
        pages = model.objects.live().filter(old, alias_of__isnull=True)
        columns = ("pk", "title", "locale__language_code", "reviewed_on")
        for pk, title, language, reviewed_on in pages.values_list(*columns):
            kind = str(model._meta.verbose_name)
            rows.append(Unread(pk, title, language, kind, reviewed_on))
    return sorted(rows, key=lambda row: (row.reviewed_on or dt.date.min, row.title, row.pk))


def find_main_page(pk: int) -> MainPage | None:
    """The published page `pk` of any of the kinds that are read over."""
    found: list[MainPage | None] = [
        model.objects.live().filter(pk=pk, alias_of__isnull=True).first() for model in MAIN_PAGES
    ]
    return next((page for page in found if page), None)


@transaction.atomic
def confirm_page(page: MainPage, *, by: Any, day: dt.date) -> None:
    """`by` has read the published text over on `day`: it is right. A draft beside it stays one.

    The day is shown to the public, so it takes who may publish.
    """
    if not page.permissions_for_user(by).can_publish():
        raise PermissionDenied
    # A draft is as read as the page it comes from, and must not bring the old day back.
    for revision in {page.live_revision, page.latest_revision} - {None}:
        revision.content["reviewed_on"] = day.isoformat()
        revision.save(update_fields=["content"])
    page.reviewed_on = day
    page.save(update_fields=["reviewed_on"], clean=False)
    log(instance=page, action="home.read_over", user=by)
