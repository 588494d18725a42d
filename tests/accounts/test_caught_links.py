"""Links open something, so nobody makes them up: long, keyed, and in the database as a hash."""

import hashlib

import pytest
from django.test import override_settings

from network.meetings.models import CalendarFeed
from network.meetings.services import feeds
from portal.accounts import invitations
from portal.accounts.models import Invitation
from tests.base.test_encryption import key
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

# 128 bits as hex digits.
LONG = 32


def test_a_link_of_an_invitation_is_long_and_follows_from_a_secret():
    _user, invitation = invitations.invite("uus@naidis.example", by=UserFactory())
    assert invitation is not None
    token = invitations.token_of(invitation)
    assert len(token) >= LONG
    assert token not in hashlib.sha256(str(invitation.pk).encode()).hexdigest()
    stored = Invitation.objects.get(pk=invitation.pk).token_hash
    assert stored == hashlib.sha256(token.encode()).hexdigest()
    with override_settings(FIELD_HASH_KEY=key("z")):
        assert invitations.token_of(invitation) != token


def test_an_address_of_a_calendar_is_long_and_follows_from_a_secret():
    feed = CalendarFeed.objects.create(user=UserFactory(), token_hash="x" * 64)
    token = feeds.token_of(feed.pk)
    assert len(token) >= LONG
    assert str(feed.pk) not in token
    assert feeds.hash_of(token) == hashlib.sha256(token.encode()).hexdigest()
    with override_settings(FIELD_HASH_KEY=key("z")):
        assert feeds.token_of(feed.pk) != token
