"""`make bench`: its wishes, its judgement and its page; the measuring is a run of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from portal.make.bench import __main__ as bench
from portal.make.bench import asking, plain, telling
from portal.make.bench.pages import asked_of, misses
from portal.make.terminal import Trouble
from tests.home.factories import SmallSite
from tests.network.factories import ComponentFactory

WORLD = {"personas": {"team_member": {"mine": {"case_id": "0000"}}}}


def costs(**changed: float) -> dict[str, dict[str, Any]]:
    """Every page at one price, but for the milliseconds given by key."""
    return {
        page.key: {
            "a_second": 100.0,
            "web_ms": changed.get(page.key, 2.0),
            "database_ms": 0.0,
            "statements": 0,
            "size": 1000,
        }
        for page in asked_of(WORLD)
    }


@pytest.mark.parametrize("text", ["", "x", "0", "1,two", "-1"])
def test_scales_that_are_no_numbers_get_one_sentence(text: str) -> None:
    with pytest.raises(Trouble, match="SCALES is a list"):
        bench.wanted_scales(text)


def test_scales_are_measured_from_small_to_large_and_once_each() -> None:
    assert bench.wanted_scales("100, 1,10,1") == [1, 10, 100]


def test_unknown_database_gets_one_sentence() -> None:
    with pytest.raises(Trouble, match="DB is one of"):
        bench.wanted_databases("oracle")


def test_one_time_code_is_that_of_the_standard() -> None:
    # RFC 6238, appendix B: the last six of the eight digits at 59 seconds.
    assert asking.code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1) == "287082"


def test_what_keeps_to_its_budget_is_not_named() -> None:
    assert misses(asked_of(WORLD), {"1": costs(), "100": costs()}, "100") == []


def test_a_page_that_grows_is_named_with_its_figure() -> None:
    told = misses(asked_of(WORLD), {"1": costs(), "100": costs(my_cases=2.5)}, "100")
    assert len(told) == 1
    assert told[0].startswith("My cases (private): processor time grows by 25% from 1× to 100×")


def test_ten_percent_more_is_borne() -> None:
    assert misses(asked_of(WORLD), {"1": costs(), "100": costs(my_cases=2.2)}, "100") == []


def test_too_many_statements_a_slow_kept_page_and_a_heavy_map_are_named() -> None:
    last = costs()
    last["catalogue_made"]["statements"] = 7
    last["front_kept"]["a_second"] = 60.0
    last["map_data_made"]["size"] = 100_001
    told = misses(asked_of(WORLD), {"1": last}, "1")
    assert [line.partition(":")[0] for line in told] == [
        "Front page (kept)",
        "Catalogue list (made)",
        "Map data",
    ]


def test_the_page_gets_new_tables_between_its_marks_and_keeps_its_words(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"# Words\n\n{telling.BEGIN}\nold\n{telling.END}\n\nMore words\n")
    told = {"sqlite": {"1": costs(), "10": costs(desk=3.0)}}
    telling.write_page(page, told, asked_of(WORLD))
    text = page.read_text()
    assert text.startswith("# Words\n")
    assert text.endswith("More words\n")
    assert "old" not in text
    assert "| Desk | 2.00 | 3.00 | +50% **!** |" in text
    assert "| Desk | 1,50 | 1,50 | 1,50 |" in text


def test_the_document_has_its_marks() -> None:
    text = bench.PAGE.read_text()
    assert text.index(telling.BEGIN) < text.index(telling.END)


def test_processor_time_of_the_own_session_is_counted() -> None:
    busy = "import sys\nfor _line in sys.stdin: print(sum(range(3_000_000)), flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", busy],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        assert child.stdin
        assert child.stdout
        assert set(asking.processes_of(child.pid)) == {child.pid}
        before = asking.spent_by(child.pid)
        child.stdin.write("\n")
        child.stdin.flush()
        child.stdout.readline()
        assert asking.spent_by(child.pid) > before
        child.stdin.close()
    assert asking.spent_by(None) == 0.0


@pytest.mark.django_db
def test_plain_pages_answer() -> None:
    site = SmallSite()
    request = RequestFactory().get("/", HTTP_HOST="localhost")
    assert plain.hello(request).content == b"Tere"
    ComponentFactory(name="Esimene")
    assert b"Esimene" in plain.plain_list(request).content
    assert site.map.title.encode() in plain.wagtail_page(request, "kaart").content
