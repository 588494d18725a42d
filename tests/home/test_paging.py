"""Pages of a list: whatever number is asked, the nearest real page is shown."""

import pytest

from home.reports.paging import page_of


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        *((None, 1), ("", 1), ("x", 1), ("1", 1), ("3", 3)),
        *(("-1", 1), ("0", 1), ("-999999999999999999999", 1), ("-0", 1), ("-00000000001", 1)),
        *(("4", 3), ("999999999999999999999", 3), ("00000000002", 2)),
    ],
)
def test_the_nearest_page_is_shown(asked: str | None, shown: int) -> None:
    assert page_of(list(range(25)), asked, 10).number == shown
