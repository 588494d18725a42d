"""The guard of case views: no look without an entry, no entry without an answer that matches.

    @case_view(CasePolicy, "view", code="case_view", acting=acting_in)
    def case_detail(request, case): …

The view gets the row instead of its id. Its answer is made, logged and committed in one
transaction before it leaves; if the entry cannot be written, nothing is shown. A refusal is logged
and committed first and then answered, with the same work whether the id is foreign or unknown.

`code` names the look at this page; what a service does in it has a name of its own
(`case_change_form` and `case_change`), so that the log tells opening a form from sending it.
"""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from portal.access.guards import lead_to_sign_in
from portal.access.policies import Policy, Refused
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent

# Given user, row (or None) and day: who acts, in which role and for which organisation.
Acting = Callable[[Any, Any, Any], Actor]


class Visit:
    """What the guard tells the view, and what the view tells the guard.

    A write says `logged()` once its service has written the entry of the act itself.
    """

    def __init__(self, actor: Actor, day: Any) -> None:
        self.actor = actor
        self.day = day
        self.is_logged = False

    def logged(self) -> None:
        self.is_logged = True


class AnsweredRedirectUnlogged(RuntimeError):
    """A write was answered without an entry in the log: a mistake in the code."""


def case_view(
    policy: type[Policy[Any]],
    action: str,
    *,
    code: str,
    acting: Acting,
    channel: str = AccessEvent.Channel.PAGE,
    purpose: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view whose URL has the id of a case as `case_id`."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded_view(
            request: HttpRequest, case_id: uuid.UUID, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            if refusal := lead_to_sign_in(request):
                return refusal
            day = timezone.localdate()
            try:
                # Durable: whoever wrapped it in a transaction of their own could still roll the
                # entry back after the page has left.
                with transaction.atomic(durable=True):
                    row = _find(policy, action, request.user, case_id, day)
                    visit = Visit(acting(request.user, row, day), day)
                    request.case_visit = visit  # type: ignore[attr-defined]
                    response = view(request, row, *args, **kwargs)
                    if hasattr(response, "render") and not response.is_rendered:
                        response.render()
                    if not visit.is_logged:
                        if request.method == "POST" and 300 <= response.status_code < 400:
                            raise AnsweredRedirectUnlogged(code)
                        # Last, so that the head of the chain is held as short as can be. A form
                        # that came back with its errors has shown the case again.
                        record(
                            visit.actor,
                            [Subject(str(row.pk), str(row))],
                            actioncode=code,
                            channel=channel,
                            purpose=purpose,
                        )
                    return response
            except (Http404, PermissionDenied):
                with transaction.atomic(durable=True):
                    record(
                        acting(request.user, None, day),
                        [Subject(str(case_id))],
                        actioncode=code,
                        outcome=AccessEvent.Outcome.REFUSED,
                        channel=channel,
                        purpose=purpose,
                    )
                raise

        guarded_view.guard_mark = f"policy:{policy.__name__}.{action}"  # type: ignore[attr-defined]
        guarded_view.audit_mark = code  # type: ignore[attr-defined]
        return guarded_view

    return decorate


def _find(policy: type[Policy[Any]], action: str, user: Any, pk: uuid.UUID, day: Any) -> Any:
    """The row: 404 if it is not visible or not there, 403 if visible but refused."""
    row = policy.rows(user, action, day).filter(pk=pk).first()
    if row is None:
        # Asked for a foreign id and an unknown one alike.
        if not policy.sees(user, day, pk=pk):
            raise Http404
        why = policy.why_not(user, action, day, pk)
        raise Refused(why) if why else PermissionDenied
    return row
