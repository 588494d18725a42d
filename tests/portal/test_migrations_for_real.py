"""All other tests copy a template; here the migrations run, from nothing, on both databases."""

import os

from tests.plugins import templates


def test_migrations_build_the_database_from_nothing() -> None:
    here = templates.server()
    name = here.name(f"for-real-{os.getpid()}")
    try:
        templates.migrate_from_nothing(here, name)
        templates.manage(
            *("migrate", "--check"), settings="portal.settings.test", DATABASE_URL=here.url(name)
        )
    finally:
        here.drop(name)
