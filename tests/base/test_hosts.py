"""Public site and intranet on two names: everybody is led to the right one, no form is."""

from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.headers import production_settings

pytestmark = pytest.mark.django_db
PUBLIC, INTRANET = "tugi.example", "sise.tugi.example"


@pytest.fixture(autouse=True)
def two_names(settings):
    settings.ALLOWED_HOSTS = [PUBLIC, INTRANET]
    settings.PUBLIC_HOST, settings.INTRANET_HOST = PUBLIC, INTRANET
    settings.WAGTAILADMIN_BASE_URL = f"https://{INTRANET}"


def ask(path, host, method="get"):
    return getattr(Client(), method)(path, headers={"host": host})


@pytest.mark.parametrize(
    "path",
    [
        "/intranet/",
        "/intranet/juhtumid/?state=noticed",
        "/konto/sisse/",
        "/cms/",
        "/cms/login/",
        "/intranet",
    ],
)
def test_private_pages_stand_on_the_name_of_the_intranet_alone(path):
    answer = ask(path, PUBLIC)
    assert (answer.status_code, answer.url) == (302, f"http://{INTRANET}{path}")
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/teenused/", "/en/teenused/?q=töö", "/otsing/", "/sitemap.xml"])
def test_public_pages_stand_on_the_public_name_alone(path):
    answer = ask(path, INTRANET)
    assert answer.status_code == 302
    assert answer.url.startswith(f"http://{PUBLIC}/")
    assert ask(path, PUBLIC).status_code != 302


def test_the_bare_name_of_the_intranet_leads_to_the_desk():
    assert ask("/", INTRANET).url == f"http://{INTRANET}/intranet/"


@pytest.mark.parametrize("path", ["/konto/sisse/", "/intranet/juhtumid/uus/", "/cms/login/"])
def test_a_form_sent_to_the_wrong_name_is_not_there(path):
    assert ask(path, PUBLIC, "post").status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/robots.txt"])
def test_what_machines_ask_answers_on_both(path):
    assert ask(path, PUBLIC).status_code == ask(path, INTRANET).status_code == 200


def test_a_session_of_the_intranet_means_nothing_on_the_public_name():
    client = Client(headers={"host": INTRANET})
    client.force_login(UserFactory())
    assert client.get("/intranet/").status_code == 200
    assert client.get("/intranet/", headers={"host": PUBLIC}).status_code == 302


@pytest.mark.parametrize("host", ["kuri.example", f"{PUBLIC}.kuri.example", "127.0.0.1", ""])
def test_any_other_name_is_refused(host):
    assert ask("/", host).status_code == 400


def test_with_one_name_nothing_is_led_anywhere(settings):
    settings.PUBLIC_HOST = settings.INTRANET_HOST = ""
    assert ask("/konto/sisse/", PUBLIC).status_code == 200
    assert ask("/konto/sisse/", INTRANET).status_code == 200


# --- What leads from one to the other ------------------------------------------------------------


def crossing(answer):
    """The host that a redirect leads to; empty if it stays."""
    return urlsplit(answer.url).netloc


@pytest.mark.parametrize(
    "wanted",
    [
        f"http://{PUBLIC}/",
        f"https://{PUBLIC}/teenused/",
        f"//{PUBLIC}/",
        f"http://{PUBLIC}:80/",
        f"\\\\{PUBLIC}\\",
        f"http://{INTRANET}@{PUBLIC}/",
        f"http://{INTRANET}.{PUBLIC}/",
    ],
)
@pytest.mark.parametrize("path", ["/konto/sisse/", "/cms/login/", "/_util/login/"])
def test_next_never_crosses_to_the_other_name(settings, wanted, path):
    settings.SECOND_FACTOR_REQUIRED = False
    user = UserFactory(email="keegi@naidis.example")
    user.set_password("pikk-ja-kindel-parool")
    user.save()
    client = Client(headers={"host": INTRANET})
    way = f"{path}?{urlencode({'next': wanted})}"
    for _step in range(4):
        answer = client.get(way)
        if answer.status_code == 200:
            break
        assert crossing(answer) in ("", INTRANET)
        way = answer.url
    form = {"login": user.email, "password": "pikk-ja-kindel-parool", "next": wanted}
    answer = client.post("/konto/sisse/", form)
    assert answer.status_code == 302
    assert crossing(answer) == ""


def test_the_wrong_name_sets_no_cookie_and_reads_none():
    client = Client(headers={"host": PUBLIC})
    client.cookies["sessionid"] = "midagi"
    for path in ("/konto/sisse/", "/intranet/", "/cms/", "/kalender/x.ics"):
        answer = client.get(path)
        assert (answer.status_code, crossing(answer)) == (302, INTRANET)
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"


def test_over_tls_one_is_led_over_tls():
    answer = Client().get("/intranet/", secure=True, headers={"host": PUBLIC})
    assert answer.url == f"https://{INTRANET}/intranet/"


def test_robots_have_nothing_to_look_for_under_the_name_of_the_intranet():
    assert ask("/robots.txt", INTRANET).content == b"User-agent: *\nDisallow: /\n"
    text = ask("/robots.txt", PUBLIC).content.decode()
    assert f"Sitemap: http://{PUBLIC}/sitemap.xml" in text


def test_the_cms_may_show_a_map_under_its_own_name():
    assert ask("/kaart/andmed.geojson", INTRANET).status_code == 200


def test_letters_and_passkeys_belong_to_the_name_of_the_intranet(settings, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr("portal.settings.base.INTRANET_HOST", INTRANET)
    monkeypatch.setattr("portal.settings.base.PUBLIC_HOST", PUBLIC)
    names = f"{PUBLIC},{INTRANET}"
    found = production_settings(folder, monkeypatch, ALLOWED_HOSTS=names)
    assert found["WAGTAILADMIN_BASE_URL"] == f"https://{INTRANET}"
    assert f"https://{INTRANET}" in found["CSRF_TRUSTED_ORIGINS"]
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert "SESSION_COOKIE_DOMAIN" not in found
