"""Foreign keys (string ones too) and migrations point down."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

from portal.checks import floors
from portal.checks.floors import FLOOR_OF, may_point, upward_migrations, upward_relations


def test_every_app_of_ours_has_a_floor():
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"portal", "catalogue", "network", "home"}
    }
    assert ours == set(FLOOR_OF)


def test_the_foreign_keys_of_the_house_point_down():
    assert upward_relations(apps.get_models(include_auto_created=True)) == []


def test_the_migrations_of_the_house_point_down():
    loader = MigrationLoader(None)
    assert upward_migrations(loader.disk_migrations.values()) == []


@pytest.mark.parametrize(
    ("source", "target", "may"),
    [
        ("network", "catalogue", True),
        ("catalogue", "network", False),
        ("cases", "meetings", False),
        ("monitoring", "cases", True),
        ("base", "accounts", False),
        ("home", "wagtailcore", True),
        ("cases", "cases", True),
    ],
)
def test_an_app_knows_only_what_stands_below_it(source, target, may):
    assert may_point(source, target) is may


@isolate_apps("catalogue")
def test_an_upward_foreign_key_is_found_by_class_and_by_name():
    class ByClass(models.Model):
        organisation = models.ForeignKey(
            apps.get_model("network.Organisation"), on_delete=models.PROTECT, related_name="+"
        )

        class Meta:
            app_label = "catalogue"

    class ByName(models.Model):
        organisations = models.ManyToManyField("network.Organisation", related_name="+")

        class Meta:
            app_label = "catalogue"

    assert upward_relations([ByClass, ByName]) == [
        "catalogue.ByClass.organisation → network",
        "catalogue.ByName.organisations → network",
    ]


def test_an_upward_foreign_key_stops_the_start(monkeypatch):
    # Seen from a house in which the network stands below the catalogue.
    monkeypatch.setitem(floors.FLOOR_OF, "network", -1)
    assert any(
        error.id == "portal.E005" and error.msg.startswith("network.Offer.component → catalogue")
        for error in run_checks()
    )


def test_an_upward_migration_is_found():
    waits = migrations.Migration("0002_waits", "catalogue")
    waits.dependencies = [("network", "0001_initial"), ("base", "0001_initial")]
    pushes = migrations.Migration("0003_pushes", "network")
    pushes.run_before = [("catalogue", "0001_initial")]
    assert upward_migrations([waits, pushes]) == [
        "catalogue.0002_waits: catalogue → network",
        "network.0003_pushes: catalogue → network",
    ]
