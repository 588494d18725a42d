"""The key of the drafts on the device: for the signed-in person alone, the same after a break."""

import base64

import pytest
from django.urls import reverse

from portal.base.drafts import draft_place
from tests.cases.factories import Net, open_case_of
from tests.cases.note_help import page_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def key_of(client, user):
    client.force_login(user)
    response = client.get(reverse("draft_key"))
    assert response.status_code == 200
    return response.json()


def test_the_key_is_long_enough_and_kept_nowhere_on_the_way(client):
    answer = key_of(client, UserFactory())
    assert len(base64.b64decode(answer["key"])) == 32
    response = client.get(reverse("draft_key"))
    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_same_person_gets_the_same_key_in_the_next_session(client):
    user = UserFactory()
    first = key_of(client, user)
    client.logout()
    assert key_of(client, user) == first


def test_another_person_gets_another_key(client):
    one, other = key_of(client, UserFactory()), key_of(client, UserFactory())
    assert one["key"] != other["key"]
    assert one["owner"] != other["owner"]


def test_signed_out_there_is_no_key(client):
    response = client.get(reverse("draft_key"))
    assert response.status_code == 302
    assert response["Location"].startswith("/konto/sisse/")


def test_a_closed_account_gets_no_key(client):
    user = UserFactory()
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get(reverse("draft_key")).status_code == 302


def test_the_secret_does_not_change_it(client, settings):
    user = UserFactory()
    before = key_of(client, user)
    settings.SECRET_KEY = "another"
    assert key_of(client, user) == before
    settings.FIELD_HASH_KEY = base64.b64encode(b"k" * 32).decode()
    assert key_of(client, user)["key"] != before["key"]


def test_the_place_of_a_draft_differs_by_person_case_and_note():
    places = {
        draft_place("anu", "case-1", ""),
        draft_place("anu", "case-2", ""),
        draft_place("tiit", "case-1", ""),
        draft_place("anu", "case-1", "note-1"),
    }
    assert len(places) == 4
    assert not any("case" in place for place in places)


def test_the_form_names_neither_person_nor_case_in_what_the_device_keeps(client):
    anu = Net().worker()
    case = open_case_of(anu)
    client.force_login(anu.user)
    page = page_of(client.get(reverse("case_note_add", args=[case.pk])))
    place = page.partition('data-draft="')[2].partition('"')[0]
    owner = page.partition('data-draft-owner="')[2].partition('"')[0]
    assert place == draft_place(anu.user.pk, case.pk, "")
    assert owner == key_of(client, anu.user)["owner"]
    assert str(case.pk) not in place
    assert str(anu.user.pk) not in owner
