"""The one-time code: asked of everybody who can see a case or administers, and used once."""

import datetime as dt
from io import StringIO
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.access.roles import Role
from portal.accounts import rotation, second_factor
from portal.accounts.letters import ask_password_reset
from portal.base import outbox
from tests.accounts.test_sign_in import NEW, deliver, is_signed_in, link_in_letter, sign_in
from tests.cases.factories import Net, auditor
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SET_UP, SHOW, SHOW_AGAIN = "/konto/kood/lisa/", "/konto/sisse/kood/", "/konto/kinnita/kood/"
NOON = dt.datetime(2026, 3, 24, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time that codes are made from; a test moves it on."""
    now = [NOON.timestamp()]
    frozen = SimpleNamespace(time=lambda: now[0])
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", frozen)
    return now


@pytest.fixture
def worker():
    return Net().worker(Role.BASE_SUPPORT, user=UserFactory(email="mari@naidis.example")).user


def code_of(clock, secret=SECRET, steps=0):
    return format_hotp_value(hotp_value(secret, int(clock[0]) // 30 + steps))


@pytest.fixture
def set_up(client, clock):
    """Sign in and set up the code; returns the answer, the secret and the code that was used.

    What follows from it follows after the commit, so such a test really commits.
    """

    def act():
        sign_in(client)
        secret = client.get(SET_UP).context["form"].secret
        code = code_of(clock, secret)
        return client.post(SET_UP, {"code": code}), secret, code

    return act


def give_codes(user):
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user)


def test_a_worker_without_a_code_is_led_to_set_it_up(client, worker):
    sign_in(client)
    answer = client.get("/intranet/")
    assert answer["Location"].startswith(SET_UP)
    assert client.get(SET_UP).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_opens_the_intranet_and_gives_recovery_codes(client, worker, set_up):
    answer, _secret, _code = set_up()
    assert answer["Location"] == "/konto/kood/varukoodid/"
    codes = client.get("/konto/kood/varukoodid/").context["unused_codes"]
    assert len(codes) == 10
    assert is_signed_in(client)


def test_a_wrong_code_sets_nothing_up(client, worker):
    sign_in(client)
    client.get(SET_UP)
    assert client.post(SET_UP, {"code": "000000"}).context["form"].errors
    assert not second_factor.is_set_up(worker)
    assert not is_signed_in(client)


def test_the_code_that_set_it_up_does_not_sign_in_as_well(worker, clock, set_up):
    _answer, secret, code = set_up()
    other = Client()
    sign_in(other)
    assert other.post(SHOW, {"code": code}).context["form"].errors
    clock[0] += 30
    assert other.post(SHOW, {"code": code_of(clock, secret)})["Location"] == "/intranet/"


def test_with_a_code_the_password_alone_opens_nothing(client, worker, clock):
    give_codes(worker)
    assert sign_in(client)["Location"] == SHOW
    assert not is_signed_in(client)
    assert client.post(SHOW, {"code": code_of(clock)})["Location"] == "/intranet/"
    assert is_signed_in(client)


def test_one_lands_where_one_wanted_to_go_after_the_code_too(client, worker, clock):
    give_codes(worker)
    sign_in(client, next="/konto/profiil/")
    assert client.post(SHOW, {"code": code_of(clock)})["Location"] == "/konto/profiil/"


def test_next_never_leaves_the_host_after_the_code_either(client, worker, clock):
    give_codes(worker)
    sign_in(client, next="https://kurjam.example/")
    answer = client.post(f"{SHOW}?next=//kurjam.example/", {"code": code_of(clock)})
    assert answer["Location"] == "/intranet/"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_phone_a_little_off_is_believed(client, worker, clock, steps):
    give_codes(worker)
    sign_in(client)
    assert client.post(SHOW, {"code": code_of(clock, steps=steps)}).status_code == 302


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_minute_is_refused(client, worker, clock, steps):
    give_codes(worker)
    sign_in(client)
    assert client.post(SHOW, {"code": code_of(clock, steps=steps)}).status_code == 200


def test_a_code_works_once_even_after_the_cache_was_emptied(client, worker, clock):
    give_codes(worker)
    code = code_of(clock)
    sign_in(client)
    client.post(SHOW, {"code": code})
    cache.clear()
    other = Client()
    sign_in(other)
    assert other.post(SHOW, {"code": code}).context["form"].errors
    clock[0] += 20  # still within the time in which an unused code would do
    assert other.post(SHOW, {"code": code}).context["form"].errors


def test_of_two_who_use_a_step_one_gets_it(worker):
    assert second_factor.use_up(worker, 100)
    assert not second_factor.use_up(worker, 100)
    assert not second_factor.use_up(worker, 99)
    assert second_factor.use_up(worker, 101)


def test_a_recovery_code_works_in_place_of_it_once(client, worker):
    code = give_codes(worker).get_unused_codes()[0]
    sign_in(client)
    assert client.post(SHOW, {"code": code}).status_code == 302
    other = Client()
    sign_in(other)
    assert other.post(SHOW, {"code": code}).status_code == 200


def test_too_many_wrong_codes_have_to_wait(client, worker, clock):
    give_codes(worker)
    sign_in(client)
    for _number in range(5):
        client.post(SHOW, {"code": "000000"})
    assert client.post(SHOW, {"code": code_of(clock)}).status_code == 200
    assert not is_signed_in(client)


def test_a_new_password_by_mail_does_not_skip_the_code(client, worker):
    give_codes(worker)
    ask_password_reset(worker)
    deliver()
    form = client.get(link_in_letter())["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert not is_signed_in(client)
    assert sign_in(client, password=NEW)["Location"] == SHOW


def test_an_older_session_shows_the_code_before_it_goes_on(client, worker, clock):
    sign_in(client)
    give_codes(worker)
    answer = client.get("/intranet/?a=1")
    assert answer["Location"] == f"{SHOW_AGAIN}?next=/intranet/%3Fa%3D1"
    done = client.post(answer["Location"], {"code": code_of(clock), "next": "/intranet/"})
    assert done["Location"] == "/intranet/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "/konto/kood/",
        "/konto/kood/eemalda/",
        "/konto/kood/varukoodid/",
        "/konto/kood/varukoodid/uued/",
    ],
)
def test_a_session_that_has_not_shown_it_can_neither_see_nor_remove_it(client, worker, address):
    sign_in(client)
    give_codes(worker)
    assert client.get(address)["Location"].startswith(SHOW_AGAIN)
    assert client.post(address)["Location"].startswith(SHOW_AGAIN)
    assert Authenticator.objects.filter(user=worker).count() == 2


def test_changing_the_phone_ends_at_setting_up_the_new_one(client, worker, clock):
    give_codes(worker)
    sign_in(client)
    client.post(SHOW, {"code": code_of(clock)})
    assert client.get("/konto/kood/eemalda/").status_code == 200
    client.post("/konto/kood/eemalda/")
    assert not Authenticator.objects.filter(user=worker).exists()
    assert client.get("/intranet/")["Location"].startswith(SET_UP)


def who_needs_it():
    net = Net()
    yield "worker", net.worker(Role.ADDITIONAL_SUPPORT).user, True
    yield "steering group", net.seat().user, True
    yield "auditor", auditor(), True
    yield "superuser", UserFactory(is_superuser=True, is_staff=True), True
    yield "nobody", UserFactory(), False
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    yield "former worker", net.worker(Role.BASE_SUPPORT, valid_until=yesterday).user, False


def test_everybody_who_sees_a_case_or_administers_needs_it():
    today = timezone.localdate()
    for name, user, needed in who_needs_it():
        assert second_factor.is_required_of(user, today) is needed, name


def test_the_cms_is_behind_it_too(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    for address in ("/cms/", "/cms/pages/", "/cms/users/"):
        assert client.get(address)["Location"].startswith(SET_UP)


def test_without_a_reason_nobody_is_bothered(client):
    UserFactory(email="mari@naidis.example")
    sign_in(client)
    assert is_signed_in(client)


def test_the_demo_goes_without_it(client, worker, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client)
    assert is_signed_in(client)


def test_secrets_are_not_readable_in_the_database(worker):
    codes = give_codes(worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = str(cursor.fetchall())
    assert SECRET not in stored
    assert stored.count("enc1.") == 2
    assert codes.get_unused_codes()[0] not in stored


def test_a_new_key_writes_the_secrets_anew(client, worker, clock, settings):
    give_codes(worker)
    old = dict(settings.FIELD_ENCRYPTION_KEYS)
    settings.FIELD_ENCRYPTION_KEYS = {"new": "bmV3LWtleS1vZi10aGlydHktdHdvLWJ5dGVzLWxvbmc="} | old
    assert rotation.secrets_with_old_key() == 2
    call_command("rotate_field_keys", stdout=StringIO())
    assert rotation.secrets_with_old_key() == 0
    settings.FIELD_ENCRYPTION_KEYS = {
        "new": settings.FIELD_ENCRYPTION_KEYS["new"],
    }
    sign_in(client)
    assert client.post(SHOW, {"code": code_of(clock)}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_letter_tells_of_every_change(worker, set_up):
    _answer, secret, _code = set_up()
    second_factor.reset(worker)
    outbox.deliver_due(timezone.now() + dt.timedelta(seconds=1))
    assert [letter.to for letter in mail.outbox] == [[worker.email]] * 2
    assert all(secret not in letter.body for letter in mail.outbox)


def test_after_a_lost_phone_the_administrator_takes_the_code_away(client, worker):
    give_codes(worker)
    call_command("reset_second_factor", worker.email, stdout=StringIO())
    sign_in(client, password=PASSWORD)
    assert client.get("/intranet/")["Location"].startswith(SET_UP)


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_the_code_have_one_heading(client, worker, set_up):
    sign_in(client)
    pages = [client.get(SET_UP)]
    set_up()
    pages += [
        client.get(f"/konto/kood/{page}")
        for page in ("", "varukoodid/", "varukoodid/uued/", "eemalda/")
    ]
    other = Client()
    sign_in(other)
    pages += [other.get(SHOW), client.get("/konto/kinnita/"), client.get(SHOW_AGAIN)]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200, page.request
        assert text.count("<h1") == 1
        assert "placeholder=" not in text
        assert " style=" not in text
    file = client.get("/konto/kood/varukoodid/fail/")
    assert len(file.content.split()) == 10
