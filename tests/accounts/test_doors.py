"""Every door of every app installed: none leads past the second factor, or off the site.

The doors are found in the running URLconf (`manage.py list_doors`), so a new one is tried too.
"""

import json
import re
from io import StringIO
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth import views as django_views
from django.core import mail
from django.core.management import call_command
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from portal.access.entrances import entrances
from portal.access.roles import Role
from portal.access.routes import routes
from portal.accounts.middleware import BEFORE_SECOND_FACTOR, TO_SET_UP
from portal.accounts.passkey_forms import PasskeySignInForm
from portal.base.http import is_private
from tests.accounts.nexts import VARIANTS, leaves
from tests.accounts.test_second_factor import NOON, SHOW, SHOW_AGAIN, code_of, give_codes
from tests.accounts.test_sign_in import NEW, deliver, link_in_letter, sign_in
from tests.cases.factories import Net
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

EXAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}
# Written as regular expressions, so no address can be made from them.
WRITTEN_OUT = {"account_reset_password_from_key": "konto/parool/uus/1-x/"}
# An icon sheet and translated texts of the CMS, open to anybody.
OPEN = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
INSIDE = re.compile(
    rb'<body[^>]*class="[^"]*\bintranet\b|data-wagtail|wagtail-sidebar|w-bg-surface'
)


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    now = [NOON.timestamp()]
    frozen = type("Frozen", (), {"time": staticmethod(lambda: now[0])})
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", frozen)
    return now


def address(route):
    """A concrete address of a route; None if it is written as a regular expression."""
    path = WRITTEN_OUT.get(route.name, route.path)
    if re.search(r"[\^$(]", path):
        return None
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda match: EXAMPLES[match[1] or "str"], path)


def private_addresses():
    for route in routes():
        path = address(route)
        if path and is_private(path):
            yield route, path


# --- Who stands before a door ---


def nobody():
    return Client()


def boss():
    """Sees cases and administers: whatever is behind a door is there for this one."""
    return (
        Net()
        .worker(
            Role.BASE_SUPPORT,
            user=UserFactory(email="mari@naidis.example", is_staff=True, is_superuser=True),
        )
        .user
    )


def has_set_nothing_up():
    boss()
    client = Client()
    sign_in(client)
    return client


def has_typed_the_password():
    """On the way: the password was right, the second step is still to come."""
    give_codes(boss())
    client = Client()
    sign_in(client)
    return client


def has_an_older_session():
    """Signed in before the code was set up, on another device."""
    user = boss()
    client = Client()
    sign_in(client)
    give_codes(user)
    return client


BEFORE = [nobody, has_set_nothing_up, has_typed_the_password, has_an_older_session]


@pytest.mark.parametrize("who", BEFORE)
def test_nothing_of_the_private_half_opens_without_the_second_factor(who):
    client, opened, tried = who(), set(), 0
    for route, path in private_addresses():
        answer = client.get(path)
        tried += 1
        assert not INSIDE.search(answer.content), path
        if answer.status_code == 200:
            opened.add(route.name)
        elif answer.status_code in (301, 302):
            # Whoever has a session is led from the sign-in to the desk, and from there here again.
            # A one-time link leads to the page that says what it is, without the secret.
            assert re.match(r"/(konto/|intranet/|minu/vaatajad/$|$)", answer["Location"]), path
        else:
            assert answer.status_code in (400, 403, 404, 405), path
    assert tried > 300
    assert opened <= BEFORE_SECOND_FACTOR | TO_SET_UP | OPEN, opened


def test_with_the_second_factor_the_same_addresses_do_open(clock):
    """So that the walk above cannot pass because everything is broken."""
    client = has_typed_the_password()
    client.post(SHOW, {"code": code_of(clock)})
    assert INSIDE.search(client.get("/intranet/").content)
    assert INSIDE.search(client.get("/cms/").content)


@pytest.mark.parametrize("who", BEFORE)
def test_posting_to_any_door_opens_nothing(who):
    data = {"login": "x", "username": "x", "password": "x", "code": "000000", "email": "x@x.ee"}
    client = who()
    for door in sorted(entrances(), key=lambda door: door.kind == "out"):
        path = address(door.route)
        if path is None:
            continue
        answer = client.post(path, data)
        assert not INSIDE.search(answer.content), path
        assert client.get("/intranet/").status_code == 302, path
        assert client.get("/cms/").status_code == 302, path


@pytest.mark.parametrize("page", sorted(TO_SET_UP))
def test_an_older_session_does_not_set_up_a_second_way_around_the_first(page):
    client = has_an_older_session()
    path = next(path for route, path in private_addresses() if route.name == page)
    assert client.get(path)["Location"].startswith(SHOW_AGAIN)
    assert client.post(path, {"code": "000000"})["Location"].startswith(SHOW_AGAIN)


def test_no_door_of_another_kind_asks_for_a_password():
    """Django's and the CMS's own sign-in and reset are mounted nowhere but where they are shut."""
    theirs = (
        django_views.LoginView,
        django_views.PasswordResetView,
        django_views.PasswordResetConfirmView,
        django_views.PasswordChangeView,
    )
    for route in routes():
        view = getattr(route.view, "view_class", None)
        if isinstance(view, type) and issubclass(view, theirs):
            assert route.name in route.door.closed_names, route.path
        assert not route.view.__module__.startswith("django.contrib.admin"), route.path


def test_a_shut_door_is_not_there_even_if_nothing_stood_before_it():
    shut = [route for route in routes() if route.door and route.name in route.door.closed_names]
    assert len(shut) == 6
    for route in shut:
        request = RequestFactory().get("/")
        request.resolver_match = ResolverMatch(route.view, (), {}, url_name=route.name)
        with pytest.raises(Http404):
            route.door.admit(request)


def test_the_list_of_doors_holds_all_that_are_known():
    out = StringIO()
    call_command("list_doors", "--json", stdout=out)
    found = {row["name"]: row["kind"] for row in json.loads(out.getvalue())}
    known = {
        "account_login": "in",
        "cms_sign_in": "in",
        "page_sign_in": "in",
        "wagtailadmin_login": "in",
        "account_logout": "out",
        "wagtailadmin_logout": "out",
        "account_reset_password": "reset",
        "cms_password_reset": "reset",
        "wagtailadmin_password_reset_confirm": "reset",
        "account_reauthenticate": "again",
        "mfa_reauthenticate_webauthn": "again",
        "mfa_authenticate": "second step",
        "mfa_login_webauthn": "second step",
        "invitation_link": "link",
        "calendar_ics": "link",
        "tara_begin": "outside",
        "wagtailadmin_home": "admin",
    }
    assert {name: found.get(name) for name in known} == known


def test_every_route_of_the_sign_in_tree_is_on_the_list():
    listed = {door.route.name for door in entrances()}
    assert {
        route.name for route in routes() if route.door and route.door.name == "account"
    } <= listed


# --- next ---


def test_the_judge_knows_what_leaves():
    assert len(VARIANTS) == len(set(VARIANTS)) >= 60
    assert not leaves("/intranet/")
    assert not leaves("http://testserver/intranet/")
    assert not leaves("?a=//b")
    for elsewhere in ("https://a.example/", "//a.example", "/\\a.example", "\t//a", "javascript:1"):
        assert leaves(elsewhere)
    assert all(map(leaves, VARIANTS[:40]))


def stays(answer):
    """Does an answer lead nowhere else, now or through the `next` it hands on?"""
    if answer.status_code not in (301, 302):
        return True
    location = answer["Location"]
    handed_on = [
        value
        for name, values in parse_qs(urlsplit(location).query).items()
        if name == "next"
        for value in values
    ]
    return not leaves(location) and not any(map(leaves, handed_on))


@pytest.fixture
def mari():
    return UserFactory(email="mari@naidis.example")


def test_next_after_the_sign_in_never_leaves(mari):
    for variant in VARIANTS:
        for address in ("/konto/sisse/", f"/konto/sisse/?{query(variant)}"):
            client = Client()
            answer = client.post(
                address, {"login": mari.email, "password": PASSWORD, "next": variant}
            )
            assert answer.status_code == 302
            assert stays(answer), variant
            assert stays(client.get("/konto/sisse/", {"next": variant})), variant


def test_next_of_whoever_is_signed_in_already_never_leaves(mari):
    client = Client()
    client.force_login(mari)
    for variant in VARIANTS:
        for door in ("/konto/sisse/", "/konto/sisse/voti/", "/cms/login/", "/_util/login/"):
            assert stays(client.get(door, {"next": variant})), (door, variant)


def test_next_after_the_code_never_leaves(mari, clock):
    give_codes(mari)
    for variant in VARIANTS:
        clock[0] += 30
        client = Client()
        sign_in(client, next=variant)
        answer = client.post(f"{SHOW}?{query(variant)}", {"code": code_of(clock), "next": variant})
        assert answer.status_code == 302
        assert stays(answer), variant


def test_next_after_showing_the_code_again_never_leaves(mari, clock):
    sign_in(client := Client())
    give_codes(mari)
    for number, variant in enumerate(VARIANTS):
        clock[0] += 30
        if number % 8 == 7:  # ten a minute are enough for anybody
            sign_in(client := Client())
            client.post(SHOW, {"code": code_of(clock)})
            clock[0] += 30
        again = client.post(SHOW_AGAIN, {"code": code_of(clock), "next": variant})
        assert stays(again), variant
        password = client.post("/konto/kinnita/", {"password": PASSWORD, "next": variant})
        assert stays(password), variant


def test_next_after_a_passkey_never_leaves(mari, monkeypatch):
    key = WebAuthn.add(mari, "Telefon", {}).instance
    monkeypatch.setattr(PasskeySignInForm, "clean_credential", lambda form: key)
    for number, variant in enumerate(VARIANTS):
        client = Client(REMOTE_ADDR=f"10.0.{number}.1")
        answer = client.post("/konto/sisse/voti/", {"credential": "[1]", "next": variant})
        assert answer.status_code == 302
        assert stays(answer), variant
        assert client.get("/intranet/").status_code == 200


def test_next_after_signing_out_never_leaves(mari):
    for variant in VARIANTS:
        client = Client()
        client.force_login(mari)
        assert stays(client.post("/konto/valja/", {"next": variant})), variant
        client.force_login(mari)
        assert stays(client.post("/cms/logout/", {"next": variant})), variant


def test_next_behind_the_link_of_the_letter_never_leaves(mari):
    client = Client()
    client.post("/konto/parool/uus/", {"email": mari.email})
    deliver()
    link = link_in_letter()
    for number, variant in enumerate(VARIANTS):
        browser = Client(REMOTE_ADDR=f"10.0.{number}.1")
        answer = browser.get(link, {"next": variant})
        assert not leaves(answer["Location"]), variant
        # Shown as a text that a form sends back; what it does with it is asked above.
        assert stays(browser.post(answer["Location"], {"password1": "x", "next": variant}))
    browser = Client()
    form = browser.get(link, {"next": VARIANTS[0]})["Location"]
    assert stays(browser.post(form, {"password1": NEW, "password2": NEW, "next": VARIANTS[1]}))


NASTIEST = [
    "https://kurjam.example/",
    "//kurjam.example/",
    "/\\kurjam.example/",
    "\t//kurjam.example",
]


@pytest.mark.parametrize("variant", NASTIEST)
def test_no_door_of_the_list_leads_anywhere_else(variant, mari, clock, settings):
    settings.TARA_CLIENT_ID = ""
    inside, between = Client(), Client()
    for door in entrances():
        path = address(door.route)
        if path is None:
            continue
        inside.force_login(mari)
        for client in (Client(), between, inside):
            for answer in (
                client.get(path, {"next": variant}),
                client.post(f"{path}?{query(variant)}", {"next": variant}),
            ):
                location = answer.get("Location", "/")
                assert not leaves(location), (path, location)


@pytest.mark.parametrize(
    "path",
    [
        "//kurjam.example/intranet/",
        "//kurjam.example/intranet",
        "/\\kurjam.example/intranet/",
        "/intranet//kurjam.example",
        "///kurjam.example/cms/",
        "/%2f%2fkurjam.example/",
        "/%5c%5ckurjam.example/konto/profiil",
        "/konto/profiil%0d%0aLocation:%20https://kurjam.example/",
        "/en//kurjam.example",
        "/@kurjam.example/intranet",
        "/cms//kurjam.example/%2e%2e",
    ],
)
def test_no_path_leads_to_another_host(client, path):
    answer = client.generic("GET", path)
    assert answer.status_code in (200, 301, 302, 404)
    assert not leaves(answer.get("Location", "/"))


def query(variant):
    return f"next={quote(variant, safe='')}"


# --- Forged hosts ---

FORGED = [
    "kurjam.example",
    "kurjam.example:80",
    "testserver.kurjam.example",
    "testserver@kurjam.example",
    "testserver:80@kurjam.example",
    "testserver,kurjam.example",
    "testserver/kurjam.example",
    "testserver#kurjam.example",
    "kurjam.example\\testserver",
    "[::1",
    "xn--kurjam-.example",
    "localhost.kurjam.example:443",
]


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_is_refused_at_every_door(host, mari):
    client = Client(HTTP_HOST=host)
    for door in entrances():
        if path := address(door.route):
            for answer in (client.get(path), client.post(path, {"email": mari.email})):
                assert answer.status_code == 400, path
                assert "Location" not in answer
                assert b"kurjam" not in answer.content
    deliver()
    assert mail.outbox == []


HEADERS = [
    {"HTTP_X_FORWARDED_HOST": "kurjam.example"},
    {"HTTP_X_FORWARDED_HOST": "kurjam.example, testserver"},
    {"HTTP_X_FORWARDED_SERVER": "kurjam.example"},
    {"HTTP_X_HOST": "kurjam.example"},
    {"HTTP_FORWARDED": "for=1.2.3.4;host=kurjam.example;proto=https"},
    {"HTTP_X_ORIGINAL_HOST": "kurjam.example"},
    {"HTTP_X_HTTP_HOST_OVERRIDE": "kurjam.example"},
    {"HTTP_X_ORIGINAL_URL": "https://kurjam.example/"},
    {"HTTP_X_REWRITE_URL": "//kurjam.example/"},
    {"HTTP_X_FORWARDED_PREFIX": "//kurjam.example"},
    {"HTTP_X_SCRIPT_NAME": "//kurjam.example"},
    {"HTTP_REFERER": "https://kurjam.example/"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: next(iter(headers)))
def test_no_header_puts_another_host_into_a_redirect_or_a_letter(headers, mari, settings):
    client = Client(**headers)
    for door in entrances():
        if path := address(door.route):
            answer = client.get(path)
            assert not leaves(answer.get("Location", "/")), path
            assert b"kurjam" not in answer.content, path
    client.post("/konto/parool/uus/", {"email": mari.email})
    deliver()
    links = re.findall(r"https?://\S+", mail.outbox[-1].body)
    assert links
    assert all(link.startswith(settings.WAGTAILADMIN_BASE_URL) for link in links)
