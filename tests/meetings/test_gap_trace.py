"""The way of a gap from a case to the region: nothing on it says whose case it was. CASE-16."""

import uuid

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from network.cases.gap_reports import answered_gaps
from network.cases.models import CaseGap
from network.cases.services.gaps import add_case_gap
from network.meetings.models import Action, AgendaItem, Decision
from network.models import Gap
from network.services.gaps import decide_gap
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import auditor, join, open_case_of
from tests.meetings.factories import Table, action_of, decision_of, note_of, running_meeting
from tests.network.factories import ComponentFactory, LifeDomainFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def anu(table):
    return table.worker(Role.BASE_SUPPORT)


@pytest.fixture
def case(anu):
    return open_case_of(anu, first_name="Brünhilde", last_name="Kanarbik", phone="5550 9876")


@pytest.fixture
def noted(table, anu, case):
    component = ComponentFactory(name="Kogemusnõustamine", domain=LifeDomainFactory())
    return add_case_gap(
        case,
        kind="missing",
        municipality=table.municipality,
        component=component,
        text="Lähim rühm on liiga kaugel.",
        by=anu.user,
        key=uuid.uuid4(),
    )


def traces(case, noted, anu):
    """Whatever would lead from the region back to the case."""
    person = case.person
    return [
        person.first_name,
        person.last_name,
        person.initials,
        "9876",
        case.number,
        str(case.pk),
        case.pk.hex,
        str(person.pk),
        str(noted.pk),
        noted.pk.hex,
        str(anu.user),
    ]


def test_no_page_outside_the_case_says_whose_it_was(client, table, anu, case, noted):
    meeting = running_meeting(table.steering)
    client.force_login(table.coordinator.user)
    client.post(reverse("gap_to_agenda", args=[noted.gap_id]))
    item = AgendaItem.objects.get(gap=noted.gap)
    note_of(item, table.member)
    decision, action = decision_of(item), action_of(item, table.member)
    decide_gap(noted.gap, number=decision.number, day=decision.decided_on, answer=decision.text)
    pages = [
        reverse("gap_list"),
        f"{reverse('gap_list')}?state=all&q=rühm",
        reverse("gap_detail", args=[noted.gap_id]),
        reverse("gap_answer", args=[noted.gap_id]),
        reverse("gap_export"),
        reverse("gap_add"),
        reverse("meeting_detail", args=[meeting.pk]),
        f"{reverse('meeting_detail', args=[meeting.pk])}?punkt={item.pk}",
        reverse("minutes", args=[meeting.pk]),
        reverse("decision_list"),
        reverse("decision_change", args=[decision.pk]),
        reverse("decision_export"),
        reverse("action_list") + "?whose=all",
        reverse("action_detail", args=[action.pk]),
        reverse("action_export") + "?whose=all",
        reverse("desk"),
    ]
    assert "Lähim rühm on liiga kaugel." in client.get(pages[0]).text
    for reader in (table.coordinator, table.member, table.partner, table.outsider):
        client.force_login(reader.user)
        for url in pages:
            answer = client.get(url)
            said = answer.content.decode() + str(answer.headers)
            for trace in traces(case, noted, anu):
                assert trace not in said, (url, trace)


def test_a_search_for_the_name_finds_nothing_in_the_list(client, table, case, noted):
    client.force_login(table.coordinator.user)
    for words in ("Kanarbik", "Brünhilde", case.number, str(case.pk)):
        answer = client.get(reverse("gap_list"), {"q": words, "state": "all"})
        assert not answer.context["rows"]


def test_no_row_of_the_region_holds_a_trace(table, anu, case, noted):
    item = AgendaItem.objects.filter(gap=noted.gap)
    for rows in (Gap.objects.all(), item, Decision.objects.all(), Action.objects.all()):
        for values in rows.values_list():
            for trace in traces(case, noted, anu):
                assert trace not in str(values)
    # The gap of a case and the gap of the region have ids that say nothing of each other.
    assert noted.pk != noted.gap_id


def test_the_log_names_the_case_and_never_the_gap(client, table, anu, case, noted):
    entry = AccessEvent.objects.get(actioncode="case_gap_add")
    subjects = {subject.subject for subject in entry.subjects.all()}
    assert subjects == {str(case.pk)}
    for event in AccessEvent.objects.all():
        said = [*vars(event).values(), *(vars(one) for one in event.subjects.all())]
        assert str(noted.gap_id) not in str(said)
    # Whoever reads the list of the region leaves no entry, so no entry can join the two.
    before = AccessEvent.objects.count()
    client.force_login(table.coordinator.user)
    client.get(reverse("gap_list"))
    client.get(reverse("gap_detail", args=[noted.gap_id]))
    assert AccessEvent.objects.count() == before


def test_an_answer_on_the_desk_of_the_worker_names_no_case(client, table, anu, case, noted):
    decide_gap(noted.gap, number="2026-07", day=timezone.localdate(), answer="Avame rühma.")
    [row] = answered_gaps(anu.user, timezone.localdate())
    words = render_to_string("cases/_gap_answer.html", {"row": row})
    assert "2026-07" in words
    for trace in traces(case, noted, anu):
        assert trace not in words


def test_only_the_team_finds_the_answer_in_the_case(client, table, anu, case, noted):
    tiit = table.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)
    url = reverse("case_detail", args=[case.pk])
    for user, status in (
        (anu.user, 200),
        (tiit.user, 200),
        (table.coordinator.user, 404),
        (table.member.user, 404),
        (auditor(), 404),
    ):
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == status
        assert ("Kogemusnõustamine" in answer.text) == (status == 200)


def test_a_gap_is_no_way_to_delete_or_find_its_case(noted):
    assert not [
        relation
        for relation in Gap._meta.related_objects
        if relation.related_model is CaseGap and relation.get_accessor_name()
    ]
