"""Public site and intranet on two names: everybody is led to the right one, no form is."""

import pytest
from django.test import Client

from tests.factories import UserFactory

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
