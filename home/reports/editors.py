"""What editors and publishers have before them: pages that wait, and what is out of date."""

from typing import Any

from wagtail.models import TaskState


def pages_to_approve(user: Any) -> int:
    """How many pages wait for `user` to approve them; for the desk. 0 for who approves nothing."""
    if not user.has_perm("wagtailadmin.access_admin"):
        return 0
    waiting = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        task__active=True,
        task__groupapprovaltask__groups__in=user.groups.all(),
    )
    return waiting.distinct().count()
