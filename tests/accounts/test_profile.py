"""The profile: own name, language and letters; positions to read."""

import datetime as dt

import pytest
from django.utils import timezone

from network.services.people import end_holding
from portal.access.roles import Role
from portal.accounts.models import User
from tests.cases.factories import Net, auditor
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PROFILE = "/konto/profiil/"


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


def said(**changes):
    return {
        "first_name": "Mari",
        "last_name": "Maasikas",
        "language": "et",
        "letters": "daily",
    } | changes


def test_the_profile_is_for_the_signed_in(client):
    assert client.get(PROFILE)["Location"] == f"/konto/sisse/?next={PROFILE}"


def test_what_is_said_is_kept(client, user):
    assert client.post(PROFILE, said())["Location"] == PROFILE
    user.refresh_from_db()
    assert (user.get_full_name(), user.letters) == ("Mari Maasikas", "daily")


def test_nobody_changes_the_address_or_rights_or_somebody_else(client, user):
    other = UserFactory()
    client.post(
        PROFILE,
        said(email="uus@naidis.example", is_superuser="on", is_staff="on", id=str(other.pk)),
    )
    after = User.objects.get(pk=user.pk)
    assert after.email == user.email
    assert not after.is_superuser
    assert not after.is_staff
    assert User.objects.get(pk=other.pk).last_name == other.last_name


@pytest.mark.parametrize(
    "wrong",
    [{"first_name": ""}, {"language": "xx"}, {"letters": "hourly"}, {"last_name": "x" * 151}],
)
def test_what_cannot_be_comes_back_with_its_error_and_the_rest_of_the_text(client, user, wrong):
    answer = client.post(PROFILE, said(**wrong))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(wrong)
    assert "Maasikas" in answer.content.decode() or "last_name" in wrong
    user.refresh_from_db()
    assert user.last_name != "Maasikas"


def test_the_intranet_speaks_the_chosen_language(client, user):
    assert '<html lang="et">' in client.get("/intranet/").content.decode()
    client.post(PROFILE, said(language="en"))
    page = client.get("/intranet/")
    assert '<html lang="en">' in page.content.decode()
    assert page["Content-Language"] == "en"


def test_the_language_changes_neither_public_pages_nor_what_is_not_there(client, user):
    there = client.get("/intranet/pole/")
    User.objects.update(language="en")
    assert '<html lang="et">' in client.get("/otsing/").content.decode()
    again = client.get("/intranet/pole/")
    assert again.content == there.content
    assert again["Content-Language"] == there["Content-Language"] == "et"


def test_positions_are_shown_while_they_hold(client):
    net = Net()
    worker = net.worker(Role.BASE_SUPPORT, title="baastoetuse spetsialist Antslas")
    client.force_login(worker.user)
    page = client.get(PROFILE).content.decode()
    assert "baastoetuse spetsialist Antslas" in page
    assert worker.organisation.name in page
    end_holding(worker.user.holdings.get(), valid_until=timezone.localdate())
    assert "baastoetuse spetsialist Antslas" not in client.get(PROFILE).content.decode()


def test_a_seat_and_a_role_are_shown_too(client):
    net = Net()
    client.force_login(net.seat().user)
    assert net.region.name in client.get(PROFILE).content.decode()
    client.force_login(auditor())
    assert str(Role.AUDITOR.label) in client.get(PROFILE).content.decode()


def test_the_cost_does_not_grow_with_positions(client, django_assert_max_num_queries):
    net = Net()
    user = net.worker(Role.BASE_SUPPORT).user
    for _number in range(5):
        net.worker(Role.BASE_SUPPORT, user=user)
    client.force_login(user)
    with django_assert_max_num_queries(20):
        client.get(PROFILE)


def test_a_closed_account_is_out_with_the_next_request(client, user):
    assert client.get(PROFILE).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(PROFILE).status_code == 302


def test_days_are_said_as_people_say_them(client):
    net = Net()
    until = timezone.localdate() + dt.timedelta(days=10)
    worker = net.worker(Role.BASE_SUPPORT, valid_until=until)
    client.force_login(worker.user)
    last = until - dt.timedelta(days=1)
    assert f"{last:%d.%m.%Y}" in client.get(PROFILE).content.decode()
