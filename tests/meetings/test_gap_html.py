"""Every page on the way of a gap is valid HTML, also when something was wrong."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.cases.services.gaps import add_case_gap
from network.services.gaps import decide_gap
from tests.cases.factories import open_case_of
from tests.meetings.factories import (
    Table,
    action_of,
    decision_of,
    ended_meeting,
    gap_item,
    gap_of,
    planned_meeting,
)
from tests.network.factories import ComponentFactory, LifeDomainFactory

pytestmark = [pytest.mark.django_db, pytest.mark.java]


def test_the_pages_of_gaps_are_valid(client, check_html):
    table = Table()
    anu = table.worker()
    case = open_case_of(anu)
    domain = LifeDomainFactory(slug="vaimne")
    component = ComponentFactory(slug="kogemus", name="Kogemusnõustamine", domain=domain)
    noted = add_case_gap(
        case,
        kind="missing",
        municipality=table.municipality,
        component=component,
        text="Rühma ei ole <b>kusagil</b> & keegi ei tule.",
        by=anu.user,
        key=uuid.uuid4(),
    )
    item = gap_item(ended_meeting(table.steering), noted.gap)
    decision = decision_of(item)
    action_of(item, table.member)
    decide_gap(noted.gap, number=decision.number, day=timezone.localdate(), answer="Avame\nrühma.")
    planned_meeting(table.steering)
    new = gap_of(table, kind="practice")

    client.force_login(anu.user)
    add = reverse("case_gap_add", args=[case.pk])
    pages = {
        "case": client.get(reverse("case_detail", args=[case.pk])),
        "tell": client.get(add),
        "search": client.post(add, {"otsi": "1", "words": "kogemus"}),
        "found nothing": client.post(add, {"otsi": "1", "words": "xyz"}),
        "errors": client.post(add, {"text": "Mall Näidis", "subject": "x", "words": "kogemus"}),
    }
    client.force_login(table.coordinator.user)
    wrong = {"version": new.version, "outcome": "aside", "answer": ""}
    stale = {"version": 99, "outcome": "aside", "answer": "Ei.", "key": str(uuid.uuid4())}
    pages |= {
        "list": client.get(reverse("gap_list"), {"state": "all"}),
        "empty": client.get(reverse("gap_list"), {"q": "xyz"}),
        "gap": client.get(reverse("gap_detail", args=[noted.gap_id])),
        "new gap": client.get(reverse("gap_detail", args=[new.pk])),
        "answer": client.get(reverse("gap_answer", args=[new.pk])),
        "wrong answer": client.post(reverse("gap_answer", args=[new.pk]), wrong),
        "conflict": client.post(reverse("gap_answer", args=[new.pk]), stale),
        "add": client.get(reverse("gap_add")),
        "add errors": client.post(reverse("gap_add"), {"text": "Mari Tamm"}),
    }
    assert {name for name, page in pages.items() if page.status_code != 200} == {"conflict"}
    check_html({name: page.text for name, page in pages.items()})
