"""Make everything ready to serve; what has not changed since the last time is left alone."""

import compileall
import json
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import trans_real

from portal.make.stamps import ROOT, STAMPS, Stamp, fingerprint
from portal.make.terminal import step
from portal.starter.people import PEOPLE

CODE = [ROOT / name for name in ("portal", "catalogue", "network", "home")]
STARTER = ROOT / "portal" / "starter"


class Command(BaseCommand):
    """See the module's own words."""

    help = "Translations, static files, database and starter content, in this order."
    # Everything here must also work where nothing has been migrated yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--files-only", action="store_true", help="Leave the database alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        compile_code()
        compile_translations()
        build_assets()
        collect_static()
        if options["files_only"]:
            return
        try:
            migrate()
            load_starter()
            list_people()
        except OperationalError as error:
            raise CommandError(f"The database does not answer as it should: {error}") from error


def compile_code() -> None:
    """Bytecode at set-up: no page waits for it later."""
    with step("Bytecode") as this:
        stamp = Stamp(STAMPS / "bytecode", _python_files())
        if stamp.fits():
            this.skip()
            return
        for folder in CODE:
            compileall.compile_dir(folder, quiet=2, workers=1)
        stamp.set()


def _python_files() -> str:
    return fingerprint(sorted(file for folder in CODE for file in folder.rglob("*.py")))


def compile_translations() -> None:
    """Turn locale/*.po into what gettext reads."""
    sources = sorted((ROOT / "locale").rglob("*.po"))
    stamp = Stamp(STAMPS / "translations", fingerprint(sources))
    with step("Translations") as this:
        if stamp.fits() and all(po.with_suffix(".mo").exists() for po in sources):
            this.skip()
            return
        call_command("compile_translations", verbosity=0, stdout=StringIO())
        stamp.set()
    # A catalogue read before is forgotten, or this very process would go on without Estonian.
    trans_real._translations = {}  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]


def build_assets() -> None:
    """Take icons and the like out of the packages that ship them."""
    made = Path(settings.BASE_DIR) / "build" / "static"
    maker = ROOT / "portal" / "management" / "commands" / "build_assets.py"
    names = ROOT / "portal" / "templatetags" / "ui.py"
    stamp = Stamp(STAMPS / "assets", fingerprint([ROOT / "requirements.lock", maker, names]))
    with step("Icons and scripts from packages") as this:
        if stamp.fits() and made.is_dir():
            this.skip()
            return
        call_command("build_assets", verbosity=0, stdout=StringIO())
        stamp.set()


def static_fingerprint() -> str:
    """Return the hash of everything that the collected static files are made from."""
    ours = [folder / "static" for folder in CODE if (folder / "static").is_dir()]
    built = [Path(folder) for folder in settings.STATICFILES_DIRS]
    return fingerprint([*ours, *built, ROOT / "requirements.lock"])


def collect_static() -> None:
    """Gather, name by content and compress the static files."""
    root = Path(settings.STATIC_ROOT)
    # Each folder has a stamp of its own: tests collect into folders of theirs.
    place = fingerprint([], str(root), settings.STORAGES["staticfiles"]["BACKEND"])[:16]
    stamp = Stamp(STAMPS / f"static-{place}", static_fingerprint())
    with step("Static files") as this:
        if stamp.fits() and root.is_dir():
            this.skip()
            return
        # Old files stay: a site that is running now goes on asking for them by their old names.
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.set()


def migrate() -> None:
    """Bring the database to today's shape."""
    with step(f"Database ({connection.display_name})") as this:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        else:
            this.skip("up to date")
        if isinstance(caches["default"], DatabaseCache):
            call_command("createcachetable", verbosity=0)


def load_starter() -> None:
    """Load the starter content; a database that has today's version of it is left alone."""
    stamp = Stamp(
        Path(settings.DATA_DIR) / "starter.stamp",
        fingerprint([STARTER], str(connection.settings_dict["NAME"]), connection.vendor),
    )
    with step("Starter content") as this:
        if stamp.fits() and apps.get_model("catalogue", "Component").objects.exists():
            this.skip("already loaded")
            return
        call_command("load_starter", verbosity=0)
        stamp.set()


def list_people() -> None:
    """Note for the runner whom one can sign in as, and what one sees then."""
    people = [
        {"email": person.email, "role": person.role, "story": person.story}
        for person in PEOPLE
        if apps.get_model("accounts", "User").objects.filter(email=person.email).exists()
    ]
    file = Path(settings.DATA_DIR) / "demo-people.json"
    file.write_text(json.dumps(people, ensure_ascii=False, indent=1))
