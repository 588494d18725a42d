"""Translations against their Estonian source: missing, or older than what the source says now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from wagtail.fields import StreamField
from wagtail.models import Page, PageLogEntry, Revision

from home.querysets import DEFAULT_LANGUAGE

MISSING, DRAFT, BEHIND = "missing", "draft", "behind"
ORDER = (BEHIND, DRAFT, MISSING)
# Neither the day of reading over nor what the CMS keeps for itself is to be translated.
WORDS = {"CharField", "TextField", "JSONField"}
NOT_WORDS = {"slug", "url_path", "draft_title", "path", "reviewed_on", "translation_key"}
NOT_WORDS |= {"wagtail_admin_comments"}


@dataclass(frozen=True)
class Translation:
    """One page in one language that is not in step; `changed` names the parts of the source."""

    state: str
    language: str
    source: int
    title: str
    pk: int | None = None
    changed: tuple[str, ...] = ()
    since: int | None = None
    now: int | None = None


def translations() -> list[Translation]:
    """Everything out of step: what is behind first, then drafts, then what is missing."""
    sources = {
        page.translation_key: page
        for page in Page.objects.live()
        .filter(locale__language_code=DEFAULT_LANGUAGE, depth__gte=2)
        .order_by("path")
    }
    found = {(row.translation_key, row.locale.language_code): row for row in _translated()}
    rows = [*_behind(sources, found)]
    for code, _name in settings.LANGUAGES:
        if code == DEFAULT_LANGUAGE:
            continue
        for key, source in sources.items():
            page = found.get((key, code))
            if page is None:
                rows.append(Translation(MISSING, code, source.pk, source.title))
            elif not page.live:
                rows.append(Translation(DRAFT, code, source.pk, source.title, page.pk))
    return sorted(rows, key=lambda row: ORDER.index(row.state))


def _translated() -> Any:
    """Pages in other languages, with the version of the source that stood when they were saved.

    A page that only mirrors the source (an alias) is no translation.
    """
    source = Page.objects.filter(
        translation_key=OuterRef(OuterRef("translation_key")),
        locale__language_code=DEFAULT_LANGUAGE,
    )
    published = PageLogEntry.objects.filter(
        page__in=source.values("pk"),
        action="wagtail.publish",
        revision__isnull=False,
        timestamp__lte=OuterRef("latest_revision_created_at"),
    ).order_by("-timestamp", "-pk")
    return (
        Page.objects.filter(alias_of__isnull=True)
        .exclude(locale__language_code=DEFAULT_LANGUAGE)
        .select_related("locale")
        .annotate(seen=Subquery(published.values("revision_id")[:1]))
    )


def _behind(sources: dict[Any, Page], found: dict[Any, Any]) -> Iterator[Translation]:
    """Published translations whose source has other words now than when they were saved."""
    pairs = [
        (code, page, sources[key])
        for (key, code), page in found.items()
        if key in sources and page.live and page.seen and page.seen != sources[key].live_revision_id
    ]
    wanted = {pk for _code, page, source in pairs for pk in (page.seen, source.live_revision_id)}
    revisions = Revision.objects.in_bulk(wanted - {None})
    for code, page, source in pairs:
        before, now = revisions.get(page.seen), revisions.get(source.live_revision_id)
        if before is None or now is None:
            continue
        changed = changed_words(source.specific_class, before.content, now.content)
        if changed:
            yield Translation(
                BEHIND, code, source.pk, source.title, page.pk, changed, before.pk, now.pk
            )


def changed_words(model: Any, before: dict[str, Any], now: dict[str, Any]) -> tuple[str, ...]:
    """Names of the parts with words that differ between two versions of a page of `model`."""
    names = []
    for field in model._meta.get_fields():
        if field.name in NOT_WORDS or field.name not in now:
            continue
        if field.one_to_many:
            if _lines(before.get(field.name)) != _lines(now[field.name]):
                names.append(str(field.related_model._meta.verbose_name_plural))
        elif (isinstance(field, StreamField) or field.get_internal_type() in WORDS) and before.get(
            field.name
        ) != now[field.name]:
            names.append(str(field.verbose_name))
    return tuple(names)


def _lines(rows: Any) -> list[Any]:
    """The words of child rows, whatever their keys."""
    return [
        {name: value for name, value in row.items() if isinstance(value, str)} for row in rows or []
    ]
