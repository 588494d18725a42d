import datetime as dt

import pytest
from django.db import DatabaseError
from django.utils import timezone

from portal.base.models import OutboxItem
from portal.views import health


def test_process_says_that_it_is_alive_without_a_query(client):
    # Without the django_db mark any query would fail.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_site_names_its_checks_and_nothing_else(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    names = ("database", "migrations", "cache", "outbox")
    assert response.json() == {"ok": True, "checks": dict.fromkeys(names, True)}


@pytest.mark.django_db
@pytest.mark.parametrize("check", ["_database_answers", "_migrations_applied", "_cache_keeps"])
def test_failed_check_is_not_ready_and_tells_no_reason(client, monkeypatch, check):
    def fail():
        raise DatabaseError("host db.internal refused")

    monkeypatch.setattr(health, check, fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert sorted(response.json()["checks"].values()) == [False, True, True, True]
    assert b"internal" not in response.content


@pytest.mark.django_db
def test_missing_migration_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_seen_applied", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert client.get("/readyz").json()["checks"]["migrations"] is False
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [])
    assert client.get("/readyz").json()["checks"]["migrations"] is True


@pytest.mark.django_db
def test_outbox_that_nobody_empties_is_not_ready(client):
    long_ago = timezone.now() - dt.timedelta(minutes=11)
    item = OutboxItem.objects.create(kind="mail", next_attempt_at=long_ago)
    assert client.get("/readyz").json()["checks"]["outbox"] is False
    OutboxItem.objects.filter(pk=item.pk).update(state=OutboxItem.State.SENT)
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_robots_stay_out_of_the_private_half_and_of_the_demo(client, settings):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /intranet/" in text
    assert "Disallow: /\n" not in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    settings.IS_DEMO = True
    assert "Disallow: /\n" in client.get("/robots.txt?demo").content.decode()
