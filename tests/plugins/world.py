"""The world of the permission matrix: built once for a module, put back after every test.

    def test_something(asker): asker.ask("base", "GET", "/intranet/")

The clock stands at NOW; whatever a test writes is rolled back to the world as it was built.
"""

import copy
from collections.abc import Iterator

import pytest
import time_machine
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.asking import Asker, forget_caches, undone
from tests.home.factories import SmallSite
from tests.matrix import LED_AWAY
from tests.world import NOW


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Asker]:
    """Everybody signed in, in a transaction around all tests of the module."""
    settings = override_settings(
        PRIVATE_FILES_ROOT=tmp_path_factory.mktemp("private"), SECOND_FACTOR_REQUIRED=True
    )
    with settings, django_db_blocker.unblock(), undone():
        with time_machine.travel(NOW, tick=False):
            SmallSite()
            asker = Asker(without_factor=LED_AWAY)
        yield asker
    forget_caches()


@pytest.fixture
def asker(standing: Asker, db: None) -> Iterator[Asker]:
    cookies = {name: copy.deepcopy(one.cookies) for name, one in standing.browsers.items()}
    with time_machine.travel(NOW, tick=False):
        yield standing
    # Whoever left in this test is there again in the next.
    for name, browser in standing.browsers.items():
        browser.cookies = cookies[name]
