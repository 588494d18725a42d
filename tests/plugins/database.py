"""Every worker gets a copy of the migrated template; so does every test that really commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connections, transaction
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from portal.base import content_version
from tests.plugins import templates


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Take the place of pytest-django's own: copy instead of migrating each time."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    here = templates.server(tmp_path_factory.mktemp("database"))
    name, template = here.name(worker), templates.migrated()
    here.copy(template, name)
    connections["default"].settings_dict["NAME"] = name
    connections["default"].settings_dict["TEST"]["NAME"] = name

    def start_afresh(self: TransactionTestCase) -> None:
        _close_all()
        here.copy(template, name)
        ContentType.objects.clear_cache()

    original: Callable[..., Any] = TransactionTestCase._fixture_teardown
    # Flushing 150 tables is slower than a copy, and would lose what migrations have put in.
    TransactionTestCase._fixture_teardown = start_afresh
    yield
    TransactionTestCase._fixture_teardown = original
    with django_db_blocker.unblock():
        _close_all()
    here.drop(name)


@contextmanager
def kept_for_the_file(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written in here stands for all tests of a file and is taken back after the last.

    For fixtures of the scope `module`; each test still writes on a savepoint of its own.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def _close_all() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """What one test has put into a cache (pages, rate limits) no other test may see."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()
    content_version.forget()
