"""Every look at a case is written down, under a name that people can read (rules.md 8)."""

import ast
import inspect

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import path

from network.cases.acting import acting_in
from network.cases.policies import CasePolicy
from portal.access.authorization import mismatches
from portal.access.guards import signed_in
from portal.access.routes import Route, routes
from portal.audit import actions
from portal.audit.guard import case_view
from portal.audit.models import AccessEvent, AccessSubject
from portal.checks.privacy import PRIVATE_APPS, places_in_cms

ROOTS = ("network", "portal")
# What writes the log; the lists hand the code on as their third argument.
WRITERS = ("record", "record_list")


def codes_in(folder: str) -> dict[str, str]:
    """Every code that a call hands to the log, with the file it stands in."""
    found = {}
    for file in (settings.BASE_DIR / folder).rglob("*.py"):
        tree = ast.parse(file.read_text())
        texts = _assigned(tree)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in WRITERS:
                given = [word.value for word in call.keywords if word.arg == "actioncode"]
                given += call.args[2:]
                for code in given:
                    names = texts.get(getattr(code, "id", ""), set()) | _texts(code)
                    found |= dict.fromkeys(names, str(file.relative_to(settings.BASE_DIR)))
    return found


def _assigned(tree: ast.AST) -> dict[str, set[str]]:
    """The texts that a name of this file may stand for."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, set()).update(_texts(node.value))
    return found


def _texts(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def marks() -> dict[str, str]:
    """The code of each look at a case, by the name of its route."""
    return {
        route.name: route.view.audit_mark for route in routes() if hasattr(route.view, "audit_mark")
    }


def test_every_route_with_the_id_of_a_case_is_logged():
    with_case = {route.name for route in routes() if "case_id" in route.path}
    assert len(with_case) > 8
    assert with_case == set(marks())


def test_a_case_view_that_nobody_logs_is_named_by_check_routes():
    @signed_in
    def careless(request, case_id):
        return None

    route = Route("juhtumid/<uuid:case_id>/lahti/", "careless", careless, None)
    reviewed = {"routes": {"careless": "signed in"}}
    assert mismatches([route], reviewed) == [
        "/juhtumid/<uuid:case_id>/lahti/: nobody writes down who looks at this case"
    ]


def test_a_case_view_that_is_logged_passes_check_routes():
    @case_view(CasePolicy, "view", code="x", acting=acting_in)
    def careful(request, case):
        return None

    route = Route("juhtumid/<uuid:case_id>/lahti/", "careful", careful, None)
    assert mismatches([route], {"routes": {"careful": "policy:CasePolicy.view"}}) == []


def test_a_mark_without_its_guard_is_lost_with_it():
    """A decorator that forgets to pass the marks on leaves the view unguarded and unlogged."""

    @case_view(CasePolicy, "view", code="x", acting=acting_in)
    def careful(request, case):
        return None

    bare = lambda request, case_id: careful(request, case_id=case_id)  # noqa: E731
    found = mismatches([Route("juhtumid/<uuid:case_id>/", "bare", bare, None)], {"routes": {}})
    assert any("nobody guards" in line for line in found)
    assert any("nobody writes down" in line for line in found)
    assert path("x/", careful).callback.audit_mark == "x"


def test_every_action_of_the_log_has_words():
    codes = {code for folder in ROOTS for code in codes_in(folder)} | set(marks().values())
    assert {"case_open", "case_change", "case_view", "case_list", "audit_report"} <= codes
    assert codes - set(actions.known()) == set()


def test_opening_a_form_and_sending_it_have_different_names():
    acts = {code for code, file in codes_in("network").items() if "/services/" in file}
    assert {"case_change", "case_note_add", "case_note_correct", "team_member_end"} <= acts
    assert acts & set(marks().values()) == set()


@pytest.mark.parametrize("label", sorted(PRIVATE_APPS))
def test_no_private_model_is_known_to_the_cms(label):
    for model in apps.get_app_config(label).get_models(include_auto_created=True):
        known = list(places_in_cms(model))
        assert known in ([], ["views"]) if model._meta.label == "accounts.User" else known == []


def test_what_is_private_prints_as_a_number():
    for label in ("cases", "audit"):
        for model in apps.get_app_config(label).get_models():
            source = inspect.getsource(model.__str__)
            assert "self.number" in source or "self.pk" in source or "self.sequence" in source


def test_the_log_points_at_nothing_above_it():
    for model in (AccessEvent, AccessSubject):
        targets = {field.related_model for field in model._meta.fields if field.is_relation}
        assert targets <= {AccessEvent}
