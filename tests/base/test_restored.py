"""What a database that was brought back puts in order before anybody is served."""

import datetime as dt
import uuid
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from network.cases.models.link import token_of as token_of_link
from network.cases.services import links
from portal.accounts.invitations import NotOpen, find_open, invite, token_of
from portal.accounts.models import User
from portal.base import content_version, due, outbox, restored
from portal.base.models import DueJob, OutboxItem
from tests.cases.factories import Net, open_case_of


def make_user(email):
    return User.objects.create_user(email)


pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(monkeypatch):
    """A kind of item that only notes what was delivered."""
    delivered = []
    monkeypatch.setitem(outbox._handlers, "note", lambda item: delivered.append(item.pk))
    with transaction.atomic():
        outbox.put("note", {"letter": "reminder"})
    return delivered


def test_letters_that_waited_are_held_back_until_somebody_decides(letters):
    now = timezone.now()
    restored.settle(now)
    outbox.deliver_due(now)
    assert letters == []
    assert not outbox.is_stuck(now + dt.timedelta(days=2), dt.timedelta(minutes=10))
    said = StringIO()
    call_command("held_letters", stdout=said)
    assert "1 reminder" in said.getvalue()
    call_command("held_letters", "--send", stdout=said)
    outbox.deliver_due(timezone.now())
    assert len(letters) == 1


def test_held_letters_can_be_dropped(letters):
    restored.settle(timezone.now())
    call_command("held_letters", "--drop", stdout=StringIO())
    call_command("held_letters", "--send", stdout=StringIO())
    outbox.deliver_due(timezone.now())
    assert letters == []
    assert OutboxItem.objects.get().state == OutboxItem.State.FAILED


def test_letters_leave_where_that_was_asked_for(letters):
    restored.settle(timezone.now(), without={"outbox"})
    outbox.deliver_due(timezone.now())
    assert len(letters) == 1


def test_nobody_is_signed_in_any_more(client):
    user = make_user("worker@example.org")
    client.force_login(user)
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=client.session.session_key)
    assert client.get("/intranet/").status_code == 200
    restored.settle(timezone.now())
    assert client.get("/intranet/").status_code == 302
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_a_link_that_may_have_been_used_opens_nothing():
    _user, invitation = invite("new@example.org", by=make_user("lead@example.org"))
    now = timezone.now()
    assert find_open(token_of(invitation), now)
    restored.settle(now)
    with pytest.raises(NotOpen):
        find_open(token_of(invitation), now)


def test_daily_jobs_do_not_write_their_letters_a_second_time(monkeypatch):
    ran = []
    monkeypatch.setattr(due, "_jobs", {})
    due.register("daily", lambda now: ran.append("daily"), every=dt.timedelta(days=1))
    due.register("often", lambda now: ran.append("often"), every=dt.timedelta(minutes=5))
    now = timezone.now()
    for name in ("daily", "often"):
        DueJob.objects.create(name=name, next_run_at=now - dt.timedelta(hours=3))
    restored.settle(now)
    due.run_due(now)
    assert ran == ["often"]
    due.run_due(now + dt.timedelta(days=1))
    assert ran == ["often", "daily", "often"]


def test_pages_kept_elsewhere_are_not_shown_any_more():
    before = content_version.current()
    restored.settle(timezone.now())
    assert content_version.current() != before


def test_what_nobody_outside_notices_is_not_held_back(monkeypatch):
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "_repeatable", set())
    removed = []
    outbox.register("removal", lambda item: removed.append(item.pk), repeatable=True)
    with transaction.atomic():
        outbox.put("removal", {"name": "ab/cd"})
    restored.settle(timezone.now())
    outbox.deliver_due(timezone.now())
    assert len(removed) == 1


def test_a_link_of_a_person_opens_nothing_after_a_restore():
    anu = Net().worker()
    case = open_case_of(anu)
    link = links.add_case_link(case, language="et", days=7, by=anu.user, key=uuid.uuid4())
    assert links.find_waiting(token_of_link(link), timezone.now()) == link
    restored.settle(timezone.now())
    with pytest.raises(links.NotOpen):
        links.find_waiting(token_of_link(link), timezone.now())
