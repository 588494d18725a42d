"""One sign-in behind every door; it says nothing about who has an account."""

import datetime as dt
import re

import pytest
from allauth.socialaccount.models import SocialLogin
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from portal.accounts.adapter import AccountAdapter
from portal.accounts.letters import ask_password_reset
from portal.accounts.models import User
from portal.accounts.tara.adapter import IdentityAdapter
from portal.base import outbox
from portal.base.models import OutboxItem
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW = "teine pikk ja meeldejääv"


@pytest.fixture
def user():
    return UserFactory(email="mari@naidis.example")


def sign_in(client, email="mari@naidis.example", password=PASSWORD, **more):
    return client.post("/konto/sisse/", {"login": email, "password": password, **more})


def is_signed_in(client):
    return client.get("/intranet/").status_code == 200


def deliver():
    outbox.deliver_due(timezone.now() + dt.timedelta(seconds=1))


def link_in_letter():
    return re.search(r"https?://[^/\s]+(/konto/\S+)", mail.outbox[-1].body)[1]


def test_the_right_password_opens_the_desk(client, user):
    assert sign_in(client)["Location"] == "/intranet/"
    assert is_signed_in(client)


def test_the_case_of_the_letters_of_an_address_does_not_matter(client, user):
    sign_in(client, email="Mari@Naidis.Example")
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, user):
    wrong = sign_in(client, password="vale parool, pikk")
    unknown = sign_in(client, email="keegi@naidis.example")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert not is_signed_in(client)


def test_an_inactive_user_does_not_get_in(client):
    UserFactory(email="mari@naidis.example", is_active=False)
    sign_in(client)
    assert not is_signed_in(client)


def test_after_sign_in_one_lands_where_one_wanted_to_go(client, user):
    assert sign_in(client, next="/intranet/stiil/")["Location"] == "/intranet/stiil/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://kurjam.example/", "//kurjam.example/", "/\\kurjam.example", "javascript:1"],
)
def test_next_never_leaves_the_host(client, user, elsewhere):
    assert sign_in(client, next=elsewhere)["Location"] == "/intranet/"
    for door in ("/cms/login/", "/_util/login/"):
        assert client.get(door, {"next": elsewhere})["Location"] == "/konto/sisse/"


@pytest.mark.parametrize("door", ["/cms/login/", "/_util/login/"])
def test_other_doors_lead_to_the_one_sign_in_and_back(client, door):
    answer = client.get(door, {"next": "/cms/pages/"})
    assert answer["Location"] == "/konto/sisse/?next=/cms/pages/"


@pytest.mark.parametrize("door", ["/cms/login/", "/_util/login/"])
def test_a_password_posted_to_another_door_signs_nobody_in(client, door):
    boss = UserFactory(is_superuser=True)
    client.post(door, {"username": boss.email, "password": PASSWORD})
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "address",
    ["/cms/password_reset/", "/cms/password_reset/done/", "/cms/password_reset/confirm/x/y/"],
)
def test_the_password_reset_of_the_cms_leads_to_ours(client, address):
    assert client.get(address)["Location"] == "/konto/parool/uus/"


def test_somebody_signed_in_without_rights_is_not_sent_in_circles(client, user):
    sign_in(client)
    assert client.get("/cms/").status_code == 403


def test_nobody_registers_alone(client):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    data = {"email": "uus@naidis.example", "password1": NEW, "password2": NEW}
    assert client.post("/konto/signup/", data).status_code == 404
    assert not User.objects.exists()
    # Nor would it, if a page for it came with another version of the library.
    request = RequestFactory().get("/konto/signup/")
    assert not AccountAdapter().is_open_for_signup(request)
    assert not IdentityAdapter().is_open_for_signup(request, SocialLogin())


def test_get_does_not_sign_out(client, user):
    sign_in(client)
    assert client.get("/konto/valja/").status_code == 200
    assert is_signed_in(client)
    client.post("/konto/valja/")
    assert not is_signed_in(client)


def test_after_five_wrong_tries_even_the_right_password_waits(client, user):
    for _number in range(5):
        sign_in(client, password="vale parool, pikk")
    sign_in(client)
    assert not is_signed_in(client)


def test_too_many_requests_get_a_page_of_ours(client):
    answers = [
        client.post("/konto/parool/uus/", {"email": f"keegi{number}@naidis.example"})
        for number in range(11)
    ]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert 'id="sisu"' in answers[-1].content.decode()


def test_a_link_by_mail_makes_a_new_password_once(client, user):
    client.post("/konto/parool/uus/", {"email": user.email})
    deliver()
    link = link_in_letter()
    form = client.get(link)["Location"]
    assert link not in form  # the key leaves the address before a page is shown
    answer = client.post(form, {"password1": NEW, "password2": NEW})
    assert answer["Location"] == "/konto/parool/uus/valmis/"
    sign_in(client, password=NEW)
    assert is_signed_in(client)
    again = client.get(link)
    assert again.status_code == 200
    assert again.context["token_fail"]


def test_the_letter_names_nobody_and_goes_to_the_stored_address(client, user):
    client.post("/konto/parool/uus/", {"email": user.email.upper()})
    deliver()
    letter = mail.outbox[-1]
    assert letter.to == [user.email]
    assert user.first_name not in letter.body + letter.subject


def test_asking_for_an_unknown_address_looks_and_writes_the_same(client, user):
    with CaptureQueriesContext(connection) as for_known:
        known = client.post("/konto/parool/uus/", {"email": user.email})
    with CaptureQueriesContext(connection) as for_unknown:
        unknown = client.post("/konto/parool/uus/", {"email": "keegi@naidis.example"})
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert len(for_known) == len(for_unknown)
    assert OutboxItem.objects.count() == 2
    deliver()
    assert [letter.to for letter in mail.outbox] == [[user.email]]


def test_the_outbox_holds_no_address_and_no_key(user):
    ask_password_reset(user)
    payload = OutboxItem.objects.get().payload
    assert payload == {"user": str(user.pk), "letter": "password_reset"}


def test_a_link_is_not_sent_to_somebody_closed_meanwhile(user):
    ask_password_reset(user)
    User.objects.update(is_active=False)
    deliver()
    assert mail.outbox == []


def test_changing_the_password_ends_other_sessions(client, user):
    other = Client()
    other.force_login(user)
    sign_in(client)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/konto/parool/", data)
    assert is_signed_in(client)
    assert not is_signed_in(other)


@pytest.mark.parametrize("short", ["lühike", "123456789012", "parool"])
def test_a_weak_password_is_refused(client, user, short):
    sign_in(client)
    client.post("/konto/parool/", {"oldpassword": PASSWORD, "password1": short, "password2": short})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_somebody_signed_out_cannot_change_a_password(client):
    assert client.get("/konto/parool/")["Location"] == "/konto/sisse/?next=/konto/parool/"


@pytest.mark.parametrize(
    "address",
    [
        "/konto/sisse/",
        "/konto/suletud/",
        "/konto/parool/uus/",
        "/konto/parool/uus/saadetud/",
        "/konto/parool/uus/valmis/",
        "/konto/parool/uus/1-x/",
    ],
)
def test_every_page_of_the_account_has_one_heading_and_is_not_indexed(client, address):
    page = client.get(address).content.decode()
    assert page.count("<h1") == 1
    assert "noindex" in page
    assert "placeholder=" not in page


def test_the_desk_offers_the_cms_only_to_those_who_may_edit(client, user):
    client.force_login(user)
    assert 'href="/cms/"' not in client.get("/intranet/").content.decode()
    client.force_login(UserFactory(is_superuser=True))
    assert 'href="/cms/"' in client.get("/intranet/").content.decode()
