import threading
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalogue.models import LifeDomain
from portal.base import content_version
from portal.base.memo import per_content_version
from portal.base.models import ContentVersion


@pytest.mark.django_db
def test_the_row_is_there_from_the_first_migration():
    assert ContentVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_version_is_asked_for_once_a_second(monkeypatch):
    clock = [50.0]
    monkeypatch.setattr(content_version.time, "monotonic", lambda: clock[0])
    content_version.forget()
    with CaptureQueriesContext(connection) as queries:
        content_version.current()
        content_version.current()
        assert len(queries) == 1
        clock[0] += 1.1
        content_version.current()
        assert len(queries) == 2


@pytest.mark.django_db(transaction=True)
def test_other_threads_do_not_learn_a_version_before_its_commit():
    before = content_version.current()
    seen = []

    def look():
        seen.append(content_version.current())
        connection.close()

    with transaction.atomic():
        content_version.move_on()
        assert content_version.current() != before
        content_version.forget()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [before]
    assert content_version.current() != before


@pytest.mark.django_db
def test_version_never_comes_back_after_a_rollback():
    first = content_version.current()
    savepoint = transaction.savepoint()
    content_version.move_on()
    rolled_back = content_version.current()
    transaction.savepoint_rollback(savepoint)
    content_version.move_on()
    assert len({first, rolled_back, content_version.current()}) == 3


@pytest.mark.django_db
def test_what_is_rolled_back_to_a_savepoint_is_not_told_any_more():
    before = content_version.current()
    with transaction.atomic():
        content_version.move_on()
        assert content_version.current() != before
        transaction.set_rollback(True)
    assert content_version.current() == before


@pytest.mark.django_db(transaction=True)
def test_a_function_in_a_transaction_learns_what_happened_between_its_calls():
    @transaction.atomic
    def ask():
        return content_version.current()

    before = ask()
    ContentVersion.objects.update(value=uuid.uuid4())
    assert ask() == ContentVersion.objects.get().value.hex != before


@pytest.mark.django_db
def test_missing_row_reads_as_empty_and_the_next_change_makes_it():
    ContentVersion.objects.all().delete()
    assert content_version.current() == ""
    content_version.move_on()
    assert content_version.current() == ContentVersion.objects.get().value.hex


@pytest.mark.django_db
def test_saving_and_deleting_a_watched_row_moves_on():
    content_version.watch(LifeDomain)
    versions = [content_version.current()]
    domain = LifeDomain.objects.create(slug="katse", name="Katse")
    versions.append(content_version.current())
    domain.delete()
    versions.append(content_version.current())
    assert len(set(versions)) == 3


@pytest.mark.django_db
def test_memo_asks_again_after_a_public_change():
    asked = []

    @per_content_version
    def question(word):
        asked.append(word)
        return len(asked)

    assert [question("a"), question("a"), question("b")] == [1, 1, 2]
    content_version.move_on()
    assert question("a") == 3


@pytest.mark.django_db
def test_memo_keeps_nothing_while_there_is_no_version():
    ContentVersion.objects.all().delete()
    answers = iter([1, 2])
    question = per_content_version(lambda: next(answers))
    assert [question(), question()] == [1, 2]
