"""All other tests copy a template; here is told what it is: the migrations, run from nothing."""

import os

from tests.plugins import templates


def test_migrations_build_the_database_from_nothing() -> None:
    here = templates.server()
    name = here.name(f"for-real-{os.getpid()}")
    # The template is made by every migration in turn, whenever one of them changes.
    here.copy(templates.migrated(), name)
    try:
        templates.manage(
            *("migrate", "--check"), settings="portal.settings.test", DATABASE_URL=here.url(name)
        )
    finally:
        here.drop(name)
