"""What the demo tells of the region: gaps at every stage, a meeting held and one to come."""

import datetime as dt

import pytest
from django.utils import timezone

from network import wording
from network.cases.models import CaseGap
from network.meetings.models import Action, Attendance, Decision, Meeting, MeetingNote, Series
from network.models import Gap, Offer, Resource, ResourceChange, Seat
from network.policies import GapPolicy, ResourcePolicy
from portal.access import grants
from portal.accounts.models import User
from portal.starter import people
from portal.starter.gaps import months_before
from portal.starter.source import read_yaml
from tests.plugins.database import kept_for_the_file
from tests.starter.loading import load

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    with kept_for_the_file(django_db_blocker):
        load()
        yield


@pytest.fixture
def loaded(_loaded, db):
    """Written once for this file; each test may change it."""


def user_of(person):
    return User.objects.get(email=person.email)


def test_loading_again_adds_nothing_and_undoes_nothing(loaded):
    models = (Gap, Meeting, Series, Decision, Action, Attendance, MeetingNote, Resource, Seat)
    before = [model.objects.count() for model in models]
    gap = Gap.objects.filter(state=Gap.State.NEW).first()
    Gap.objects.filter(pk=gap.pk).update(state=Gap.State.ASIDE, answer="Nii otsustati demos.")
    load(timezone.localdate() + dt.timedelta(days=40))
    assert [model.objects.count() for model in models] == before
    assert Gap.objects.get(pk=gap.pk).state == Gap.State.ASIDE


def test_gaps_stand_at_every_stage_and_good_practice_among_them(loaded):
    assert set(Gap.objects.values_list("state", flat=True)) == set(Gap.State.values)
    assert set(Gap.objects.values_list("kind", flat=True)) == set(Gap.Kind.values)
    assert Gap.objects.filter(state=Gap.State.SOLVED, offer__isnull=False).exists()
    assert Gap.objects.filter(state=Gap.State.DECIDED).exclude(decision_number="").count() == 3


def test_one_number_of_the_supply_page_is_large_enough_to_be_shown(loaded):
    counted = Gap.objects.filter(
        component__code="M4", municipality__slug="rouge-vald", state__in=Gap.OPEN
    ).exclude(kind=Gap.Kind.PRACTICE)
    assert counted.count() >= 5


def test_a_meeting_was_held_and_its_minutes_are_first_on_the_one_to_come(loaded):
    held = Meeting.objects.get(state=Meeting.State.ENDED)
    assert held.starts_at < timezone.now() - dt.timedelta(days=13)
    assert set(held.attendance.values_list("status", flat=True)) == {"present", "excused", "absent"}
    assert held.attendance.filter(is_guest=True).exists()
    assert MeetingNote.objects.filter(item__meeting=held).exists()
    coming = Meeting.objects.filter(
        group=held.group, state=Meeting.State.PLANNED, starts_at__gt=timezone.now()
    ).earliest("starts_at")
    first = coming.items.first()
    assert (first.kind, first.about) == ("minutes", held)
    assert coming.items.filter(gap__isnull=False).count() == 3


def test_decisions_are_numbered_and_of_the_actions_one_is_done_one_late_one_moved(loaded):
    assert [one.serial for one in Decision.objects.order_by("serial")] == [1, 2, 3]
    today = timezone.localdate()
    assert Action.objects.filter(state=Action.State.DONE).exclude(note="").count() == 1
    assert Action.objects.undone().filter(due__lt=today).count() == 1
    assert [one for one in Action.objects.undone() if one.due > one.first_due]
    assert Action.objects.undone().filter(position__holdings__user__isnull=False).count() >= 3


def test_who_sits_where_and_who_speaks_for_an_organisation(loaded):
    today = timezone.localdate()
    assert 6 <= Seat.objects.valid_on(today).filter(body=Seat.Body.STEERING).count() <= 8
    keeper = user_of(people.OFFERS)
    own = ResourcePolicy.rows(keeper, "edit", today)
    assert own.count() == 10
    assert [row for row in own if not row.is_fresh(today)]
    assert not ResourcePolicy.rows(keeper, "manage", today).exists()
    assert GapPolicy.rows(user_of(people.COORDINATOR), "answer", today).count() == 18
    assert not GapPolicy.rows(user_of(people.SUPPORT), "view", today).exists()
    assert CaseGap.objects.filter(noted_by=user_of(people.SUPPORT)).count() == 3
    assert grants.differences() == []


def test_a_month_is_counted_back_over_the_turn_of_the_year():
    assert months_before(dt.date(2026, 11, 22), 0) == dt.date(2026, 11, 1)
    assert months_before(dt.date(2026, 3, 31), 4) == dt.date(2025, 11, 1)


def test_no_text_of_the_demo_names_anybody_of_the_cases():
    names = [f"{row['first_name']} {row['last_name']}" for row in read_yaml("cases")]
    texts = [row["text"] for row in read_yaml("gaps")]
    for text in texts:
        assert wording.names_in(text, names) == []
        assert wording.numbers_in(text) == []
        assert wording.looks_like_names(text, []) == []


def test_offers_stand_in_every_municipality_and_in_every_state(loaded):
    here = Offer.objects.published().filter(resource__municipality__county__slug="voru-maakond")
    assert here.count() >= 40
    assert len(set(here.values_list("resource__municipality", flat=True))) == 5
    assert set(Resource.objects.values_list("state", flat=True)) == set(Resource.State.values)
    assert set(Resource.objects.values_list("kind", flat=True)) == set(Resource.Kind.values)
    today = timezone.localdate()
    facts = [(offer.free_places, offer.waiting_weeks) for offer in here]
    assert [free for free, _weeks in facts if free]
    assert [weeks for free, weeks in facts if free == 0 and weeks]
    assert [free for free, _weeks in facts if free is None]
    assert 2 <= len([offer for offer in here if not offer.resource.is_fresh(today)]) < 10


def test_of_a_confidential_place_the_demo_knows_the_municipality_alone(loaded):
    hidden = Resource.objects.filter(is_confidential=True, municipality__slug="voru-vald")
    assert hidden.count() == 2
    assert {(row.address, row.lat, row.organisation.address) for row in hidden} == {("", None, "")}


def test_a_proposal_waits_and_the_history_tells_what_happened_when(loaded):
    waiting = ResourceChange.objects.get(state=ResourceChange.State.WAITING)
    assert waiting.by == user_of(people.OFFERS)
    assert waiting.after["places"] != waiting.before["places"]
    told = ResourceChange.objects.order_by("at")
    assert [change.what for change in told] == ["withdrawn", "availability", "added", "proposed"]
    assert all(change.at < timezone.now() for change in told)
    draft = Resource.objects.get(state=Resource.State.DRAFT)
    assert (draft.offer.component.code, draft.municipality.slug) == ("M4", "rouge-vald")
