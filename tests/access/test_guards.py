"""Deny first: only a marked view opens, and only to whom its mark says."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.views.generic import RedirectView

from portal.access.guards import guard_of, guarded, public
from portal.access.policies import UnknownAction
from tests.access.test_policies import GroupPolicy
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.urls")]


@pytest.fixture
def member():
    user = UserFactory()
    user.groups.add(Group.objects.create(name="muudetav"), Group.objects.create(name="loetav"))
    return user


@pytest.mark.parametrize(
    ("address", "signed_out", "signed_in"),
    [
        ("/avalik/", 200, 200),
        ("/suuna/", 302, 302),
        ("/tootajale/", 302, 200),
        ("/ruhmad/", 302, 200),
        ("/unustatud/", 404, 404),
        ("/unustatud-klass/", 404, 404),
        ("/oma-dispatch/", 404, 404),
    ],
)
def test_every_view_opens_only_as_its_mark_says(client, member, address, signed_out, signed_in):
    assert client.get(address).status_code == signed_out
    client.force_login(member)
    assert client.get(address).status_code == signed_in


def test_a_view_without_a_mark_is_closed_to_a_superuser_too(client):
    client.force_login(UserFactory(is_superuser=True))
    assert client.get("/unustatud/").status_code == 404


def test_somebody_signed_out_is_led_to_the_sign_in_and_back(client):
    answer = client.get("/tootajale/?leht=2")
    assert answer["Location"] == "/konto/sisse/?next=/tootajale/%3Fleht%3D2"


def test_somebody_signed_out_learns_nothing_about_what_exists(client):
    group = Group.objects.create(name="muudetav")
    there, not_there = client.get(f"/ruhmad/{group.pk}/"), client.get("/ruhmad/999999/")
    assert there.status_code == not_there.status_code == 302


def test_a_list_shows_the_rows_of_the_policy(client, member):
    client.force_login(member)
    assert client.get("/ruhmad/").content == b"loetav,muudetav"


def test_a_row_of_the_policy_opens(client, member):
    client.force_login(member)
    group = Group.objects.get(name="muudetav")
    assert client.get(f"/ruhmad/{group.pk}/").content == b"muudetav"


def test_a_visible_row_that_may_not_be_changed_is_refused(client, member):
    client.force_login(member)
    group = Group.objects.get(name="loetav")
    assert client.get(f"/ruhmad/{group.pk}/").status_code == 403


def test_a_foreign_row_looks_like_an_unknown_one(client, member):
    client.force_login(member)
    foreign = Group.objects.create(name="muudetav-võõras")
    client.get("/ruhmad/888888/")  # what the frame of the page remembers is remembered now
    with CaptureQueriesContext(connection) as for_foreign:
        there = client.get(f"/ruhmad/{foreign.pk}/")
    with CaptureQueriesContext(connection) as for_unknown:
        not_there = client.get("/ruhmad/999999/")
    assert there.status_code == not_there.status_code == 404
    assert there.content == not_there.content
    assert len(for_foreign) == len(for_unknown)


def test_a_number_that_is_none_is_unknown(client, member):
    client.force_login(member)
    assert client.get("/ruhmad/x'y/").status_code == 404


def test_an_inactive_user_is_signed_out_at_the_next_request(client, member):
    client.force_login(member)
    member.is_active = False
    member.save()
    assert client.get("/tootajale/").status_code == 302


def test_a_view_of_the_cms_outside_its_door_is_not_there(client):
    client.force_login(UserFactory(is_superuser=True))
    assert client.get("/valjas/").status_code == 404


def test_a_guard_with_an_unknown_action_does_not_even_load():
    with pytest.raises(UnknownAction):
        guarded(GroupPolicy, "delete")


def test_a_class_of_somebody_else_cannot_be_marked():
    # The mark would sit on the class itself and open it everywhere.
    with pytest.raises(TypeError):
        public(RedirectView)
    assert guard_of(RedirectView.as_view()) is None
