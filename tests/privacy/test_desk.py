"""The administrator's desk says how erasing goes; nobody else's does."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from portal.access.roles import Role
from portal.access.services import start_role
from portal.privacy.models import RetentionRun
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client):
    user = UserFactory()
    start_role(user=user, role=Role.ADMINISTRATOR, valid_from=dt.date(2020, 1, 1))
    client.force_login(user)
    return user


def desk_of(client: Client) -> str:
    return client.get("/intranet/").content.decode()


def test_what_could_not_be_erased_waits_on_the_desk(client, administrator):
    assert "Täna ei oota teid midagi." in desk_of(client)
    now = timezone.now()
    RetentionRun.objects.create(
        started_at=now, ended_at=now, counts={"kirjad": 4}, held=0, failed=1
    )
    page = desk_of(client)
    assert "Kustutati 4 kirjet." in page
    assert "1 kirjet ei saanud kustutada." in page
    assert "/intranet/sailitamine/" in page
    assert "Täna ei oota teid midagi." not in page


def test_nobody_else_reads_of_it(client):
    client.force_login(UserFactory())
    now = timezone.now()
    RetentionRun.objects.create(started_at=now, ended_at=now, counts={}, held=0, failed=1)
    assert "ei saanud kustutada" not in desk_of(client)
