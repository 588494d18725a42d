"""The starter content: complete, true to the decisions table, and loaded once however often."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from catalogue.models import Cap, Component, LifeDomain, Price, Round
from home.models import ComponentPage, HelpPage
from network.models import Municipality, Offer, Organisation, RegionMunicipality
from portal.starter.source import DATA
from tests.plugins.database import kept_for_the_file

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept_for_the_file(django_db_blocker):
        call_command("load_starter", verbosity=0)
        yield


@pytest.fixture
def starter(_loaded: None, db: None) -> None:
    """Written once for this file; each test may change it."""


def counts() -> dict[str, int]:
    """Rows of every table of ours and of the page tree."""
    models = [
        model
        for label in ("catalogue", "network", "home", "accounts")
        for model in apps.get_app_config(label).get_models()
    ]
    return {model._meta.label: model._default_manager.count() for model in [*models, Page]}


def test_loading_twice_adds_nothing_and_keeps_what_an_editor_wrote(starter: None) -> None:
    page = ComponentPage.objects.get(component__code="M4")
    page.summary = "Toimetaja oma lause."
    page.save_revision().publish()
    before = counts()

    call_command("load_starter", stdout=StringIO())

    assert counts() == before
    assert ComponentPage.objects.get(component__code="M4").summary == "Toimetaja oma lause."


def test_the_components_are_those_of_the_decisions_table(starter: None) -> None:
    with (DATA / "component_decisions.csv").open(encoding="utf-8") as file:
        decided = list(csv.DictReader(file))

    assert len(decided) == 27
    for row in decided:
        component = Component.objects.get(code=row["code"])
        assert (component.slug, component.name) == (row["slug"], row["name_et"])
        assert (component.kind, component.audience) == (row["kind"], row["audience"])
        assert (component.domain.slug if component.domain else "") == row["domain_slug"]
        assert component.is_individual == ("individual" in row["forms"])
        assert component.is_group == ("group" in row["forms"])
        assert component.qualified_only == (row["qualified_only"] == "yes")
        page = ComponentPage.objects.get(component=component)
        assert page.live
        assert page.title == row["name_et"]
        assert page.summary


def test_rounds_prices_and_ceilings_are_those_decided(starter: None) -> None:
    assert [round_.slug for round_ in Round.objects.order_by("valid_from")] == [
        "2019-2021",
        "2023-2024",
        "2025-2026",
    ]
    assert Round.objects.get(valid_until=None).slug == "2025-2026"
    reference = {
        (p.component.code, p.round.slug, p.net, p.vat, p.gross) for p in Price.objects.with_round()
    }
    euros = Decimal("35.00")
    assert reference == {
        ("B1", "2023-2024", euros, Decimal(0), euros),
        ("B2", "2023-2024", euros, Decimal(0), euros),
    }
    work = Cap.objects.get(round__slug="2025-2026")
    assert (work.domain, work.yearly) == (LifeDomain.objects.get(slug="hoivatus"), Decimal(2280))
    before = Cap.objects.get(round__slug="2023-2024")
    assert (before.component.code, before.monthly, before.yearly) == (
        "H1",
        Decimal(305),
        Decimal(3660),
    )


def test_places_are_all_there_with_seats_and_a_dated_region(starter: None) -> None:
    assert Municipality.objects.count() == 79
    antsla = Municipality.objects.get(slug="antsla-vald")
    assert (antsla.ehak, antsla.ehak_before, antsla.seat) == ("0145", "0142", "Antsla")
    members = RegionMunicipality.objects.filter(region__slug="vorumaa")
    assert {row.municipality.slug for row in members} == {
        "antsla-vald",
        "rouge-vald",
        "setomaa-vald",
        "voru-linn",
        "voru-vald",
    }


def test_every_invented_organisation_is_marked(starter: None) -> None:
    assert Organisation.objects.filter(is_sample=False).count() == 0
    for provider in Organisation.objects.filter(kind="provider"):
        assert "(näidis)" in provider.name
    assert not [o.phone for o in Organisation.objects.all() if not o.phone.startswith("000 ")]


def test_a_confidential_place_has_no_address_in_the_data(starter: None) -> None:
    confidential = Offer.objects.filter(resource__is_confidential=True)

    assert confidential
    for offer in confidential.select_related("resource"):
        assert (offer.resource.address, offer.resource.lat, offer.resource.lon) == ("", None, None)


def test_offers_are_priced_only_in_forms_their_component_has(starter: None) -> None:
    for offer in Offer.objects.select_related("component").prefetch_related("prices"):
        forms = {price.form for price in offer.prices.all()}
        assert forms
        assert forms <= {form.value for form in offer.component.forms}
        for price in offer.prices.all():
            price.full_clean()


def test_only_checked_by_nobody_help_numbers_come_with_the_starter(starter: None) -> None:
    numbers = [block.value for block in HelpPage.objects.get().numbers]

    assert {number["number"] for number in numbers} == {"112", "116 111", "116 123", "1220"}
    assert all(number["checked_on"] is None and number["source"] for number in numbers)
