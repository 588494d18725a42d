"""No audit, no data: while the log cannot be written no case page is shown (rules.md 8, 11)."""

import threading
import uuid
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.urls import reverse

from portal.audit.models import AccessEvent
from portal.base.databases import database_from
from tests.cases.factories import Net, open_case_of, write_note

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def locked():
    """Somebody else holds the table of the log; we do not wait long for it."""
    is_held, may_go = threading.Event(), threading.Event()

    def hold():
        try:
            # On SQLite the transaction itself locks all writing.
            with transaction.atomic(), connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("LOCK TABLE audit_accessevent IN ACCESS EXCLUSIVE MODE")
                is_held.set()
                may_go.wait(30)
        finally:
            is_held.set()
            connection.close()

    with connection.cursor() as cursor:
        short = "SET lock_timeout = '200ms'"
        cursor.execute(short if connection.vendor == "postgresql" else "PRAGMA busy_timeout = 200")
    holder = threading.Thread(target=hold)
    holder.start()
    try:
        is_held.wait(30)
        yield
    finally:
        may_go.set()
        holder.join()
        connection.close()


@pytest.fixture
def anu():
    return Net().worker()


def test_with_the_log_locked_no_case_page_is_shown(client, anu):
    case = open_case_of(anu)
    write_note(case, by=anu, text="Kanaarimärge")
    client.force_login(anu.user)
    pages = [
        reverse(name, args=[case.pk])
        for name in ("case_detail", "case_note_list", "case_note_add", "case_change", "case_log")
    ]
    assert client.get(pages[0]).status_code == 200
    with locked():
        for page in (*pages, reverse("case_list")):
            answer = client.get(page)
            text = answer.content.decode()
            assert answer.status_code == 503, page
            assert answer["Retry-After"]
            assert case.number not in text
            assert "Kanaari" not in text
            assert "Mall" not in text
    assert client.get(pages[0]).status_code == 200


def test_with_the_log_locked_foreign_and_unknown_are_one_answer(client, anu):
    foreign = open_case_of(Net().worker())
    client.force_login(anu.user)
    with locked():
        answers = [
            client.get(reverse("case_detail", args=[pk])) for pk in (foreign.pk, uuid.uuid4())
        ]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].content == answers[1].content


def test_with_the_log_locked_nothing_is_written_and_the_text_comes_back(client, anu):
    case = open_case_of(anu)
    client.force_login(anu.user)
    before = AccessEvent.objects.count()
    with locked():
        answer = client.post(reverse("case_note_add", args=[case.pk]), {"text": "Minu pikk märge"})
    assert answer.status_code == 503
    assert "Minu pikk märge" in answer.content.decode()
    assert AccessEvent.objects.count() == before


def test_postgresql_does_not_wait_for_a_lock_for_ever(tmp_path):
    options = database_from("postgres://u@localhost/x", tmp_path)["OPTIONS"]
    assert "lock_timeout" in options["options"]
