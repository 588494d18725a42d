"""A wrong import makes `lint-imports` fail, whichever way it is wrong."""

import pytest

from tests.fences.tree import copy_tree, plant, run

LINT = (
    "-c",
    "from importlinter.cli import lint_imports_command; lint_imports_command()",
    "--no-cache",
    "--no-logo",
)
# Importer, imported.
WRONG = {
    "the ground sees the catalogue": ("portal.base.files", "catalogue.models"),
    "the catalogue sees the network": ("catalogue.querysets", "network.models"),
    "the network sees the cases": ("network.querysets", "network.cases"),
    "cases see meetings": ("network.cases.models", "network.meetings.apps"),
    "home sees cases": ("home.views.pages", "network.cases"),
    "access sees audit": ("portal.access.policies", "portal.audit.apps"),
    "accounts see access": ("portal.accounts.models", "portal.access.policies"),
    "somebody sees the roof": ("home.querysets", "portal.urls"),
    "a queryset sees its models": ("catalogue.querysets", "catalogue.models.component"),
    "a report sees a view": ("home.reports.news", "home.views.pages"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return copy_tree(tmp_path_factory.mktemp("tree"))


def test_the_imports_of_the_house_only_point_down(tree):
    result = run(tree, *LINT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("importer", "imported"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_import_is_found(tree, importer, imported):
    file = tree / f"{importer.replace('.', '/')}.py"
    before = file.read_text() if file.exists() else None
    plant(tree, file.relative_to(tree), f"import {imported}")
    try:
        result = run(tree, *LINT)
    finally:
        file.unlink() if before is None else file.write_text(before)
    assert result.returncode == 1, result.stdout
    assert f"- {importer} -> {imported}" in " ".join(result.stdout.split())


def test_a_new_module_of_the_network_has_to_be_given_its_place(tree):
    plant(tree, "network/drawer.py", "import network.models")
    result = run(tree, *LINT)
    (tree / "network" / "drawer.py").unlink()
    assert result.returncode == 1
    assert "drawer" in result.stdout
