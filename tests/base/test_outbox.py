import datetime as dt
import smtplib  # noqa: TID251 only its errors

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from portal.base import outbox
from portal.base.models import OutboxItem
from tests.base.together import at_once

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def delivered(monkeypatch):
    """A kind of item that only notes what was delivered."""
    items = []
    monkeypatch.setitem(outbox._handlers, "note", lambda item: items.append(item.pk))
    return items


@pytest.fixture
def broken(monkeypatch):
    """A kind of item whose receiver refuses with words that hold an address."""

    def refuse(item):
        raise smtplib.SMTPResponseException(451, "mari@example.org is away")

    monkeypatch.setitem(outbox._handlers, "broken", refuse)


def put(kind="note", key="", **payload):
    with transaction.atomic():
        return outbox.put(kind, payload, key=key)


@pytest.mark.django_db
def test_item_is_delivered_once(delivered, now):
    item = put(user="7")
    outbox.deliver_due(now + MINUTE)
    outbox.deliver_due(now + MINUTE)
    assert delivered == [item.pk]
    item.refresh_from_db()
    assert item.state == OutboxItem.State.SENT
    assert item.sent_at


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_deliver_each_item_once(delivered, now):
    for _ in range(20):
        put()
    done = at_once(lambda: outbox.deliver_due(now + MINUTE), 10)
    assert len(delivered) == len(set(delivered)) == 20
    assert sum(one.sent for one in done) == 20


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_when_the_change_is_rolled_back(delivered, now):
    with transaction.atomic():
        outbox.put("note", {})
        transaction.set_rollback(True)
    outbox.deliver_due(now + MINUTE)
    assert delivered == []


@pytest.mark.django_db(transaction=True)
def test_putting_outside_of_a_transaction_is_refused(delivered):
    with pytest.raises(TransactionManagementError):
        outbox.put("note", {})


@pytest.mark.django_db
def test_same_key_is_put_once(delivered):
    first, second, other = put(key="a"), put(key="a"), put(key="b")
    assert first.pk == second.pk != other.pk
    assert put().pk != put().pk


@pytest.mark.django_db(transaction=True)
def test_same_key_at_once_is_put_once(delivered):
    assert len({item.pk for item in at_once(lambda: put(key="a"), 8)}) == 1
    assert OutboxItem.objects.count() == 1


@pytest.mark.django_db
def test_unknown_kind_is_refused_when_put():
    with pytest.raises(LookupError):
        put("unheard of")


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["Mari Maasikas", "mari@example.org", 1.5, {"a": 1}, ["a b"]])
def test_payload_holds_ids_and_no_names(delivered, value):
    with pytest.raises(ValueError):
        put(field=value)


@pytest.mark.django_db
def test_failed_item_is_tried_again_later_and_later(broken, now):
    item = put("broken")
    tried_at, waits = now + MINUTE, []
    for _ in range(4):
        outbox.deliver_due(tried_at)
        item.refresh_from_db()
        waits.append((item.next_attempt_at - tried_at).total_seconds())
        tried_at = item.next_attempt_at
    assert waits == [30, 60, 120, 240]


@pytest.mark.django_db
def test_error_is_noted_without_the_words_of_the_receiver(broken, now):
    item = put("broken")
    outbox.deliver_due(now + MINUTE)
    item.refresh_from_db()
    assert item.last_error == "SMTPResponseException 451"


@pytest.mark.django_db
def test_item_is_given_up_when_a_weekend_is_over(broken):
    item = put("broken")
    began = last = item.next_attempt_at
    while item.state == OutboxItem.State.PENDING:
        last = item.next_attempt_at
        outbox.deliver_due(last)
        item.refresh_from_db()
    assert (item.state, item.attempts) == (OutboxItem.State.FAILED, outbox.MAX_ATTEMPTS)
    assert dt.timedelta(hours=60) < last - began < dt.timedelta(hours=72)
    assert (item.state, item.attempts) == (OutboxItem.State.FAILED, outbox.MAX_ATTEMPTS)


@pytest.mark.django_db
def test_broken_item_does_not_hold_up_the_others(broken, delivered, now):
    put("broken")
    item = put()
    done = outbox.deliver_due(now + MINUTE)
    assert delivered == [item.pk]
    assert (done.sent, done.put_off) == (1, 1)


@pytest.mark.django_db
def test_item_of_a_killed_worker_is_taken_over_after_its_claim(delivered, now):
    item = put()
    assert outbox._claim(OutboxItem.objects.get(), now)
    outbox.deliver_due(now + MINUTE)
    assert delivered == []
    outbox.deliver_due(now + outbox.CLAIM)
    assert delivered == [item.pk]


@pytest.mark.django_db
def test_outbox_is_stuck_when_an_item_waits_too_long(delivered, now):
    put()
    assert not outbox.is_stuck(now + 5 * MINUTE, 10 * MINUTE)
    assert outbox.is_stuck(now + 11 * MINUTE, 10 * MINUTE)
    outbox.deliver_due(now + MINUTE)
    assert not outbox.is_stuck(now + 11 * MINUTE, 10 * MINUTE)


@pytest.mark.django_db
def test_sent_items_are_forgotten_and_waiting_ones_stay(delivered, broken, now):
    put()
    outbox.deliver_due(now + MINUTE)
    waiting = put()
    outbox.prune(now + dt.timedelta(days=29))
    assert OutboxItem.objects.count() == 2
    outbox.prune(now + dt.timedelta(days=31))
    assert OutboxItem.objects.get() == waiting
