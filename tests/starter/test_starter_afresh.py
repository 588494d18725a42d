"""The demo on an empty database, on an older one, and on any day of the year."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from network.cases.models import Case, CaseGap
from network.meetings.models import Action, Meeting
from network.models import Gap, Organisation, Resource, ResourceChange
from portal.accounts.models import User
from portal.starter.cases import load_cases
from portal.starter.catalogue import load_catalogue
from portal.starter.network import load_network
from portal.starter.organisations import load_organisations
from portal.starter.people import load_people
from portal.starter.places import load_places
from tests.starter.loading import load

pytestmark = pytest.mark.django_db


def test_a_demo_of_an_earlier_version_takes_in_what_is_new():
    """Its organisations have fewer offers, and somebody has worked with its cases since."""
    today = timezone.localdate()
    load_places()
    load_catalogue()
    load_organisations(today)
    Resource.objects.filter(organisation__slug="villase-salli-kodutugi").update(
        organisation=Organisation.objects.get(slug="kolme-kabi-tugikeskus")
    )
    load_people("demo on ainult näitamiseks")
    load_cases(load_network(), today)
    Case.objects.update(state=Case.State.CLOSED, closed_on=today)
    load()
    assert Gap.objects.count() == 18
    assert not CaseGap.objects.exists()
    assert Meeting.objects.held().count() == 1
    assert not ResourceChange.objects.filter(state=ResourceChange.State.WAITING).exists()


@pytest.mark.parametrize("day", [dt.date(2027, 1, 1), dt.date(2028, 2, 29), dt.date(2027, 3, 25)])
def test_on_any_day_of_loading_a_meeting_was_held_an_action_is_late_and_one_comes(day):
    with time_machine.travel(dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC), tick=False):
        load()
        assert Meeting.objects.held().count() == 1
        assert Action.objects.undone().filter(due__lt=day).count() == 1
        coming = Meeting.objects.coming(timezone.now())
        assert {meeting.group.body for meeting in coming} == {"steering", "network"}
        assert coming.first().starts_at - timezone.now() < dt.timedelta(days=36)


def test_without_a_demo_password_no_people_and_no_cases_are_loaded(settings):
    call_command("load_starter", stdout=StringIO())
    assert not User.objects.exists()
    assert not Case.objects.exists()
