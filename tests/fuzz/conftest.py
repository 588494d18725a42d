"""One town for all that throws things: built once, undone after each request."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fuzz.throw import all_forms
from tests.fuzz.town import Offered, Town
from tests.fuzz.town import town as built


@pytest.fixture(scope="package")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Town]:
    """The town; whoever asks for its pages first walks through them."""
    with django_db_blocker.unblock(), built(tmp_path_factory.mktemp("town")) as it:
        yield it


@pytest.fixture(scope="package")
def forms(town: Town) -> list[Offered]:
    """Every form that somebody is offered there."""
    return all_forms(town)
