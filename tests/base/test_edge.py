import sqlite3

import pytest
from csp.constants import NONCE, SELF
from django.db import OperationalError
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from portal.base.busy import is_busy, typed_text
from portal.base.csp import complete
from portal.base.middleware import MAX_PARAMETER, MAX_QUERY, clean_query, language_of
from portal.base.page_cache import key_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edge")]


def test_nul_is_taken_out_of_parameters(client):
    assert client.get("/echo/?q=a%00b&%00x=1").content == b"q=a b|x=1"


def test_ordinary_query_arrives_as_it_was_sent(client):
    response = client.get("/echo/?q=%C3%B5un+a%2Bb&empty=&flag&q=teine")
    assert response.content.decode() == "q=teine|empty=|flag="
    assert clean_query("q=%C3%B5un+a%2Bb&empty=&flag") == "q=%C3%B5un%20a%2Bb&empty=&flag"


def test_long_parameter_is_cut_and_its_neighbours_stay(client):
    response = client.get("/echo/", {"q": "õ" * 10_000, "z": "1"})
    text = response.content.decode()
    assert response.status_code == 200
    assert text.startswith("q=" + "õ" * 100)
    assert len(text) <= MAX_PARAMETER + 2

    short = client.get("/echo/", {"q": "a" * 2_000, "z": "1"}).content.decode()
    assert short == "q=" + "a" * MAX_PARAMETER + "|z=1"


def test_ten_kilobytes_of_parameters_are_a_normal_page(client):
    response = client.get("/echo/?" + "&".join(f"p{n}=1" for n in range(20_000)))
    assert response.status_code == 200


@pytest.mark.parametrize(
    "query", ["q=%FF%FE", "q=%", "q=%zz", "q=%F0%9F%98%80", "=&=", "&&", "q=%u1"]
)
def test_broken_encodings_are_a_normal_page(client, query):
    assert client.get(f"/echo/?{query}").status_code == 200
    assert client.get(f"/echo/?{query}&long={'x' * 600}").status_code == 200


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=12_000))
def test_no_query_string_breaks_the_cleaning(query):
    cleaned = clean_query(query)
    request = RequestFactory().get("/")
    request.META["QUERY_STRING"] = cleaned
    for name, values in request.GET.lists():
        assert "\0" not in name
        assert all("\0" not in value and len(value) <= MAX_PARAMETER for value in values)
    assert len(cleaned) <= MAX_QUERY * 9


@pytest.mark.parametrize("path", ["/%00", "/leht/%00/", "/le%00ht/", "/intranet/%00/", "/en/%00"])
def test_nul_in_an_address_is_a_missing_page(client, path):
    assert client.get(path).status_code == 404


def test_nul_spelt_in_a_quoted_cookie_is_taken_out(client):
    response = client.get("/cookies/", HTTP_COOKIE='vald="ants\\000la"')
    assert "antsla" in response.content.decode()


def test_language_comes_from_the_address_only(client):
    assert language_of("/en/teenused/") == "en"
    assert language_of("/english/") == "et"
    assert language_of("/") == "et"
    client.cookies["django_language"] = "ru"
    response = client.get("/leht/", HTTP_ACCEPT_LANGUAGE="en")
    assert response["Content-Language"] == "et"
    assert "Accept-Language" not in response["Vary"]
    assert client.get("/en/leht/")["Content-Language"] == "en"


def test_private_half_is_stored_nowhere(client):
    for path in ("/intranet/leht/", "/cms/leht/", "/intranet/ei-ole/"):
        assert client.get(path)["Cache-Control"] == "no-store"


def policy_of(client, path):
    return client.get(path)["Content-Security-Policy"] + ";"


def test_only_the_cms_may_write_script_into_its_pages(client):
    assert "script-src-elem 'self' 'unsafe-inline'" in policy_of(client, "/cms/leht/")
    for path in ("/leht/", "/intranet/leht/", "/ei-ole/", "/intranet/ei-ole/"):
        policy = policy_of(client, path)
        assert "unsafe" not in policy
        assert "object-src 'none'" in policy
        assert "base-uri 'none'" in policy


def test_cms_keeps_the_rest_of_the_policy(client):
    policy = policy_of(client, "/cms/leht/")
    for directive in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'self'"):
        assert directive in policy
    # Attributes such as onerror= stay forbidden: they fall back to script-src.
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy


def test_only_the_pages_with_its_button_lead_to_tara(client, settings):
    settings.TARA_CLIENT_ID, settings.TARA_URL = "tugivork", "https://tara.example/x"
    assert "form-action 'self' https://tara.example;" in policy_of(client, "/konto/ei-ole/")
    for path in ("/leht/", "/intranet/leht/", "/cms/leht/"):
        assert "tara.example" not in policy_of(client, path)


def test_page_with_a_nonce_gets_it_into_its_policy(client, settings):
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [SELF, NONCE]}}
    response = client.get("/nonce/")
    nonce = response.content.decode().split()[0]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]


def test_policy_of_a_view_itself_is_kept_and_completed(client):
    policy = client.get("/own-policy/")["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert policy.count(directive) == 1
    assert complete(policy) == policy
    assert "script-src 'none'" in client.get("/changed-policy/")["Content-Security-Policy"]


# --- A database that does not answer -------------------------------------------------------


def test_busy_database_asks_to_come_again(client):
    response = client.get("/locked/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in response


def test_typed_text_comes_back_escaped_but_no_secret():
    response = Client().post(
        "/locked/",
        {
            "note": "tere <script>alert(1)</script>",
            "password": "saladus-1",
            "new_password1": "saladus-2",
            "csrfmiddlewaretoken": "saladus-3",
            "code": "saladus-4",
            "idempotency_key": "saladus-5",
            "empty": " ",
        },
    )
    page = response.content.decode()
    assert "tere &lt;script&gt;" in page
    assert "saladus" not in page
    assert page.count("<textarea") == 1
    assert "readonly" in page


def test_our_own_mistake_is_not_called_a_busy_time():
    response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    assert b"cases_secret" not in response.content


@pytest.mark.parametrize(
    ("code", "busy"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, True),
        (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_CANTOPEN, True),
        (sqlite3.SQLITE_ERROR, False),
    ],
)
def test_sqlite_tells_busy_from_broken(code, busy):
    error = OperationalError("text")
    error.__cause__ = sqlite3.OperationalError("text")
    error.__cause__.sqlite_errorcode = code
    assert is_busy(error) is busy


def test_busy_database_behind_the_view_is_a_busy_time_too(monkeypatch):
    def save(self, *args, **kwargs):
        error = OperationalError("database is locked")
        error.__cause__ = sqlite3.OperationalError("database is locked")
        error.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", save)
    response = Client(raise_request_exception=False).post("/session-write/", {"note": "tere"})
    assert response.status_code == 503
    assert "tere" in response.content.decode()


def test_other_errors_are_not_busy():
    assert not is_busy(ValueError("x"))
    assert not is_busy(None)


def test_body_that_cannot_be_read_gives_nothing_back():
    request = RequestFactory().post("/post/", b"x", content_type="multipart/form-data")
    assert typed_text(request) == []


def test_key_of_a_page_tells_nothing_of_what_was_typed():
    key = key_of(RequestFactory().get("/otsing/?q=Mari+Maasikas"))
    assert "Mari" not in key
    assert key.isalnum()
