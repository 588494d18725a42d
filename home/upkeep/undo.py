"""Undo: the version of a page that was public before the one that is public now."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, PageLogEntry, Revision

from home.upkeep.translations import changed_words


@dataclass(frozen=True)
class LastChange:
    """What was public before and what is now; `changed` names the parts that differ."""

    before: Revision
    now: Revision
    changed: tuple[str, ...]


def last_change(page: Page) -> LastChange | None:
    """The last change of what the public sees of `page`; None if there was no version before."""
    if not page.live or page.live_revision is None:
        return None
    entry = (
        PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish", revision__isnull=False)
        .exclude(revision=page.live_revision_id)
        .order_by("-timestamp", "-pk")
        .select_related("revision")
        .first()
    )
    if entry is None:
        return None
    before, now = entry.revision, page.live_revision
    changed = changed_words(page.specific_class, before.content, now.content)
    return LastChange(before, now, changed)


@transaction.atomic
def undo_last_change(page: Page, *, seen: int, by: Any) -> bool:
    """Publish again what stood before `seen`, the version `by` has looked at; a draft stays kept.

    False if somebody has published another version meanwhile. What is undone can be undone itself.
    """
    if not page.permissions_for_user(by).can_publish():
        raise PermissionDenied
    change = last_change(page)
    if change is None or change.now.pk != seen:
        return False
    earlier = change.before.as_object()
    revision = earlier.save_revision(user=by, previous_revision=change.before, log_action=True)
    revision.publish(user=by, previous_revision=change.before)
    return True
