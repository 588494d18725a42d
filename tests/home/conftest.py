import copy
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.home.factories import SmallSite
from tests.plugins.database import kept_for_the_file


@pytest.fixture(scope="module")
def small_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallSite]:
    """The fixed pages, published once for a whole file of tests and taken back after it."""
    with kept_for_the_file(django_db_blocker):
        yield SmallSite()


@pytest.fixture
def site(small_site: SmallSite, db: None) -> SmallSite:
    """A published site with its fixed pages and nothing else, for one test to write on."""
    return copy.deepcopy(small_site)
