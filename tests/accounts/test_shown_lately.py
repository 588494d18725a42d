"""A session has shown who is behind it for five minutes: by the second factor if there is one."""

import time

import pytest
import time_machine
from allauth.account.internal.flows import login
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.test import RequestFactory
from django.utils import timezone

from portal.accounts.adapter import SecondFactorAdapter
from portal.accounts.second_factor import METHOD, was_shown_lately
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(client):
    """A request in the session of somebody who has shown who they are by `methods`, just now."""
    user = UserFactory()
    client.force_login(user)

    def made(*methods):
        request = RequestFactory().get("/")
        request.user, request.session = user, client.session
        request.session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        request.session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": method, "at": time.time()} for method in methods
        ]
        return request

    return made


def test_after_five_minutes_it_is_asked_again(request_of):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        request = request_of("password")
        clock.shift(300)
        assert was_shown_lately(request)
        clock.shift(1)
        assert not was_shown_lately(request)


def test_where_there_is_a_second_factor_the_password_is_not_enough(request_of):
    request = request_of("password")
    data = {"secret": "x"}
    Authenticator.objects.create(user=request.user, type=Authenticator.Type.TOTP, data=data)
    assert not was_shown_lately(request)
    assert was_shown_lately(request_of("password", METHOD))


def test_the_password_alone_takes_no_second_factor_away(request_of):
    code = Authenticator(type=Authenticator.Type.TOTP)
    with request_context(request_of("password")):
        assert not SecondFactorAdapter().can_delete_authenticator(code)
    with request_context(request_of(METHOD)):
        assert SecondFactorAdapter().can_delete_authenticator(code)
