"""Letters of the editors' day: a page waits to be approved, and what became of it.

The CMS would write to the mail server from inside the request and fail with it. Its four letters
about moderation are replaced: ours go through the outbox like every other.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from portal.accounts.models import User
from portal.base import mail, outbox

PAGE_SUBMITTED = "page_submitted"
PAGE_DECIDED = "page_decided"


def register() -> None:
    """Called once, when the app is ready and before the CMS is: a name that is taken stays ours."""
    mail.register(PAGE_SUBMITTED, write_page_submitted)
    mail.register(PAGE_DECIDED, write_page_decided)
    task_submitted.connect(
        _submitted,
        sender=TaskState,
        dispatch_uid="group_approval_task_submitted_email_notification",
    )
    workflow_submitted.connect(
        _already_told,
        sender=WorkflowState,
        dispatch_uid="workflow_state_submitted_email_notification",
    )
    for signal, name in ((workflow_rejected, "rejected"), (workflow_approved, "approved")):
        signal.connect(
            _decided,
            sender=WorkflowState,
            dispatch_uid=f"workflow_state_{name}_email_notification",
        )


@transaction.atomic
def _submitted(instance: TaskState, user: User | None = None, **kwargs: Any) -> None:
    """Put a letter to each publisher but the one who has sent it."""
    for reader in readers_of(instance).exclude(pk=getattr(user, "pk", None)):
        payload = {"user": str(reader.pk), "task": instance.pk}
        mail.send(PAGE_SUBMITTED, payload, key=f"{instance.pk}:{reader.pk}")


def _already_told(**kwargs: Any) -> None:
    """The CMS tells administrators too; the step itself has told everybody who can approve."""


@transaction.atomic
def _decided(instance: WorkflowState, user: User | None = None, **kwargs: Any) -> None:
    """Put a letter to whoever has sent the page, unless they decided themselves."""
    writer = instance.requested_by_id
    if writer and writer != getattr(user, "pk", None):
        state = f"{instance.pk}:{instance.current_task_state_id}:{instance.status}"
        mail.send(PAGE_DECIDED, {"user": str(writer), "workflow": instance.pk}, key=state)


def readers_of(state: TaskState) -> Any:
    """Open accounts that may approve this step and want letters at all."""
    task = state.task.specific
    if not isinstance(task, GroupApprovalTask):
        return User.objects.none()
    people = User.objects.filter(groups__in=task.groups.all(), is_active=True).distinct()
    return people.exclude(letters=User.Letters.NEVER)


def write_page_submitted(payload: outbox.Payload) -> mail.Letter | None:
    """None if somebody has answered meanwhile, or the reader may not answer any more."""
    state = (
        TaskState.objects.select_related("task", "workflow_state__requested_by")
        .filter(pk=payload["task"], status=TaskState.STATUS_IN_PROGRESS)
        .first()
    )
    reader = readers_of(state).filter(pk=payload["user"]).first() if state else None
    page = state.workflow_state.content_object if state else None
    if reader is None or not isinstance(page, Page):
        return None
    return _letter(reader, page, writer=state.workflow_state.requested_by)


def write_page_decided(payload: outbox.Payload) -> mail.Letter | None:
    """None if it is open again, the account is closed, or wants no letters."""
    state = WorkflowState.objects.filter(pk=payload["workflow"]).first()
    writer = User.objects.filter(pk=payload["user"], is_active=True).first()
    page = state.content_object if state else None
    if writer is None or writer.letters == User.Letters.NEVER or not isinstance(page, Page):
        return None
    if state.status not in {WorkflowState.STATUS_APPROVED, WorkflowState.STATUS_NEEDS_CHANGES}:
        return None
    task = state.current_task_state
    return _letter(
        writer,
        page,
        approved=state.status == WorkflowState.STATUS_APPROVED,
        comment=task.comment if task else "",
    )


def _letter(user: User, page: Page, **context: Any) -> mail.Letter:
    path = reverse("wagtailadmin_pages:edit", args=[page.pk])
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path
    return mail.Letter(
        to=user.email,
        context={**context, "title": page.get_admin_display_title(), "address": address},
        language=user.language,
    )
