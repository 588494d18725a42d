"""The faults of `make mutants`: each still applies, every rule has some, each is caught by name."""

import ast
import gc
import importlib.util
import re
from pathlib import Path

import pytest

from portal.make.mutants import near, touched, workshop
from portal.make.mutants.generated import every, generated
from portal.make.mutants.mutant import DoesNotApply, Mutant, asked_twice, hints, written
from portal.make.mutants.swapping import CannotSwap, swap
from portal.make.stamps import ROOT

# Held by other means: bench and make check look after 10 (SQLite's settings) and 19 (axe), the
# person's data has tests of its own that no model may miss (16 in part).
WITHOUT = {"10", "19"}
RULES = {str(number) for number in range(1, 21)}


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return [*written(ROOT), *generated(ROOT)]


def test_every_fault_applies_once_and_leaves_python(mutants):
    wrong = []
    for mutant in mutants:
        source = (ROOT / mutant.file).read_text(encoding="utf-8")
        try:
            changed = mutant.apply(source)
            ast.parse(changed)
        except (DoesNotApply, SyntaxError) as error:
            wrong.append(f"{mutant.name}: {error}")
            continue
        if changed == source:
            wrong.append(f"{mutant.name}: changes nothing")
    assert wrong == []


def test_every_rule_has_a_fault_and_every_fault_a_name_of_its_own(mutants):
    assert RULES - {mutant.rule for mutant in mutants} == WITHOUT
    names = [mutant.name for mutant in mutants]
    assert sorted(names) == sorted(set(names))


def test_every_action_of_every_policy_has_a_fault(mutants):
    from tests.access.test_caught_rows import policies

    named = {mutant.name for mutant in mutants}
    missing = {
        f"policy {policy.__name__}.{action}" for policy in policies() for action in policy.actions
    } - named
    assert missing == set()


def test_what_is_asked_twice_is_asked_still():
    twice = asked_twice(ROOT)
    assert twice.keys() <= {mutant.name for mutant in every(ROOT)}
    assert all(twice.values())


def test_tests_that_are_named_are_there(mutants):
    known = hints(ROOT)
    gone = [
        f"{name}: {test}"
        for name, test in [
            *((mutant.name, test) for mutant in mutants for test in mutant.tests),
            *known.items(),
        ]
        if not _is_there(test)
    ]
    assert gone == []


def _is_there(test: str) -> bool:
    file, _colons, name = test.partition("::")
    path = ROOT / file
    if not path.exists():
        return False
    return not name or re.search(rf"def {re.escape(name)}\b", path.read_text()) is not None


def test_near_are_the_tests_of_the_same_name_first():
    assert near.tests_near(ROOT, "network/cases/services/notes.py")[0].startswith(
        "tests/cases/test_note"
    )
    assert near.tests_near(ROOT, "portal/accounts/limits.py")[0] == "tests/accounts/test_limits.py"


# --- A fault in a process that is loaded ------------------------------------------------------

SOURCE = """
LIMIT = 3


def guard(view):
    def inner(number):
        if number > LIMIT:
            return "refused"
        return view(number)
    return inner


@guard
def page(number):
    return f"page {number}"
"""


@pytest.fixture
def page(tmp_path: Path):
    path = tmp_path / "planted.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("planted", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(path), module.page


def test_code_inside_of_functions_is_swapped_also_behind_a_decorator(page):
    path, view = page
    assert view(5) == "refused"
    # As the loaded process does before it forks.
    gc.collect()
    gc.freeze()
    assert swap(path, SOURCE, SOURCE.replace("number > LIMIT", "False")) == 2
    assert view(5) == "page 5"


@pytest.mark.parametrize(
    ("find", "put"), [("LIMIT = 3", "LIMIT = 9"), ("@guard\n", ""), ("def page", "def leaf")]
)
def test_what_is_done_while_loading_is_not_swapped(page, find, put):
    path, _view = page
    with pytest.raises(CannotSwap):
        swap(path, SOURCE, SOURCE.replace(find, put))


# --- A copy of a tree -------------------------------------------------------------------------

CODE = "def double(number):\n    return number * 2\n"
TEST = "from doubling import double\n\n\ndef test_double():\n    assert double(3) == 6\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> workshop.Workshop:
    """A copy of a project of two files; every fault is tried from the start."""
    (tmp_path / "doubling.py").write_text(CODE)
    (tmp_path / "test_doubling.py").write_text(TEST)
    monkeypatch.setattr(workshop.Workshop, "nursery", None)
    monkeypatch.setattr(workshop, "ENV", {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    monkeypatch.setattr(workshop, "OPTIONS", ("-x", "-q", "-rfE", "-p", "no:cacheprovider"))
    return workshop.Workshop(tmp_path)


@pytest.mark.parametrize(
    ("put", "caught"),
    [("number * 3", "test_doubling.py::test_double"), ("number + number", "")],
)
def test_a_fault_is_planted_found_or_not_and_taken_out_again(shop, put, caught):
    mutant = Mutant("m", "2", "…", "doubling.py", "number * 2", put, is_cold=True)
    assert shop.plant(mutant, ["test_doubling.py"]).test == caught
    assert (shop.folder / "doubling.py").read_text() == CODE


def test_a_fault_that_does_not_load_has_told_nothing(shop):
    mutant = Mutant("m", "2", "…", "doubling.py", "number * 2", "number *", is_cold=True)
    outcome = shop.plant(mutant, ["test_doubling.py"])
    assert outcome.broken
    assert not outcome.test


# --- Tests that ran the line ------------------------------------------------------------------


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What `make touched` would have written of one line of one file."""
    from coverage import CoverageData

    touched._tests_by_line.cache_clear()
    touched._seconds.cache_clear()
    monkeypatch.setattr(touched, "LINES", tmp_path / "lines")
    monkeypatch.setattr(touched, "TIMES", tmp_path / "times.xml")
    data = CoverageData(str(tmp_path / "lines"))
    for name in ("tests/a/test_a.py::slow", "tests/a/test_a.py::quick[1]", "tests/test_b.py::new"):
        data.set_context(f"{name}|run")
        data.add_lines({str(ROOT / "portal/base/memo.py"): [12]})
    data.write()
    (tmp_path / "times.xml").write_text(
        '<t><testcase classname="tests.a.test_a" name="slow" time="5"/>'
        '<testcase classname="tests.a.test_a" name="quick[1]" time="0.1"/></t>'
    )
    yield
    touched._tests_by_line.cache_clear()
    touched._seconds.cache_clear()


def fault(line: int) -> Mutant:
    return Mutant("x", "1", "x", "portal/base/memo.py", "a", "b", line=line)


@pytest.mark.parametrize("line", [12, 10, 14])
def test_the_quickest_test_that_ran_the_line_is_asked_first(known, line):
    assert touched.tests_that_ran(fault(line)) == [
        "tests/a/test_a.py::quick[1]",
        "tests/test_b.py::new",
        "tests/a/test_a.py::slow",
    ]


def test_what_no_test_ran_is_asked_of_what_is_near(known):
    assert touched.tests_that_ran(fault(60)) == []


def test_no_file_of_tests_takes_all_the_places():
    many = [f"tests/a.py::{number}" for number in range(50)] + ["tests/b.py::1"]
    assert touched.quickest_of_each_file(many) == [*many[:3], "tests/b.py::1"]
