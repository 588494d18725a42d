"""A private model in the CMS, or a missing key, stops the start."""

import pytest
from django.core.checks import run_checks
from django.test import override_settings
from wagtail.models import ReferenceIndex
from wagtail.snippets import models as snippets

from network.models import Organisation
from portal.accounts.models import User
from portal.checks.privacy import PRIVATE_APPS, places_in_cms


def ids(deploy=False):
    return {message.id for message in run_checks(include_deployment_checks=deploy)}


def test_the_house_as_it_stands_starts():
    assert not {name for name in ids() if name and name.startswith("portal.")}


def test_cases_and_meetings_are_private():
    assert {"cases", "meetings", "audit"} <= PRIVATE_APPS


def test_a_private_model_among_the_snippets_stops_the_start(monkeypatch):
    monkeypatch.setattr(snippets, "SNIPPET_MODELS", [*snippets.SNIPPET_MODELS, User])
    assert "snippets" in places_in_cms(User)
    assert "portal.E001" in ids()


def test_a_private_model_in_the_reference_index_stops_the_start(monkeypatch):
    monkeypatch.setattr(ReferenceIndex, "tracked_models", {User})
    assert "portal.E001" in ids()


def test_a_public_model_may_stand_in_the_cms(monkeypatch):
    monkeypatch.setattr(snippets, "SNIPPET_MODELS", [*snippets.SNIPPET_MODELS, Organisation])
    assert "portal.E001" not in ids()


@pytest.mark.parametrize(
    "broken",
    [
        {"FIELD_ENCRYPTION_KEYS": {}},
        {"FIELD_ENCRYPTION_KEYS": {"a": "liiga lühike"}},
        {"FIELD_ENCRYPTION_KEYS": {"a": "bHXDvGhpa2U="}},
        {"FIELD_HASH_KEY": ""},
    ],
)
def test_a_missing_or_broken_key_stops_the_start(broken):
    with override_settings(**broken):
        assert "portal.E003" in ids()


def test_published_keys_do_not_pass_the_deploy_check():
    assert "portal.E004" in ids(deploy=True)
    mine = "bWluYS1vbGVuLXZlZ2EtcGlray12w7V0aS1taWxsZS1rZXN0"
    with override_settings(SECRET_KEY="x" * 60, FIELD_ENCRYPTION_KEYS={"2026": mine}):
        assert "portal.E004" not in ids(deploy=True)
