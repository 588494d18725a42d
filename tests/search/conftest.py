from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.search.library import Library, fill


@pytest.fixture(scope="module")
def shelf(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Library]:
    """The documents, written once for a whole file of questions and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield fill()
        transaction.set_rollback(True)


@pytest.fixture
def library(shelf: Library, db: None) -> Library:
    """The same for one test, which may write on top of it."""
    return shelf
