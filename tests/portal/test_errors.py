import sqlite3

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from portal.accounts.models import User
from portal.views import errors

PLAIN = [errors.forbidden, errors.bad_request]


def get(path="/leht/"):
    return RequestFactory().get(path)


@pytest.mark.django_db
def test_missing_public_page_shows_where_to_go_in_the_readers_language(client):
    page = client.get("/ei-ole-olemas/")
    assert page.status_code == 404
    assert b'lang="et"' in page.content
    assert b"/otsing/" in page.content
    assert b'lang="ru"' in client.get("/ru/ei-ole-olemas/").content


@pytest.mark.django_db
def test_missing_page_of_the_intranet_is_the_same_for_every_address_and_reader(client):
    pages = [client.get(path) for path in ("/intranet/ei-ole/", "/intranet/juhtumid/1/")]
    client.force_login(User.objects.create_user("keegi@example.org"))
    pages += [client.get(path) for path in ("/intranet/ei-ole/", "/intranet/juhtumid/1/?a=b")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert len({tuple(sorted(page.items())) for page in pages}) == 1
    assert b"<form" not in pages[0].content


@pytest.mark.parametrize("view", PLAIN)
@pytest.mark.parametrize("path", ["/leht/", "/en/leht/", "/ru/leht/"])
def test_refusals_need_no_database(view, path):
    # Without the django_db mark any query would fail.
    page = view(get(path))
    assert page.status_code in (400, 403)
    assert f'lang="{path[1:3] if path != "/leht/" else "et"}"'.encode() in page.content
    assert page["Cache-Control"] == "no-store"


def test_error_page_needs_no_database_and_names_the_emergency_number():
    page = errors.server_error(get())
    assert page.status_code == 500
    assert b"tel:112" in page.content
    assert b"<script" not in page.content


def test_error_page_stands_even_when_the_templates_are_broken(monkeypatch):
    def fail(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(errors.loader, "render_to_string", fail)
    page = errors.server_error(get())
    assert page.status_code == 500
    assert b"tel:112" in page.content


def test_busy_database_outside_of_the_views_is_a_busy_time_too():
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    try:
        raise OperationalError from cause
    except OperationalError:
        page = errors.server_error(get())
    assert page.status_code == 503
    assert page["Retry-After"]


@pytest.mark.django_db
def test_refused_form_gives_the_typed_text_back():
    client = Client(enforce_csrf_checks=True)
    page = client.post("/konto/sisse/", {"login": "Tere <b>", "password": "saladus"})
    assert page.status_code == 403
    assert b"Tere &lt;b&gt;" in page.content
    assert b"saladus" not in page.content
