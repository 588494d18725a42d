"""Signing in by TARA, end to end against a local one; and every way in which it is refused."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.tara import tokens
from portal.accounts.tara.provider import PURPOSE, TaraAdapter
from portal.accounts.tara.refusals import TaraRefused
from portal.base import outbox
from portal.base.encryption import keyed_hash
from tests.accounts.tara.provider import CLIENT, SECRET, SUB, LocalTara
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
BACK = "http://localhost:8000"


@pytest.fixture(scope="module")
def local_tara():
    with LocalTara() as tara:
        yield tara


@pytest.fixture
def tara(local_tara, settings):
    local_tara.answers.clear()
    local_tara.asked.clear()
    tokens._keys.clear()
    settings.TARA_URL = local_tara.url
    settings.TARA_CLIENT_ID = CLIENT
    settings.TARA_CLIENT_SECRET = SECRET
    settings.SOCIALACCOUNT_PROVIDERS = {
        "tara": {"APP": {"client_id": CLIENT, "secret": SECRET, "key": ""}}
    }
    yield local_tara
    local_tara.answers.clear()


@pytest.fixture
def anu():
    user = UserFactory()
    SocialAccount.objects.create(user=user, provider="tara", uid=keyed_hash(SUB, PURPOSE))
    return user


def go(client, **typed):
    """Begin, and let the person do at TARA what people do; returns the address to come back to."""
    away = client.post("/konto/tara/", {"process": "login"} | typed)
    assert away.status_code == 302, away.content.decode()
    there = requests.get(away.url, allow_redirects=False, timeout=5)
    assert there.status_code == 302, there.text
    assert there.headers["Location"].startswith(f"{BACK}/konto/tara/tagasi/?")
    return there.headers["Location"].removeprefix(BACK)


def sign_in(client, **typed):
    return client.get(go(client, **typed))


def who(client):
    return client.session.get("_auth_user_id")


def test_a_linked_person_signs_in_and_lands_where_they_wanted_to_go(tara, anu, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    answer = sign_in(client, next="/konto/profiil/")
    assert (answer.status_code, answer.url) == (302, "/konto/profiil/")
    assert who(client) == str(anu.pk)
    # A card with its PIN is both factors: nobody asks for a code of the telephone.
    assert client.get("/konto/profiil/").status_code == 200


def test_tara_is_asked_as_it_wants_to_be_asked(tara, anu):
    sign_in(Client())
    asked = tara.asked[-1]
    assert set(asked["scope"].split()) == {"openid", "idcard", "mid", "smartid"}
    assert asked["acr_values"] == "high"
    assert asked["ui_locales"] == "et"
    assert len(asked["nonce"]) >= 22
    assert len(asked["state"]) >= 16
    assert asked["redirect_uri"] == f"{BACK}/konto/tara/tagasi/"


def test_scope_and_parameters_are_not_taken_from_the_request(tara, anu):
    away = Client().post(
        "/konto/tara/?scope=email,profile&auth_params=acr_values%3Dlow%26nonce%3Dtuttav"
    )
    asked = parse_qs(urlsplit(away.url).query)
    assert asked["acr_values"] == ["high"]
    assert asked["nonce"] != ["tuttav"]
    assert "email" not in asked["scope"][0]


def test_nothing_of_the_answer_is_kept(tara, anu):
    sign_in(Client())
    account = SocialAccount.objects.get()
    assert account.extra_data == {}
    assert SUB not in account.uid
    assert SUB[2:] not in account.uid
    assert not SocialToken.objects.exists()
    anu.refresh_from_db()
    assert "ÄNN" not in anu.first_name


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"claims": {"acr": "low"}}, "ei ole siin piisavalt kindel"),
        ({"claims": {"acr": "substantial"}}, "ei ole siin piisavalt kindel"),
        ({"claims": {"acr": None}}, "ei ole siin piisavalt kindel"),
        ({"claims": {"acr": "kõrge"}}, "ei ole siin piisavalt kindel"),
        ({"claims": {"amr": ["eIDAS"]}}, "ei ole siin lubatud"),
        ({"claims": {"amr": ["idcard", "eIDAS"]}}, "ei ole siin lubatud"),
        ({"claims": {"amr": None}}, "ei ole siin lubatud"),
        ({"claims": {"amr": []}}, "ei ole siin lubatud"),
        ({"claims": {"nonce": "võõras"}}, "Palun alustage uuesti"),
        ({"claims": {"nonce": None}}, "Palun alustage uuesti"),
        ({"wrong_key": True}, "ei õnnestunud kontrollida"),
        ({"kid": "tundmatu"}, "ei õnnestunud kontrollida"),
        ({"alg": "none"}, "ei õnnestunud kontrollida"),
        ({"alg": "HS256"}, "ei õnnestunud kontrollida"),
        ({"claims": {"iss": "https://tara.naidis.example"}}, "ei õnnestunud kontrollida"),
        ({"claims": {"aud": "teine-klient"}}, "ei õnnestunud kontrollida"),
        ({"claims": {"aud": [CLIENT, "teine-klient"]}}, "ei õnnestunud kontrollida"),
        ({"seconds_from_now": {"exp": -60}}, "Palun alustage uuesti"),
        ({"claims": {"exp": None}}, "ei õnnestunud kontrollida"),
        ({"seconds_from_now": {"iat": 3600}}, "ei õnnestunud kontrollida"),
        ({"seconds_from_now": {"nbf": 3600}}, "ei õnnestunud kontrollida"),
        ({"claims": {"sub": None}}, "ei õnnestunud kontrollida"),
        ({"claims": {"sub": "EE60001019907"}}, "ei õnnestunud kontrollida"),
        ({"claims": {"sub": 60001019906}}, "ei õnnestunud kontrollida"),
        ({"error": "access_denied"}, "katkestasite"),
        ({"error": "server_error"}, "Palun alustage uuesti"),
        ({"state": "võltsitud"}, "Palun alustage uuesti"),
        ({"token_status": 500}, "Palun alustage uuesti"),
        ({"token_text": '{"access_token": "x"}'}, "ei õnnestunud kontrollida"),
        ({"token_text": "[1, 2]"}, "alustage uuesti|ei vasta"),
        ({"token_text": "<html>"}, "alustage uuesti|ei vasta"),
        ({"jwks": "<html>"}, "ei vasta"),
        ({"jwks": {"keys": []}}, "ei õnnestunud kontrollida"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_not_sound_signs_nobody_in_and_says_why(tara, anu, answers, sentence):
    tara.answers |= answers
    client = Client()
    answer = sign_in(client)
    assert answer.status_code in {403, 502}
    assert any(words in answer.content.decode() for words in sentence.split("|"))
    assert who(client) is None


def test_a_code_works_once(tara, anu):
    client = Client()
    back = go(client)
    assert client.get(back).status_code == 302
    client.post("/konto/valja/")
    assert client.get(back).status_code == 403
    assert who(client) is None


def test_a_code_of_another_window_is_refused(tara, anu):
    mine, theirs = Client(), Client()
    back = go(mine)
    assert theirs.get(back).status_code == 403
    assert who(theirs) is None


def test_a_state_that_nobody_put_aside_is_refused(tara, anu):
    for query in ("", "?code=x", "?state=x&code=y", "?code=x&state=", "?error=access_denied"):
        client = Client()
        assert client.get(f"/konto/tara/tagasi/{query}").status_code == 403
        assert who(client) is None


def test_when_tara_is_away_there_is_a_sentence_and_the_password_still_works(tara, anu, settings):
    client = Client()
    back = go(client)
    settings.TARA_URL = "http://127.0.0.1:9"
    answer = client.get(back)
    assert answer.status_code == 502
    assert "ei vasta" in answer.content.decode()
    client.post("/konto/sisse/", {"login": anu.email, "password": PASSWORD})
    assert who(client) == str(anu.pk)


def test_an_identity_without_an_account_opens_none_and_makes_none(tara):
    before = User.objects.count()
    client = Client()
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "ei ole ühegi siinse kontoga seotud" in answer.content.decode()
    assert who(client) is None
    assert User.objects.count() == before


def test_a_closed_account_answers_as_if_it_were_not_there(tara, anu):
    unknown = SocialAccount.objects.get()
    User.objects.filter(pk=anu.pk).update(is_active=False)
    closed = sign_in(Client())
    unknown.delete()
    assert sign_in(Client()).content == closed.content


def test_next_never_leads_off_the_site(tara, anu):
    for target in ("https://kuri.example/", "//kuri.example", "/\\kuri.example", "javascript:1"):
        answer = sign_in(Client(), next=target)
        assert answer.url == "/intranet/"


# --- Linking ------------------------------------------------------------------------------------


def signed_in(user):
    client = Client()
    client.post("/konto/sisse/", {"login": user.email, "password": PASSWORD})
    return client


def test_somebody_links_an_identity_signs_in_by_it_and_hears_of_it_by_letter(tara):
    user = UserFactory()
    client = signed_in(user)
    assert "Seo minu ID-kaart" in client.get("/konto/profiil/").content.decode()
    answer = sign_in(client, process="connect")
    assert (answer.status_code, answer.url) == (302, "/konto/profiil/")
    outbox.deliver_due(timezone.now())
    assert "Smart-ID-ga" in mail.outbox[-1].body
    again = Client()
    sign_in(again)
    assert who(again) == str(user.pk)
    client.post("/konto/tara/eemalda/")
    assert sign_in(Client()).status_code == 403


def test_an_identity_is_taken_off_ones_own_account_alone(tara, anu):
    other = UserFactory()
    SocialAccount.objects.create(user=other, provider="tara", uid="teine")
    signed_in(other).post("/konto/tara/eemalda/")
    assert SocialAccount.objects.get().user == anu


def test_who_is_signed_in_does_not_become_another(tara, anu):
    other = UserFactory()
    client = signed_in(other)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "teise kontoga" in answer.content.decode()
    assert who(client) == str(other.pk)


def test_a_key_that_the_client_shares_is_never_asked_for():
    shared = jwt.encode({"sub": SUB}, "s" * 32, algorithm="HS256", headers={"kid": "x"})
    with pytest.raises(TaraRefused, match="signature"):
        tokens._key_of(shared)


def test_answers_of_another_shape_are_refused(monkeypatch):
    adapter = TaraAdapter(RequestFactory().get("/"))
    with pytest.raises(TaraRefused, match="token"):
        adapter.complete_login(None, None, SocialToken(), response={"id_token": ["x"]})
    monkeypatch.setattr(OAuth2Adapter, "get_access_token_data", lambda *given: ["x"])
    with pytest.raises(TaraRefused, match="unavailable"):
        adapter.get_access_token_data(None, None, None)


def test_an_identity_belongs_to_one_account(tara, anu):
    client = signed_in(UserFactory())
    answer = sign_in(client, process="connect")
    assert answer.status_code == 403
    assert "teise kontoga" in answer.content.decode()
    assert SocialAccount.objects.get().user == anu


def test_who_has_not_shown_lately_who_they_are_does_that_first(tara):
    client = Client()
    client.force_login(UserFactory())
    answer = client.post("/konto/tara/", {"process": "connect"})
    assert answer.url.startswith("/konto/kinnita/")
    assert not SocialAccount.objects.exists()


def test_linking_begun_and_the_session_ended_links_nothing(tara):
    client = signed_in(UserFactory())
    back = go(client, process="connect")
    client.post("/konto/valja/")
    assert client.get(back).status_code == 403
    assert not SocialAccount.objects.exists()


# --- Off ----------------------------------------------------------------------------------------


def test_without_a_client_id_there_is_no_such_door(settings):
    settings.TARA_CLIENT_ID = ""
    assert Client().post("/konto/tara/").status_code == 404
    assert Client().get("/konto/tara/tagasi/?code=x&state=y").status_code == 404
    assert "ID-kaart" not in Client().get("/konto/sisse/").content.decode()


def test_a_link_or_a_reload_begins_nothing(tara):
    assert Client().get("/konto/tara/").status_code == 405
    assert not tara.asked
