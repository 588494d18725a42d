"""Pages of decisions, actions and minutes in every state, before the HTML checker."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Action, Decision, Meeting
from tests.meetings.factories import (
    Table,
    action_of,
    decision_of,
    ended_meeting,
    gap_item,
    gap_of,
    note_of,
    running_meeting,
    topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.java]


def test_every_page_of_outcomes_is_sound(client, check_html):
    table = Table()
    client.force_login(table.coordinator.user)
    pages = {}

    def get(name, *args, **query):
        pages[f"{name} {len(pages)}"] = client.get(reverse(name, args=args), query).text

    def post(name, *args, **fields):
        pages[f"POST {name} {len(pages)}"] = client.post(reverse(name, args=args), fields).text

    for name in ("decision_list", "action_list"):
        get(name)
        get(name, q="ei ole")
        get(name, whose="all")

    old, now = ended_meeting(table.steering), running_meeting(table.steering)
    item = gap_item(now, gap_of(table))
    decision = decision_of(item, text="<b>Esiteks</b>\nteiseks")
    action = action_of(item, table.coordinator)
    done = action_of(item, table.member, state=Action.State.DONE, closed_on=timezone.localdate())
    late = action_of(topic(old), table.coordinator, due=timezone.localdate().replace(year=2020))
    note_of(topic(old), table.member, "Üks\nkaks & kolm")

    for name in ("decision_list", "action_list"):
        get(name)
        get(name, whose="all", state="all")
    for pk in (action.pk, done.pk, late.pk):
        get("action_detail", pk)
    get("decision_change", decision.pk)
    for name in ("decision_add", "action_add"):
        get(name, now.pk, item.pk)
        post(name, now.pk, item.pk)
    get("minutes", old.pk)
    get("minutes", now.pk)
    get("meeting_detail", now.pk, punkt=str(item.pk))
    get("meeting_detail", now.pk, punkt=str(now.items.get(kind="actions").pk))
    post("minutes_approve", old.pk, seen="muu")

    post("action_detail", action.pk, do="move", due="eile", version="1")
    post("action_detail", action.pk, do="dropped", note="", version="1")
    post("action_detail", action.pk, do="change", version="1")
    Action.objects.filter(pk=action.pk).update(version=7)
    post("action_detail", action.pk, do="done", note="Tehtud", version="1")
    post("decision_change", decision.pk, text="", version="1")
    Decision.objects.filter(pk=decision.pk).update(version=7)
    post("decision_change", decision.pk, text="Teisiti", version="1", key=str(uuid.uuid4()))
    Meeting.objects.update(state=Meeting.State.APPROVED, approved_on=timezone.localdate())
    get("decision_change", decision.pk)
    get("action_detail", action.pk)
    get("minutes", old.pk)

    assert all("</html>" in page for page in pages.values())
    check_html(pages)
