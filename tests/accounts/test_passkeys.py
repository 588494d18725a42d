"""Passkeys on the server's side: forged answers, removal, what counts as shown (rules.md 13).

That they are made and used in a real browser is told in tests/browser/test_passkey_story.py.
"""

import json

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core import mail
from django.test import Client

from portal.access.roles import Role
from portal.accounts import second_factor
from portal.accounts.passkey_forms import PasskeyAddForm, PasskeyForm, PasskeySignInForm
from tests.accounts.test_second_factor import SET_UP, SHOW, SHOW_AGAIN, give_codes
from tests.accounts.test_sign_in import deliver, is_signed_in, sign_in
from tests.cases.factories import Net
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN, AGAIN, ADD = "/konto/sisse/voti/", "/konto/kinnita/voti/", "/konto/voti/lisa/"
ANSWER = {"credential": "[1]"}


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def worker():
    return Net().worker(Role.BASE_SUPPORT, user=UserFactory(email="mari@naidis.example")).user


def give_passkey(user, name="Telefon"):
    return WebAuthn.add(user, name, {}).instance


@pytest.fixture
def device(monkeypatch):
    """Answers for whatever passkey it is told to hold, as if its owner had touched it."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    held = {}
    for form in (PasskeyForm, PasskeySignInForm):
        monkeypatch.setattr(form, "clean_credential", lambda form: held["key"])
    return held


def test_a_passkey_alone_opens_the_intranet(client, worker, device):
    device["key"] = give_passkey(worker)
    assert client.post(SIGN_IN, ANSWER)["Location"] == "/intranet/"
    assert is_signed_in(client)


def test_a_passkey_of_a_closed_account_opens_nothing(client, worker, device):
    device["key"] = give_passkey(worker)
    worker.is_active = False
    worker.save()
    device["key"].refresh_from_db()
    client.post(SIGN_IN, ANSWER)
    assert not is_signed_in(client)


def test_it_is_the_second_step_after_the_password(client, worker, device):
    device["key"] = give_passkey(worker)
    assert sign_in(client)["Location"] == SHOW
    assert not is_signed_in(client)
    page = client.get(SHOW)
    assert page.context["webauthn_form"].has_passkeys
    assert client.post(SHOW, ANSWER)["Location"] == "/intranet/"
    assert is_signed_in(client)


def test_a_session_from_before_the_passkey_shows_it_first(client, worker, device):
    sign_in(client)
    give_passkey(worker)
    assert client.get("/intranet/")["Location"] == f"{AGAIN}?next=/intranet/"
    for page in (SET_UP, ADD):  # no second way around the first
        assert client.get(page)["Location"].startswith(AGAIN)


def test_with_both_the_code_is_asked_first_and_the_passkey_stands_beside_it(client, worker, device):
    sign_in(client)
    give_passkey(worker)
    give_codes(worker)
    assert client.get("/intranet/")["Location"] == f"{SHOW_AGAIN}?next=/intranet/"
    assert f'href="{AGAIN}' in client.get(SHOW_AGAIN).content.decode()


GARBAGE = [
    "",
    "x",
    "null",
    "1",
    '"x"',
    "[]",
    "[1]",
    "{}",
    '{"id": 1}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": null}',
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "attestationObject": "AAAA"},
        }
    ),
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "AAAA",
                "signature": "AAAA",
                "userHandle": "AAAA",
            },
        }
    ),
    '{"response": {"userHandle": "////"}}',
    '{"response": {"userHandle": 5}}',
    '{"response": [], "id": []}',
    "[" * 2000,
]


@pytest.mark.parametrize("answer", GARBAGE)
def test_a_forged_answer_is_a_sentence_and_no_fault(client, worker, answer):
    assert client.get(SIGN_IN, HTTP_ACCEPT="application/json").status_code == 200
    refused = client.post(SIGN_IN, {"credential": answer})
    assert refused["Location"] == "/konto/sisse/"
    assert "<li" in client.get("/konto/sisse/").content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("answer", GARBAGE)
def test_nor_is_it_as_a_second_step_or_when_one_is_made(client, worker, answer):
    sign_in(client)
    assert client.get(ADD).status_code == 200
    made = client.post(ADD, {"name": "Telefon", "credential": answer})
    assert made.status_code == 200
    assert 'class="errors"' in made.content.decode()
    assert not Authenticator.objects.exists()

    give_codes(worker)
    other = Client()
    sign_in(other)
    assert other.get(SHOW).status_code == 200
    shown = other.post(SHOW, {"credential": answer})
    assert shown.status_code == 200
    assert 'class="errors"' in shown.content.decode()
    assert not is_signed_in(other)


def test_options_for_signing_in_tell_nothing_about_who_has_a_passkey(client, worker):
    give_passkey(worker)
    options = client.get(SIGN_IN, HTTP_ACCEPT="application/json").json()["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    assert not options["publicKey"].get("allowCredentials")


def test_a_passkey_belongs_to_the_address_of_the_portal(client, worker, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://sise.naidis.example"
    sign_in(client)
    options = client.get(ADD).context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"]["id"] == "sise.naidis.example"
    assert str(worker.pk) not in json.dumps(client.get(ADD).context["js_data"], default=str)


def test_a_passkey_is_named_after_the_device_at_first(worker):
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    sign_in(client)
    assert client.get(ADD).context["form"].initial["name"] == "Firefox, Windows"


def test_a_name_that_is_too_long_is_cut_and_keeps_the_passkey(worker, rf):
    with request_context(rf.get(ADD)):
        form = PasskeyAddForm(user=worker)
    form.cleaned_data = {"name": "x" * 500}
    assert form.clean_name() == "x" * 60


@pytest.fixture
def inside(client, worker, device):
    """Signed in by a passkey that is called Telefon."""
    device["key"] = give_passkey(worker)
    client.post(SIGN_IN, ANSWER)
    return client


def test_removing_the_last_one_leads_to_setting_up_anew(inside, worker, device):
    other = Client()
    sign_in(other)
    device["key"] = Authenticator.objects.get(user=worker)
    other.post(SHOW, ANSWER)
    assert is_signed_in(other)
    key = device["key"].pk
    inside.get(f"/konto/voti/{key}/eemalda/")
    inside.post(f"/konto/voti/{key}/eemalda/")
    assert not second_factor.is_set_up(worker)
    assert inside.get("/intranet/")["Location"].startswith(SET_UP)
    assert not is_signed_in(other)


def test_removing_another_one_asks_for_nothing_more(inside, worker):
    spare = give_passkey(worker, "Varuvõti")
    inside.post(f"/konto/voti/{spare.pk}/eemalda/")
    assert is_signed_in(inside)
    assert [key.wrap().name for key in Authenticator.objects.all()] == ["Telefon"]


def test_removing_the_one_that_was_shown_asks_for_what_is_left(inside, worker, device):
    give_codes(worker)
    inside.post(f"/konto/voti/{device['key'].pk}/eemalda/")
    assert inside.get("/intranet/")["Location"].startswith(SHOW_AGAIN)


def test_nobody_renames_or_removes_the_passkey_of_another(inside, worker):
    foreign = give_passkey(UserFactory(), "Võõras")
    for tail in ("nimi", "eemalda"):
        for number in (foreign.pk, 999999):
            path = f"/konto/voti/{number}/{tail}/"
            assert inside.get(path).status_code == 404
            assert inside.post(path, {"name": "Minu"}).status_code == 404
    assert Authenticator.objects.get(pk=foreign.pk).wrap().name == "Võõras"


def test_a_passkey_is_renamed(inside, device):
    key = device["key"].pk
    inside.post(f"/konto/voti/{key}/nimi/", {"name": "Uus telefon"})
    assert "Uus telefon" in inside.get("/konto/kood/").content.decode()


def test_a_recovery_code_stands_in_for_a_lost_passkey(client, worker):
    give_passkey(worker)
    code = RecoveryCodes.activate(worker).get_unused_codes()[0]
    sign_in(client)
    assert client.post(SHOW, {"code": code})["Location"] == "/intranet/"


def test_a_letter_tells_when_one_is_removed(inside, worker, device):
    inside.post(f"/konto/voti/{device['key'].pk}/eemalda/")
    deliver()
    assert mail.outbox[-1].to == [worker.email]
    assert "Telefon" not in mail.outbox[-1].body


def test_the_pages_have_one_heading_and_no_inline_script(inside, device):
    key = device["key"].pk
    for path in (
        ADD,
        AGAIN,
        "/konto/kood/",
        f"/konto/voti/{key}/nimi/",
        f"/konto/voti/{key}/eemalda/",
    ):
        page = inside.get(path)
        text = page.content.decode()
        assert page.status_code == 200, path
        assert text.count("<h1") == 1
        assert "onclick" not in text
        assert all(
            "src=" in tag or "application/json" in tag
            for tag in text.split("<script")[1:]
            for tag in [tag.split(">")[0]]
        )
