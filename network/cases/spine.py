"""The state of a case as a line of points: what was, what is, what comes."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.cases.models import Case
from network.cases.sight import Sight
from portal.templatetags.ui import day as in_days

STEPS = (Case.State.NOTICED, Case.State.ASSESSED, Case.State.PLANNED, Case.State.RUNNING)


def spine_of(case: Case, day: dt.date, sight: Sight, *, may_edit: bool) -> list[dict[str, Any]]:
    """Points for templates/ui/timeline.html."""
    noticed = in_days(case.noticed_on) if "noticing" in sight else ""
    if case.state == Case.State.CLOSED:
        # Which steps it came through is not kept, so only the two ends are told.
        return [
            _point(Case.State.NOTICED, "past", noticed),
            _point(Case.State.CLOSED, "now", in_days(case.closed_on)),
        ]
    now = STEPS.index(Case.State(case.state))
    points = [
        _point(
            step,
            "past" if place < now else "now" if place == now else "todo",
            noticed if step == Case.State.NOTICED else "",
        )
        for place, step in enumerate(STEPS)
    ]
    review = {
        "title": _("Review %(day)s") % {"day": in_days(case.next_review)},
        "text": until_words(case.next_review, day),
        "state": "todo",
    }
    if may_edit:
        review |= {"url": reverse("case_change", args=[case.pk]), "action": _("Set the next one")}
    return [*points, review]


def _point(state: Case.State, when: str, text: str) -> dict[str, Any]:
    return {"title": capfirst(str(state.label)), "text": text, "state": when}


def until_words(review: dt.date, day: dt.date) -> str:
    """How far off a review is: `today`, `in 3 days`, `in 5 weeks`, `2 days late`."""
    days = (review - day).days
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
    if days < 14:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    weeks = days // 7
    return ngettext("in %(n)d week", "in %(n)d weeks", weeks) % {"n": weeks}
