"""The people and cases of the demo: every desk has something today, loading again adds nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from network.cases.models import Case, CaseListing, CaseNote, Person, TeamMember
from network.cases.policies import CasePolicy, sight_on
from network.models import Holding, Position, RegionMembership, Seat
from portal.access import grants
from portal.accounts.models import User
from portal.audit.models import AccessEvent
from portal.audit.verify import verify
from portal.starter import people
from portal.starter.cases import load_cases, weekday
from portal.starter.catalogue import load_catalogue
from portal.starter.network import load_network
from portal.starter.organisations import load_organisations
from portal.starter.people import PEOPLE, load_people
from portal.starter.places import load_places
from tests.plugins.database import kept_for_the_file
from tests.starter.loading import PASSWORD

pytestmark = pytest.mark.django_db


def load():
    load_places()
    load_catalogue()
    load_organisations(timezone.localdate())
    load_people(PASSWORD)
    load_cases(load_network(), timezone.localdate())


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


def case_of(surname):
    found = [
        case for case in Case.objects.select_related("person") if case.person.last_name == surname
    ]
    assert len(found) == 1
    return found[0]


def test_loading_again_adds_nothing_and_undoes_nothing(loaded):
    models = (
        Case,
        CaseNote,
        TeamMember,
        Holding,
        Position,
        Seat,
        RegionMembership,
        User,
        AccessEvent,
    )
    before = [model.objects.count() for model in models]
    case = case_of("Proov")
    Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED, closed_on=dt.date(2026, 1, 1))
    user_of(people.SUPPORT).holdings.update(valid_until=timezone.localdate())
    load()
    assert [model.objects.count() for model in models] == before
    assert Case.objects.get(pk=case.pk).state == Case.State.CLOSED


def test_eight_cases_stand_at_different_stages(loaded):
    assert Case.objects.count() == 8
    assert set(Case.objects.values_list("state", flat=True)) == set(Case.State.values)
    for case in Case.objects.all():
        assert 2 <= case.notes.count() <= 8
    today = timezone.localdate()
    open_cases = Case.objects.exclude(state="closed")
    assert open_cases.filter(next_review=today).exists()
    assert open_cases.filter(next_review__lt=today).exists()
    assert TeamMember.objects.filter(state="invited").count() == 1
    assert TeamMember.objects.filter(valid_until__lt=today).exists()
    assert TeamMember.objects.filter(role="partner", valid_until__gt=today).exists()
    assert CaseNote.objects.filter(corrects__isnull=False).exists()


def test_everybody_sees_what_their_story_says(loaded):
    today = timezone.localdate()
    numbers = {
        people.SUPPORT: 5,
        people.CASE_MANAGER: 5,
        people.COLLEAGUE: 2,
        people.PEER: 3,
        people.DOCTOR: 1,
        people.OFFERS: 0,
        people.LEAD: 7,
        people.COORDINATOR: 0,
        people.AUDITOR: 0,
        people.PUBLISHER: 0,
        people.EDITOR: 0,
        people.ADMINISTRATOR: 0,
    }
    assert set(numbers) == set(PEOPLE)
    for person, number in numbers.items():
        user = user_of(person)
        assert CasePolicy.rows(user, "look", today).count() == number, person.email
        assert CaseListing.objects.filter(user=user).count() == number, person.email
    doctor = user_of(people.DOCTOR)
    case = CasePolicy.rows(doctor, "view", today).get()
    assert "code" not in sight_on(doctor, case, today)
    lead = user_of(people.LEAD)
    assert CasePolicy.rows(lead, "outline", today).count() == 7
    assert not CasePolicy.rows(lead, "view", today).exists()


def test_grants_and_log_agree_with_what_was_loaded(loaded):
    assert grants.differences() == []
    assert verify([]).fault is None


def test_nobody_notes_what_has_not_been_or_on_a_weekend(loaded):
    for note in CaseNote.objects.select_related("case"):
        assert note.happened_at < timezone.now()
        assert timezone.localtime(note.happened_at).weekday() < 5
        assert note.happened_at.date() >= note.case.opened_at.date()
        assert note.created_at > note.happened_at


def test_all_people_of_the_cases_are_marked_as_invented(loaded):
    assert Person.objects.filter(is_sample=True).count() == Person.objects.count() == 8


def test_the_friday_before_stands_for_a_weekend():
    saturday = dt.date(2026, 3, 28)
    assert weekday(saturday) == weekday(saturday + dt.timedelta(days=1)) == dt.date(2026, 3, 27)
    assert weekday(dt.date(2026, 3, 24)) == dt.date(2026, 3, 24)


def test_all_sign_in_with_the_one_password(loaded):
    assert all(user_of(person).check_password(PASSWORD) for person in PEOPLE)
    assert len(PEOPLE) >= 6
    assert len({person.story for person in PEOPLE}) == len(PEOPLE)


def test_the_sign_in_of_the_demo_tells_who_one_can_be(client, settings):
    settings.IS_DEMO = True
    page = client.get("/konto/sisse/").content.decode()
    for person in PEOPLE:
        assert person.story in page
    chosen = client.get("/konto/sisse/", {"email": people.SUPPORT.email, "next": "/intranet/x/"})
    assert chosen.context["form"]["login"].value() == people.SUPPORT.email
    assert "next=/intranet/x/" in chosen.content.decode()


def test_no_other_address_is_filled_in(client, settings):
    settings.IS_DEMO = True
    page = client.get("/konto/sisse/", {"email": "keegi@naidis.example"})
    assert page.context["form"]["login"].value() is None
    assert "keegi@naidis.example" not in page.content.decode()


def test_outside_the_demo_the_sign_in_names_nobody(client):
    page = client.get("/konto/sisse/", {"email": people.SUPPORT.email}).content.decode()
    assert not [person for person in PEOPLE if person.email in page or person.story in page]
