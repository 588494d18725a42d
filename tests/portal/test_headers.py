"""Every answer to everybody carries the headers of production; every cookie is bound to TLS."""

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import resolve
from wagtail.documents.models import Document

from portal.access.routes import routes
from tests.factories import UserFactory
from tests.headers import HOST, links_in, missing, path_of, production_settings
from tests.home.factories import SmallSite
from tests.world import MINE, NOW, UNKNOWN, make_world

pytestmark = pytest.mark.django_db
# Each opens other pages; who opens which is told by the permission matrix.
WHO = [
    *("nobody", "stranger", "editor", "administrator", "auditor", "coordinator"),
    *("base", "offer_editor"),
]
# The CMS has three hundred routes, which only these see from inside.
IN_CMS = ("nobody", "administrator")
LINKS_AT_MOST = 60
PASSWORD = "pikk-ja-kindel-parool-2026"  # noqa: S105


@pytest.fixture(autouse=True)
def production(settings, monkeypatch, tmp_path):
    """Cookies, TLS and hosts as portal/settings/production.py has them."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name, value in production_settings(folder, monkeypatch).items():
        setattr(settings, name, value)
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "media"
    assert settings.SECURE_SSL_REDIRECT
    assert settings.SESSION_COOKIE_NAME == "__Host-sessionid"


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield make_world()


class Browser:
    """Asks over TLS and judges every answer it gets."""

    def __init__(self, user=None):
        self.client = Client(headers={"host": HOST}, raise_request_exception=False)
        if user:
            self.client.force_login(user)
        self.wrong, self.found, self.faults = [], [], []
        self.statuses = set()

    def ask(self, path, method="get", data=None, **headers):
        answer = getattr(self.client, method)(path, data, secure=True, headers=headers)
        self.judge(method, path, answer)
        return answer

    def judge(self, method, path, answer):
        self.statuses.add(answer.status_code)
        if answer.status_code == 500:
            self.faults.append(path)
        for lack in missing(path, answer.headers):
            self.wrong.append(f"{answer.status_code} {method} {path}: {lack}")
        if answer.streaming:
            # A file is closed when all of it was read.
            b"".join(answer.streaming_content)
        elif answer.headers.get("Content-Type", "").startswith("text/html"):
            self.found += links_in(answer.content.decode(), path)


def crawl(browser, world, name):
    """Every route, then every link that the pages hold; forms of nothing in particular last."""
    front = SmallSite().front.pk
    ours = [route for route in routes() if route.guard != "door:cms"]
    all_routes = routes() if name in IN_CMS else ours
    for route in all_routes:
        browser.ask(path_of(route, world.ids[MINE], front))
    seen, queue = set(), browser.found
    while queue and len(seen) < LINKS_AT_MOST:
        path = queue.pop()
        if path not in seen:
            seen.add(path)
            browser.ask(path)
    for route in ours:
        # Leaving comes at the very end of an evening too.
        if route.name != "account_logout":
            browser.ask(path_of(route, world.ids[UNKNOWN], front), "post")
            if name == "nobody":
                browser.ask(path_of(route, world.ids[UNKNOWN], front), "delete")
    return seen


@pytest.mark.parametrize("name", WHO)
def test_every_answer_of_a_full_crawl_carries_the_headers(world, name):
    browser = Browser(world.people[name])
    seen = crawl(browser, world, name)
    assert browser.wrong == []
    assert len(seen) > 10
    # The CMS keeps a page that only shows its page for faults.
    assert set(browser.faults) <= {"/cms/failwhale/"}
    assert {200, 302, 404} <= browser.statuses


def test_the_crawl_meets_every_route(world):
    front = SmallSite().front.pk
    shadowed = set()
    for route in routes():
        match = resolve(path_of(route, world.ids[MINE], front))
        if match.view_name != route.name:
            shadowed.add(route.name)
    # An earlier route of the same address answers: the one sign-in, ours before the CMS's own.
    assert {name for name in shadowed if not name.startswith("wagtailadmin_")} <= {""}
    assert all("login" in name or "password_reset" in name for name in shadowed if name)


# --- Each status, each kind of file ------------------------------------------------------------


def broken(*args, **kwargs):
    raise RuntimeError("host db.internal refused")


def test_refusals_and_faults_carry_them_too(settings, monkeypatch):
    SmallSite()
    browser = Browser()
    browser.ask("/teenused/")
    etag = browser.ask("/teenused/").headers["ETag"]
    assert browser.ask("/teenused/", if_none_match=etag).status_code == 304
    assert browser.ask("/teenused/", "head").status_code == 200
    assert browser.ask("/", host="kuri.example").status_code == 400
    assert browser.ask("/intranet/", host="kuri.example").status_code == 400
    assert browser.ask("/ei-ole/").status_code == 404
    assert browser.ask("/konto/tara/tagasi/", "delete").status_code == 405
    browser.client.handler.enforce_csrf_checks = True
    assert browser.ask("/konto/sisse/", "post", {"login": "x"}).status_code == 403
    browser.client.handler.enforce_csrf_checks = False
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert browser.ask("/konto/sisse/", "post", {"login": "x" * 2000}).status_code == 413
    assert browser.ask("/intranet/").status_code == 302
    monkeypatch.setattr("portal.views.health._cache_keeps", broken)
    assert browser.ask("/readyz").status_code == 503
    monkeypatch.setattr("home.views.pages._serve", broken)
    answer = browser.ask("/otsing/")
    assert answer.status_code == 500
    assert b"db.internal" not in answer.content
    assert browser.wrong == []


def test_the_way_to_tls_carries_them_too():
    browser = Browser()
    for path in ("/", "/konto/sisse/", "/cms/", "/static/portal/css/intranet.css"):
        answer = browser.client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}{path}")
        lacks = missing(path, answer.headers)
        # A browser does not believe it before TLS.
        assert lacks == ["no Strict-Transport-Security"]


def test_static_files_carry_them_too():
    browser = Browser()
    answer = browser.ask("/static/portal/css/intranet.css")
    assert answer.status_code == 200
    same = browser.ask(
        "/static/portal/css/intranet.css", if_none_match=answer.headers.get("ETag", "x")
    )
    assert same.status_code in (200, 304)
    assert browser.ask("/static/ei-ole.css").status_code == 404
    assert browser.wrong == []


def planted_document(name="leht.pdf", content=b"%PDF-1.7\n%%EOF\n"):
    document = Document(title="Leht", file=ContentFile(content, name))
    document.save()
    return document


@pytest.mark.parametrize("name", ["leht.pdf", "leht.txt", "leht.html", "leht.svg"])
def test_documents_of_the_cms_are_saved_and_never_shown(name):
    # However the last two got there: the forms refuse them.
    document = planted_document(name, b"<script>alert(1)</script>")
    browser = Browser()
    answer = browser.ask(document.url)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    etag = answer.headers["ETag"]
    assert browser.ask(document.url, if_none_match=etag).status_code == 304
    assert browser.wrong == []


def test_pictures_carry_them_too(settings):
    folder = settings.MEDIA_ROOT / "images"
    folder.mkdir(parents=True)
    (folder / "pilt.png").write_bytes(b"\x89PNG")
    browser = Browser()
    assert browser.ask("/media/images/pilt.png").status_code == 200
    assert browser.ask("/media/images/ei-ole.png").status_code == 404
    assert browser.wrong == []


# --- Cookies -----------------------------------------------------------------------------------


def test_every_cookie_is_bound_to_tls_and_to_this_host(world, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    SmallSite()
    slug = world.here.municipality.slug
    user = UserFactory(email="keegi@naidis.example")
    user.set_password(PASSWORD)
    user.save()
    met = {}
    browser = Browser()
    asked = [
        ("/", "get", None),
        (f"/teenused/?municipality={slug}&remember=", "get", None),
        (f"/teenused/?municipality=&remember={slug}", "get", None),
        ("/konto/sisse/", "get", None),
        ("/konto/sisse/", "post", {"login": user.email, "password": PASSWORD}),
        ("/konto/profiil/", "get", None),
        (
            "/konto/profiil/",
            "post",
            {"first_name": "Ann", "last_name": "Kask", "language": "et", "letters": "each"},
        ),
        ("/cms/", "get", None),
        ("/konto/valja/", "post", None),
    ]
    for path, method, data in asked:
        for name, cookie in browser.ask(path, method, data).cookies.items():
            met[name] = cookie
            assert cookie["secure"], name
            assert cookie["path"] == "/", name
            assert not cookie["domain"], name
            assert cookie["samesite"] == "Lax", name
            assert cookie["httponly"] or not cookie.value, name
    assert set(met) == {
        "__Host-sessionid",
        "__Host-csrftoken",
        "__Host-vald",
        "__Host-messages",
        "__Host-device",
    }
    assert browser.wrong == []


def test_a_kept_public_page_does_not_swallow_the_messages_of_a_visitor():
    SmallSite()
    browser = Browser()
    browser.ask("/teenused/")
    browser.client.cookies["__Host-messages"] = "midagi"
    assert "ETag" not in browser.ask("/teenused/").headers
