"""One action: done, no longer needed, a new day; and the gap behind it. REG-08, CASE-16."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.meetings.models import Action, AgendaItem, Meeting
from network.meetings.outcome_forms import (
    ActionChangeForm,
    ActionCloseForm,
    ActionMoveForm,
    GapSolveForm,
    StepForm,
)
from network.meetings.outcome_reports import ActionRow
from network.meetings.policies import ActionPolicy, MeetingPolicy
from network.meetings.services.answers import offers_for, solve_gap_of
from network.meetings.services.outcome_rules import positions_of
from network.meetings.services.outcomes import (
    change_action,
    close_action,
    move_action,
    reopen_action,
)
from network.meetings.views.outcome import WRITTEN, to_item
from network.meetings.views.page import meeting_page
from network.policies import GapPolicy
from portal.access.guards import guarded, pass_of, user_of
from portal.base.form_fields import RefusableForm
from portal.base.versions import VersionConflict

State = Action.State
# What the page can be asked to do, and which of its forms says what is needed for it.
FORM_OF = {
    "done": "close",
    "dropped": "close",
    "move": "move",
    "reopen": "reopen",
    "change": "change",
    "solve": "solve",
}


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(ActionPolicy, "view")
def action_detail(request: HttpRequest, action_id: uuid.UUID) -> HttpResponse:
    """What was agreed, what became of it, and each next step that the reader may take."""
    ticket = pass_of(request)
    action = _with_words(ticket.find(pk=action_id).pk)
    steps = Steps(request, action, ticket.day)
    what = request.POST.get("do", "") if request.method == "POST" else ""
    form = steps.sent(what)
    if form is None or not form.is_valid():
        return _wrong(request, steps, what, ticket.day)
    try:
        said = steps.take(what, form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        return _wrong(request, steps, what, ticket.day)
    except VersionConflict:
        return _conflict(request, action_id, what)
    messages.success(request, said)
    item = _came_from(request, ticket.day)
    return to_item(item) if item else redirect("action_detail", action_id)


class Steps:
    """The forms of one action, as far as the reader may use them on `day`."""

    def __init__(
        self, request: HttpRequest, action: Action, day: dt.date, *, stored: bool = False
    ) -> None:
        self.request, self.action, self.day = request, action, day
        user = request.user
        # After a conflict, what was typed is sent again against what is stored now.
        self.stored = stored
        self.gap = action.item.gap
        self.may_finish = ActionPolicy.allows(user, "finish", action, day)
        self.may_write = ActionPolicy.allows(user, "write", action, day)
        self.may_answer = self.gap is not None and GapPolicy.allows(user, "answer", self.gap, day)
        self.forms: dict[str, RefusableForm] = {}

    def sent(self, what: str) -> RefusableForm | None:
        """The form that was sent, with what was typed; None if nothing known was sent."""
        name = FORM_OF.get(what)
        if name is None:
            return None
        if not self._may(name):
            raise PermissionDenied
        self.forms[name] = self._make(name, self.request.POST)
        return self.forms[name]

    def _may(self, name: str) -> bool:
        if name == "change":
            return self.may_write
        return self.may_answer if name == "solve" else self.may_finish

    def _make(self, name: str, data: Any = None) -> RefusableForm:
        """The form `name`; its fields have ids of their own, because several stand on the page."""
        version = {"version": self.action.version}
        if data is not None and self.stored:
            data = data.copy()
            data |= {"version": str(self.action.version), "key": str(uuid.uuid4())}
        options: dict[str, Any] = {"auto_id": f"{name}-%s", "initial": version}
        if name == "close":
            return ActionCloseForm(data, **options)
        if name == "move":
            return ActionMoveForm(data, **options)
        if name == "reopen":
            return StepForm(data, **options)
        if name == "solve":
            offers = offers_for(self.gap, self.day) if self.gap else []
            return GapSolveForm(data, offers=offers, auto_id="solve-%s")
        options["initial"] = ActionChangeForm.values_of(self.action)
        positions = list(positions_of(self.action.group, self.day))
        if self.action.position not in positions:
            # Its organisation has left the network; what was agreed can still be read.
            positions.append(self.action.position)
        return ActionChangeForm(data, positions=positions, **options)

    def take(self, what: str, typed: dict[str, Any]) -> str:
        """Do what was asked for, and say in words that it is done."""
        by, asked = user_of(self.request), {"day": self.day, "key": typed["key"]}
        if what == "solve":
            solve_gap_of(self.action, offer=typed["offer"] or None, by=by, **asked)
            return _("The gap is solved. Whoever noted it sees that now.")
        asked["version"] = typed["version"]
        if what in ("done", "dropped"):
            state = State.DONE if what == "done" else State.DROPPED
            close_action(self.action, state=state, note=typed["note"], by=by, **asked)
            return _("Marked as done.") if what == "done" else _("Marked as no longer needed.")
        if what == "move":
            move_action(self.action, due=typed["due"], by=by, **asked)
            return _("The action has a new day.")
        if what == "reopen":
            reopen_action(self.action, by=by, **asked)
            return _("The action is to be done again.")
        words = {name: typed[name] for name in ("text", "position", "due")}
        change_action(self.action, **words, by=by, **asked)
        return _("The action is changed.")

    def page(self, *, status: int = 200, conflict: str = "") -> HttpResponse:
        action, meeting = self.action, self.action.item.meeting
        is_open = action.state == State.OPEN
        shown = {
            "close": self.may_finish and is_open,
            "move": self.may_finish and is_open,
            "reopen": self.may_finish and not is_open,
            "change": self.may_write and meeting.state in WRITTEN,
            "solve": self.may_answer
            and action.state == State.DONE
            and self.gap is not None
            and self.gap.is_open,
        }
        for name, is_shown in shown.items():
            if is_shown and name not in self.forms:
                self.forms[name] = self._make(name)
        context = {
            "row": ActionRow(action, self.day),
            "action": action,
            "meeting": meeting,
            "gap": self.gap,
            "sees_gap": self.gap is not None
            and GapPolicy.allows(self.request.user, "view", self.gap, self.day),
            "sees_meeting": MeetingPolicy.allows(self.request.user, "view", meeting, self.day),
            "is_approved": meeting.state == Meeting.State.APPROVED,
            "forms": self.forms,
            "wrong": next((form for form in self.forms.values() if form.errors), None),
            "conflict": conflict,
            "item_id": _item_id(self.request),
        }
        return render(self.request, "meetings/action_detail.html", context, status=status)


def _wrong(request: HttpRequest, steps: Steps, what: str, day: dt.date) -> HttpResponse:
    """The page that the form stood on: of the meeting that is held, else of the action."""
    item = _came_from(request, day) if what == "move" else None
    if item is None or item.kind != AgendaItem.Kind.ACTIONS:
        return steps.page()
    if item.meeting.state != Meeting.State.RUNNING:
        return steps.page()
    wrong = {"action": steps.action.pk, "form": steps.forms["move"]}
    return meeting_page(request, item.meeting, day, item_id=item.pk, wrong_move=wrong)


def _conflict(request: HttpRequest, action_id: uuid.UUID, what: str) -> HttpResponse:
    """409: what is stored now stands on the page, what was typed stands in its form."""
    steps = Steps(request, _with_words(action_id), pass_of(request).day, stored=True)
    form = steps.sent(what)
    if form:
        form.is_valid()
    return steps.page(status=409, conflict=what)


def _item_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("punkt", ""))
    except ValueError:
        return None


def _came_from(request: HttpRequest, day: dt.date) -> AgendaItem | None:
    """The item of a meeting on whose page the button stood, if the reader sees that meeting."""
    item_id = _item_id(request)
    if item_id is None:
        return None
    meetings = MeetingPolicy.rows(request.user, "view", day)
    return AgendaItem.objects.filter(pk=item_id, meeting__in=meetings).first()


def _with_words(action_id: uuid.UUID) -> Action:
    return Action.objects.select_related(
        "position__organisation",
        "group__region",
        "item__meeting",
        "item__gap__component",
        "item__gap__domain",
        "item__gap__municipality",
    ).get(pk=action_id)
