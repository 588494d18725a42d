"""The edge is tested on views of its own, behind all middleware of the portal."""

import pytest
from django.db import connection


@pytest.fixture
def edge(settings):
    """The addresses of tests/base/urls.py instead of the portal's."""
    settings.ROOT_URLCONF = "tests.base.urls"


@pytest.fixture
def tables(transactional_db):
    """The tables of tests/base/models.py; the copied database after the test has none of them."""
    from tests.base.models import Diary, Letter

    with connection.schema_editor() as editor:
        for model in (Diary, Diary.history.model, Letter):
            editor.create_model(model)
