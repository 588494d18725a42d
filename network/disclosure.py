"""Numbers about people leave only through here: no small number can be worked out. Rules, 15.

    published = protect(counts)                  # a table: rows × columns of counts
    figures, total = protect_list(counts)        # one line of counts with its total
    figure = protect_number(count)               # one number that stands alone

What is published of a count: below five, zero too, is "below five" and nothing else; the rest is
rounded to 5, so that 10 stands for 8 to 12. That alone says of a cell no more than its own label.
A total says more, because it is a sum: it is held back where it would help to work out a small
number. Totals are rounded for themselves and need not be the sum of what is shown.

The check is exact, also against a reader who knows this code. Totals are released one after the
other. For each, the values that it may have by what is published already are cut into stretches,
one for each label it could get; a stretch is safe if within it everything small can still be
anything from 0 to 4. An unsafe stretch is joined to its neighbour, and a joined stretch is not
shown. Because the true total has no say in where the cuts are, a total that is not shown tells
nothing beyond its stretch either. "Can still be" is a flow through a network, source → rows →
columns → sink: it finds the largest and smallest value of each cell by which all sums come out.

No averages and no percentages: they would give the parts away, and a `Figure` refuses arithmetic.
One set of counts is published in one way only: never a second table that cuts it differently.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

LEAST = 5
STEP = 5
BOUNDLESS = 10**9

Counts = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Figure:
    """One published number: `value` rounded to 5, or below five (`is_small`), or held back."""

    value: int | None = None
    is_small: bool = False

    @property
    def is_shown(self) -> bool:
        return self.value is not None


SMALL = Figure(is_small=True)
HELD_BACK = Figure()


@dataclass(frozen=True)
class Published:
    """A table as everybody may see it. `rows` and `columns` are the totals of the lines."""

    cells: tuple[tuple[Figure, ...], ...]
    rows: tuple[Figure, ...]
    columns: tuple[Figure, ...]
    total: Figure


def figure_of(count: int) -> Figure:
    """The label of one count."""
    return SMALL if count < LEAST else Figure((count + STEP // 2) // STEP * STEP)


def stretch_of(count: int) -> tuple[int, int]:
    """The lowest and the highest count with the same label."""
    value = figure_of(count).value
    if value is None:
        return 0, LEAST - 1
    return max(LEAST, value - STEP // 2), value + STEP // 2


def protect_number(count: int) -> Figure:
    """One number that is part of no sum."""
    _check([[count]])
    return figure_of(count)


def protect_list(counts: Sequence[int]) -> tuple[tuple[Figure, ...], Figure]:
    """The numbers of one line and their total."""
    published = protect([counts])
    return (published.cells[0] if published.cells else ()), published.total


def protect(counts: Counts) -> Published:
    """The table of `counts` (rows of equal length) as it may be published.

    Raises ValueError for anything but a table of whole numbers from 0.
    """
    _check(counts)
    # The same counts are asked for again whenever something else on the site has changed.
    return _protect(tuple(tuple(line) for line in counts))


@lru_cache(maxsize=64)
def _protect(counts: tuple[tuple[int, ...], ...]) -> Published:
    cells = tuple(tuple(figure_of(count) for count in line) for line in counts)
    if not counts or not counts[0]:
        return Published(cells, (SMALL,) * len(counts), (), SMALL)
    # With a single line the totals across it are its cells again.
    if len(counts) == 1:
        (total,) = _Network(counts).release(["rows"])
        return Published(cells, (total,), cells[0], total)
    if len(counts[0]) == 1:
        (total,) = _Network(counts).release(["columns"])
        return Published(cells, tuple(line[0] for line in cells), (total,), total)
    # Tried on many tables: in this order the fewest are held back.
    total, *others = _Network(counts).release(["total", "rows", "columns"])
    tall = len(counts)
    return Published(cells, tuple(others[:tall]), tuple(others[tall:]), total)


def _check(counts: Counts) -> None:
    for line in counts:
        if len(line) != len(counts[0]):
            raise ValueError("All rows have the same length.")
        for count in line:
            if type(count) is not int or not 0 <= count < BOUNDLESS:
                raise ValueError("A count is a whole number from 0.")


@dataclass(eq=False)
class _Link:
    """A cell or a total as a pipe: the true count, what flows now, and what readers know of it.

    `may_be_small`: it, or every cell of its line, is published as below five.
    """

    tail: int
    head: int
    true: int
    low: int
    high: int
    may_be_small: bool
    flow: int = 0

    def room(self, up: bool) -> int:
        """How much more, or less, may flow."""
        return self.high - self.flow if up else self.flow - self.low

    @property
    def is_guarded(self) -> bool:
        """Nobody may learn more of it than that it may be anything from 0 to 4."""
        return self.may_be_small and self.low < LEAST


class _Network:
    """Source → rows → columns → sink → source: every table that readers must think possible."""

    def __init__(self, counts: Counts) -> None:
        tall, wide = len(counts), len(counts[0])
        source, sink = 0, tall + wide + 1
        self.cells = [
            [
                _Link(1 + row, 1 + tall + column, count, *stretch_of(count), count < LEAST)
                for column, count in enumerate(line)
            ]
            for row, line in enumerate(counts)
        ]
        across = list(zip(*self.cells, strict=True))
        every = [link for line in self.cells for link in line]
        self.totals = {
            "rows": [_total(source, 1 + row, line) for row, line in enumerate(self.cells)],
            "columns": [_total(1 + tall + at, sink, line) for at, line in enumerate(across)],
            "total": [_total(sink, source, every)],
        }
        self.links = [*every, *(link for links in self.totals.values() for link in links)]
        self.guarded: list[_Link] = []
        self.beside: list[list[tuple[_Link, bool, int]]] = [[] for _node in range(sink + 1)]
        for link in self.links:
            self.beside[link.tail].append((link, True, link.head))
            self.beside[link.head].append((link, False, link.tail))

    def release(self, kinds: Iterable[str]) -> list[Figure]:
        """The figures of all totals of these kinds, in this order; the others are never said."""
        totals = [link for kind in kinds for link in self.totals[kind]]
        self.guarded = [
            *(cell for line in self.cells for cell in line if cell.may_be_small),
            *(link for link in totals if link.may_be_small),
        ]
        return [self._release(link) for link in totals]

    def _release(self, link: _Link) -> Figure:
        """Find the stretch that holds the true value; show its label if it is the only one."""
        self._back_to_truth()
        self._push(link, 0, up=False)
        least = link.flow
        self._push(link, BOUNDLESS, up=True)
        most = link.flow
        low, high = stretch_of(link.true)
        label = figure_of(link.true)
        # Safe means: reaches up far enough, and down far enough. So whatever is unsafe lies at the
        # two ends, and each end is joined up to and with the first stretch that is safe.
        if not self._is_safe(link, low, high) or not (
            (low <= least or self._is_safe(link, *stretch_of(low - 1)))
            and (high >= most or self._is_safe(link, *stretch_of(high + 1)))
        ):
            label = HELD_BACK
            low, high = self._joined(link, least, most)
        self._back_to_truth()
        link.low, link.high = max(low, least), min(high, most)
        return label

    def _joined(self, link: _Link, least: int, most: int) -> tuple[int, int]:
        """The end of the possible values, joined until it is safe, that holds the true one."""
        below = stretch_of(least)[1]
        while below < most and not self._is_safe(link, least, below):
            below = stretch_of(below + 1)[1]
        above = stretch_of(most)[0]
        while above > least and not self._is_safe(link, above, most):
            above = stretch_of(above - 1)[0]
        if above <= below:
            return least, most
        return (least, below) if link.true <= below else (above, most)

    def _is_safe(self, link: _Link, low: int, high: int) -> bool:
        """Knew readers that `link` is from `low` to `high`: could all that is small be 0 to 4?"""
        kept = link.low, link.high
        self._back_to_truth()
        self._push(link, low, up=True)
        self._push(link, high, up=False)
        link.low, link.high = low, high
        safe = all(
            self._push(one, 0, up=False) and self._push(one, LEAST - 1, up=True)
            for one in self.guarded
            if one.is_guarded
        )
        link.low, link.high = kept
        return safe

    def _back_to_truth(self) -> None:
        for link in self.links:
            link.flow = link.true

    def _push(self, link: _Link, goal: int, up: bool) -> bool:
        """Raise (or lower) the flow of `link` to `goal`, as far as that goes; did it get there?"""
        start, end = (link.head, link.tail) if up else (link.tail, link.head)
        while (link.flow < goal) if up else (link.flow > goal):
            path = self._path(start, end, link)
            if not path:
                return False
            most = min(abs(goal - link.flow), *(step.room(more) for step, more in path))
            for step, more in [*path, (link, up)]:
                step.flow += most if more else -most
        return True

    def _path(self, start: int, end: int, without: _Link) -> list[tuple[_Link, bool]]:
        """Links from `start` to `end` through which more can flow, or less; empty if none."""
        came: dict[int, tuple[_Link, bool, int]] = {}
        queue = [start]
        for node in queue:
            for link, more, other in self.beside[node]:
                if other not in came and link is not without and link.room(more) > 0:
                    came[other] = (link, more, node)
                    if other == end:
                        path = []
                        while end != start:
                            step, forward, end = came[end]
                            path.append((step, forward))
                        return path
                    queue.append(other)
        return []


def _total(tail: int, head: int, line: Iterable[_Link]) -> _Link:
    line = list(line)
    return _Link(
        tail, head, sum(cell.true for cell in line), 0, BOUNDLESS, all(c.may_be_small for c in line)
    )
