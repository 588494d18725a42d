from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.plugins.database import kept_for_the_file
from tests.search.library import Library, fill


@pytest.fixture(scope="module")
def shelf(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Library]:
    """The documents, written once for a whole file of questions and taken back after it."""
    with kept_for_the_file(django_db_blocker):
        yield fill()


@pytest.fixture
def library(shelf: Library, db: None) -> Library:
    """The same for one test, which may write on top of it."""
    return shelf
