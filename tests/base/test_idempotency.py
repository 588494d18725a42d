import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from portal.base.idempotency import once, prune
from portal.base.models import IdempotencyKey, OutboxItem
from tests.base.together import at_once

KEY = uuid.UUID("11111111-2222-4333-8444-555555555555")


def write(key=KEY, purpose="note_add", by="user-1"):
    """What a service does: one object, and its id for who asks again."""
    with transaction.atomic(), once(key, purpose=purpose, by=by) as attempt:
        if attempt.is_first:
            attempt.result = str(OutboxItem.objects.create(kind="test").pk)
    return attempt


@pytest.mark.django_db
def test_the_same_request_twice_does_its_work_once():
    first, second = write(), write()
    assert (first.is_first, second.is_first) == (True, False)
    assert first.result == second.result == str(OutboxItem.objects.get().pk)


@pytest.mark.django_db(transaction=True)
def test_the_same_request_ten_times_at_once_does_its_work_once():
    attempts = at_once(write, 10)
    assert sum(attempt.is_first for attempt in attempts) == 1
    assert {attempt.result for attempt in attempts} == {str(OutboxItem.objects.get().pk)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [{"key": uuid.uuid4()}, {"purpose": "note_remove"}, {"by": "user-2"}]
)
def test_another_key_purpose_or_person_is_another_request(other):
    assert write().result != write(**other).result
    assert OutboxItem.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_work_that_failed_can_be_tried_again():
    def fail():
        with transaction.atomic(), once(KEY, purpose="note_add", by="user-1"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not IdempotencyKey.objects.exists()
    assert write().is_first


@pytest.mark.django_db
def test_failure_caught_inside_the_transaction_leaves_no_key_behind():
    def fail():
        with once(KEY, purpose="note_add", by="user-1"):
            raise RuntimeError

    with transaction.atomic():
        with pytest.raises(RuntimeError):
            fail()
        assert write().is_first


@pytest.mark.django_db
def test_first_caller_must_leave_a_result():
    def forget():
        with once(KEY, purpose="note_add", by="user-1"):
            pass

    with pytest.raises(ValueError):
        forget()


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_it_refuses():
    def outside():
        with once(KEY, purpose="note_add", by="user-1"):
            pass

    with pytest.raises(TransactionManagementError):
        outside()


@pytest.mark.django_db
def test_key_that_is_none_is_refused():
    with pytest.raises(ValueError):
        write(key="no uuid")


@pytest.mark.django_db
def test_old_keys_are_forgotten():
    write()
    now = timezone.now()
    prune(now + dt.timedelta(days=80))
    assert not write().is_first
    prune(now + dt.timedelta(days=91))
    assert write().is_first
