"""Foreign keys and migrations only point down (docs/architecture.md)."""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

# From the ground up; apps on one floor are blind to each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("base",),
    ("search",),
    ("accounts",),
    ("access",),
    ("audit",),
    ("privacy",),
    ("catalogue",),
    ("network",),
    ("cases", "meetings"),
    ("monitoring",),
    ("home",),
    ("portal",),
)
FLOOR_OF = {label: number for number, floor in enumerate(FLOORS) for label in floor}


def may_point(source: str, target: str) -> bool:
    """May the app `source` know the app `target`? Apps that are not ours are open to all."""
    if source == target or source not in FLOOR_OF or target not in FLOOR_OF:
        return True
    return FLOOR_OF[target] < FLOOR_OF[source]


def upward_relations(models: Iterable[type[Model]]) -> list[str]:
    """The relations of `models` that point up or sideways, as "app.Model.field → app"."""
    found = []
    for model in models:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.remote_field is None:
                continue
            related = field.remote_field.model
            target = related.split(".")[0] if isinstance(related, str) else related._meta.app_label
            if not may_point(model._meta.app_label, target):
                found.append(f"{model._meta.label}.{field.name} → {target}")
    return found


def upward_migrations(migrations: Iterable[Migration]) -> list[str]:
    """The migrations that wait for an app above them, as "app.name → app"."""
    found = []
    for migration in migrations:
        label = migration.app_label
        pairs = [(label, target) for target, _name in migration.dependencies]
        pairs += [(later, label) for later, _name in migration.run_before]
        found += [
            f"{label}.{migration.name}: {source} → {target}"
            for source, target in pairs
            if not may_point(source, target)
        ]
    return found


@register(Tags.models)
def foreign_keys_point_down(
    app_configs: Iterable[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each relation to a higher floor."""
    return [
        Error(
            f"{relation} points up.", hint="Turn the arrow: docs/architecture.md.", id="portal.E005"
        )
        for relation in upward_relations(apps.get_models(include_auto_created=True))
    ]


@register(Tags.models, deploy=True)
def migrations_point_down(
    app_configs: Iterable[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With `check --deploy`: an error for each migration that waits for a higher floor."""
    loader = MigrationLoader(None)
    return [
        Error(f"{line} points up.", hint="Turn the arrow: docs/architecture.md.", id="portal.E006")
        for line in upward_migrations(loader.disk_migrations.values())
    ]
