"""The edge is tested on views of its own, behind all middleware of the portal."""

import pytest
from django.db import connection


@pytest.fixture
def edge(settings):
    """The addresses of tests/base/urls.py instead of the portal's."""
    settings.ROOT_URLCONF = "tests.base.urls"


@pytest.fixture(scope="session")
def tables_sql(django_db_setup, django_db_blocker):
    """How the tables of tests/base/models.py are made; SQLite tells it outside transactions."""
    from tests.base.models import Diary, Letter

    with django_db_blocker.unblock(), connection.schema_editor(collect_sql=True) as editor:
        for model in (Diary, Diary.history.model, Letter):
            editor.create_model(model)
    return editor.collected_sql


@pytest.fixture
def tables(db, tables_sql):
    """The tables of tests/base/models.py, gone after the test."""
    with connection.cursor() as cursor:
        for statement in tables_sql:
            cursor.execute(statement)
