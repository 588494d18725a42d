"""Nobody works out a small number from what is published: not by sums, not knowing the code."""

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.disclosure import (
    HELD_BACK,
    SMALL,
    Figure,
    Published,
    protect,
    protect_list,
    protect_number,
)

EVERY_SMALL = set(range(5))


def words(published: Published) -> list[list[str]]:
    """The published table with its totals at the end of each row and below."""
    lines = [*zip(published.cells, published.rows, strict=True)]
    lines.append((published.columns, published.total))
    return [[word(figure) for figure in (*figures, total)] for figures, total in lines]


def word(figure: Figure) -> str:
    if figure.is_small:
        return "<5"
    return str(figure.value) if figure.is_shown else "-"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "<5"),
        (1, "<5"),
        (4, "<5"),
        (5, "5"),
        (7, "5"),
        (8, "10"),
        (12, "10"),
        (13, "15"),
        (998, "1000"),
    ],
)
def test_a_number_is_rounded_to_five_and_below_five_is_one_word(count: int, shown: str) -> None:
    assert word(protect_number(count)) == shown


@pytest.mark.parametrize("count", [-1, 2.5, "3", None, True, 10**9])
def test_only_counts_are_taken(count: object) -> None:
    with pytest.raises(ValueError):
        protect_number(count)  # type: ignore[arg-type]


def test_rows_of_different_length_are_no_table() -> None:
    with pytest.raises(ValueError):
        protect([[1, 2], [3]])


def test_a_figure_refuses_arithmetic_so_no_share_or_average_is_made_of_it() -> None:
    for wrong in (
        lambda: protect_number(8) / 2,  # type: ignore[operator]
        lambda: sum([protect_number(8)]),  # type: ignore[list-item]
        lambda: int(protect_number(8)),  # type: ignore[call-overload]
        lambda: protect_number(8) < protect_number(9),  # type: ignore[operator]
    ):
        with pytest.raises(TypeError):
            wrong()


def test_one_small_number_beside_a_large_one_takes_the_total_away() -> None:
    assert protect_list([3, 20]) == ((SMALL, Figure(20)), HELD_BACK)


def test_two_small_numbers_take_the_total_away_whatever_it_is() -> None:
    # 4 + 4 shown as 10 would say both; and were the total shown when it is small,
    # a total held back would say the same.
    for pair in itertools.product(range(5), repeat=2):
        assert protect_list(pair) == ((SMALL, SMALL), HELD_BACK)


def test_small_numbers_enough_to_hide_behind_each_other_keep_their_total() -> None:
    assert protect_list([1, 2, 1, 0, 2]) == ((SMALL,) * 5, Figure(5))
    assert protect_list([1, 0, 1, 0, 0]) == ((SMALL,) * 5, SMALL)
    # Nearly all at their highest: 20 would say that each is four.
    assert protect_list([4, 4, 4, 4, 4]) == ((SMALL,) * 5, HELD_BACK)


def test_a_total_does_not_give_the_part_away_by_its_rounding() -> None:
    # 5 to 7 less 5 to 7 leaves two at most: 4 would be out of the question.
    assert protect_list([0, 5])[1] == HELD_BACK


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    assert words(protect([[5, 8], [23, 12]])) == [
        ["5", "10", "15"],
        ["25", "10", "35"],
        ["30", "20", "50"],
    ]


def test_a_table_of_nothing_shows_nothing() -> None:
    assert words(protect([[0] * 3] * 3)) == [["<5"] * 4] * 4
    assert words(protect([[0, 0]])) == [["<5", "<5", "-"], ["<5", "<5", "-"]]


@pytest.mark.parametrize(("count", "shown"), [(0, "<5"), (4, "<5"), (5, "5"), (9, "10")])
def test_a_table_of_one_cell_says_the_same_four_times(count: int, shown: str) -> None:
    assert words(protect([[count]])) == [[shown, shown], [shown, shown]]


def test_an_empty_table_is_no_error() -> None:
    assert protect([]).cells == ()
    assert protect([[], []]).cells == ((), ())
    assert protect_list([]) == ((), SMALL)


def test_one_column_is_treated_as_one_row() -> None:
    column, row = protect([[3], [20], [1]]), protect([[3, 20, 1]])

    assert column.columns == (row.total,)
    assert [line[0] for line in column.cells] == list(row.cells[0])
    assert column.rows == row.cells[0]


def test_columns_do_not_give_away_what_rows_hide() -> None:
    published = protect([[3, 12, 6], [9, 2, 11], [14, 8, 1]])

    assert [published.cells[at][at] for at in range(3)] == [SMALL] * 3
    assert HELD_BACK in (*published.rows, *published.columns, published.total)


@pytest.mark.parametrize(
    ("tall", "wide", "most"), [(1, 2, 12), (1, 3, 12), (1, 4, 7), (2, 2, 7), (3, 1, 12)]
)
def test_who_knows_the_code_and_tries_every_table_still_learns_no_small_number(
    tall: int, wide: int, most: int
) -> None:
    """All tables that come out alike: each small number is anything from 0 to 4 among them."""
    seen: dict[Published, list[list[int]]] = defaultdict(list)
    for flat in itertools.product(range(most + 1), repeat=tall * wide):
        table = [flat[row * wide : (row + 1) * wide] for row in range(tall)]
        seen[protect(table)].append(list(flat))
    # `most` ends a stretch (5 to 7, 8 to 12), so nothing that comes out alike was left untried.
    for published, tables in seen.items():
        for at, figure in enumerate(itertools.chain(*published.cells)):
            if figure.is_small:
                assert {table[at] for table in tables} == EVERY_SMALL
        sums = {sum(table) for table in tables}
        # A total is not small at all, or may be any small number.
        assert sums & EVERY_SMALL in (set(), EVERY_SMALL)


def possible(figure: Figure) -> range:
    if figure.is_small:
        return range(5)
    if figure.value is None:
        return range(10**6)
    return range(max(5, figure.value - 2), figure.value + 3)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([(2, 2), (2, 3), (3, 2)]).flatmap(
        lambda size: st.lists(
            st.lists(
                st.sampled_from([0, 1, 2, 3, 4, 5, 7, 8, 12, 16]),
                min_size=size[1],
                max_size=size[1],
            ),
            min_size=size[0],
            max_size=size[0],
        )
    )
)
def test_sums_leave_every_small_number_open(counts: list[list[int]]) -> None:
    """By hand and not by flows: every table of possible cells whose sums fit the totals."""
    published = protect(counts)
    wide = len(counts[0])
    cells = list(itertools.chain(*published.cells))
    found: list[set[int]] = [set() for _cell in cells]
    for flat in itertools.product(*(possible(figure) for figure in cells)):
        rows = [sum(flat[at : at + wide]) for at in range(0, len(flat), wide)]
        columns = [sum(flat[at::wide]) for at in range(wide)]
        if (
            sum(flat) in possible(published.total)
            and all(one in possible(f) for one, f in zip(rows, published.rows, strict=True))
            and all(one in possible(f) for one, f in zip(columns, published.columns, strict=True))
        ):
            for values, value in zip(found, flat, strict=True):
                values.add(value)
    for figure, values in zip(cells, found, strict=True):
        assert not figure.is_small or values == EVERY_SMALL


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=3, max_size=6))
def test_what_is_shown_is_true_and_the_same_every_time(counts: list[list[int]]) -> None:
    published = protect(counts)

    for line, figures in zip(counts, published.cells, strict=True):
        assert [protect_number(count) for count in line] == list(figures)
    for count, figure in [
        *zip(map(sum, counts), published.rows, strict=True),
        *zip(map(sum, zip(*counts, strict=True)), published.columns, strict=True),
        (sum(map(sum, counts)), published.total),
    ]:
        assert figure in (HELD_BACK, protect_number(count))
    assert protect([tuple(line) for line in counts]) == published


def test_one_more_below_five_is_lost_in_the_rounding() -> None:
    before = [[0, 12, 1, 0, 3], [1, 0, 0, 1, 9], [20, 1, 2, 3, 0]]
    after = [[1, 12, 1, 0, 3], [1, 0, 0, 1, 9], [20, 1, 2, 3, 0]]

    assert protect(before) == protect(after)


def test_a_region_of_eight_municipalities_and_twenty_seven_services_is_done() -> None:
    counts = [[(row * 7 + column * 5) % 13 for column in range(8)] for row in range(27)]

    published = protect(counts)

    assert len(published.rows) == 27
    assert published.total == protect_number(sum(map(sum, counts)))
