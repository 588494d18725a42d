import datetime as dt

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.base import content_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("edge")]


def body(response):
    return response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_second_visitor_gets_the_kept_page_without_a_query(client):
    first = client.get("/leht/")
    with CaptureQueriesContext(connection) as queries:
        second = Client().get("/leht/")
    assert body(second) == body(first)
    assert len(queries) == 0


def test_kept_page_carries_the_security_headers_of_a_fresh_one(client):
    fresh, kept = client.get("/leht/"), client.get("/leht/")
    assert dict(fresh.items()) == dict(kept.items())
    assert "script-src 'self'" in kept["Content-Security-Policy"]
    assert kept["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db(transaction=True)
def test_a_public_change_shows_at_once_in_this_process(client):
    before = body(client.get("/leht/"))
    with transaction.atomic():
        content_version.move_on()
    assert body(client.get("/leht/")) != before


@pytest.mark.django_db(transaction=True)
def test_a_change_by_another_process_shows_within_a_second(client, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(content_version.time, "monotonic", lambda: clock[0])
    before = body(client.get("/leht/"))
    with transaction.atomic():
        content_version.move_on()
        # Another process cannot make this one forget.
        connection.run_on_commit.clear()
    clock[0] += 0.5
    assert body(client.get("/leht/")) == before
    clock[0] += 0.6
    assert body(client.get("/leht/")) != before


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_the_kept_page(client):
    before = body(client.get("/leht/"))
    with transaction.atomic():
        content_version.move_on()
        client.get("/leht/")
        transaction.set_rollback(True)
    assert body(client.get("/leht/")) == before


def test_a_new_day_makes_new_pages(client):
    with time_machine.travel(dt.datetime(2026, 11, 22, 21, 59, tzinfo=dt.UTC), tick=False):
        before = body(client.get("/leht/"))
        assert body(client.get("/leht/")) == before
    # Midnight in Estonia, not in Greenwich.
    with time_machine.travel(dt.datetime(2026, 11, 22, 22, 1, tzinfo=dt.UTC), tick=False):
        assert body(client.get("/leht/")) != before


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/leht/?q=1"},
        {"path": "/en/leht/"},
        {"HTTP_HOST": "localhost"},
        {"secure": True},
        {"HTTP_COOKIE": "vald=antsla-vald"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_may_change_the_page_is_part_of_its_name(client, other):
    first = client.get("/leht/")
    second = client.get(other.pop("path", "/leht/"), **other)
    assert second.content != first.content


def test_language_wish_and_unknown_cookies_do_not_make_another_page(client):
    first = body(client.get("/leht/"))
    assert body(client.get("/leht/", HTTP_ACCEPT_LANGUAGE="ru,en;q=0.5")) == first
    assert body(client.get("/leht/", HTTP_COOKIE="django_language=ru; other=1")) == first
    assert " et<" in first


def test_municipality_that_cannot_be_one_counts_as_none(client):
    first = body(client.get("/leht/"))
    assert body(client.get("/leht/", HTTP_COOKIE="vald=<script>")) == first


@pytest.mark.parametrize(
    "path",
    [
        "/session/",
        "/form/",
        "/nonce/",
        "/message/",
        "/cookie/",
        "/not-stored/",
        "/streamed/",
        "/intranet/leht/",
        "/cms/leht/",
        "/leht/?" + "x" * 301,
    ],
)
def test_personal_and_private_answers_are_never_kept(path):
    def content(response):
        return b"".join(response.streaming_content) if response.streaming else response.content

    # A visitor without any cookie each time, so that only the answer itself decides.
    assert content(Client().get(path)) != content(Client().get(path))


def test_municipality_cookie_comes_with_the_kept_page(client):
    first, second = Client().get("/cookie/?name=vald"), Client().get("/cookie/?name=vald")
    assert body(first) == body(second)
    assert second.cookies["vald"].value == "x"


@pytest.mark.parametrize(
    "extra",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_COOKIE": "messages=abc"},
    ],
)
def test_who_is_known_or_asks_for_a_fragment_gets_a_fresh_page(client, extra):
    assert body(client.get("/leht/", **extra)) != body(client.get("/leht/", **extra))
    kept = body(Client().get("/leht/"))
    assert body(client.get("/leht/", **extra)) != kept


def test_browser_must_ask_again_and_gets_304_for_the_same_text(client):
    first = client.get("/leht/")
    assert first["Cache-Control"] == "no-cache"
    again = client.get("/leht/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    content_version.move_on()
    assert client.get("/leht/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_compressed_page_is_compressed_once_and_has_the_tag_of_its_text(client):
    first = client.get("/same/", HTTP_ACCEPT_ENCODING="gzip")
    second = client.get("/same/", HTTP_ACCEPT_ENCODING="gzip")
    assert first["Content-Encoding"] == "gzip"
    # The padding is random: equal bytes were compressed once.
    assert first.content == second.content
    content_version.move_on()
    third = client.get("/same/", HTTP_ACCEPT_ENCODING="gzip")
    assert third.content != first.content
    assert third["ETag"] == first["ETag"] == client.get("/same/")["ETag"]


def test_head_gets_the_headers_of_the_kept_page_and_keeps_nothing_itself(client):
    client.head("/leht/")
    page = client.get("/leht/")
    head = client.head("/leht/")
    assert head.content == b""
    assert head["Content-Length"] == str(len(page.content))
    assert head["ETag"] == page["ETag"]


def test_missing_page_is_not_kept(client):
    assert client.get("/ei-ole/").status_code == 404
    assert not caches["pages"]._cache
    client.get("/leht/")
    # The page, and what it is called.
    assert len(caches["pages"]._cache) == 2


def test_post_passes_by(client):
    client.get("/post/")
    assert client.post("/post/").status_code == 200


def test_signed_in_visitor_may_not_keep_a_public_page_unasked(client):
    response = client.get("/leht/", HTTP_COOKIE="sessionid=abc")
    assert response["Cache-Control"] == "private, no-cache"
