"""What the catalogue knows, given in: components, life domains, the prices that stand."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.importer.alike import Index, Meant
from catalogue.importer.words import loose
from catalogue.models.component import Form

SUGGESTIONS = 3
# A file that knows none of so many names is no price list of ours.
MOST_LOOKED_UP = 60


@dataclass(frozen=True)
class KnownComponent:
    """What the importer has to know of a component."""

    pk: int
    code: str
    name: str
    domain: str
    forms: tuple[Form, ...]
    # What else is said of it, such as its activities; only to find what is like it.
    words: str = ""

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"


@dataclass
class Known:
    """Components in the order of the catalogue; life domains by slug with all their names."""

    components: list[KnownComponent]
    domains: Mapping[str, tuple[str, ...]]
    # What people say and what the catalogue calls it.
    meant: Meant | None = None

    def __post_init__(self) -> None:
        self.by_pk = {one.pk: one for one in self.components}
        self._by_code = {one.code.casefold(): one for one in self.components}
        self._by_name: dict[str, list[KnownComponent]] = {}
        for one in self.components:
            self._by_name.setdefault(loose(one.name), []).append(one)
        self._index: Index | None = None
        self._looked_up: dict[tuple[str, str], list[int]] = {}
        self._domain_of = {loose(n): slug for slug, names in self.domains.items() for n in names}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._by_name)

    @property
    def domain_names(self) -> frozenset[str]:
        return frozenset(self._domain_of)

    def domain(self, said: str) -> str:
        """The slug of the life domain that is called so; "" if none is."""
        return self._domain_of.get(loose(said), "")

    def by_code(self, said: str) -> KnownComponent | None:
        return self._by_code.get(said.strip().casefold())

    def named(self, said: str) -> list[KnownComponent]:
        """The components with exactly this name; a code before the name may stand in it."""
        if found := self._by_name.get(loose(said)):
            return found
        first, _space, rest = said.strip().partition(" ")
        component = self.by_code(first.strip(".:–-"))
        if component and loose(rest) == loose(component.name):
            return [component]
        component = self.by_code(said)
        return [component] if component else []

    def suggestions(self, said: str, domain: str = "") -> list[KnownComponent]:
        """Components like `said`, the likest first, those of `domain` before others; to be shown.

        Looked for once for each name, and not at all once very many names were unknown.
        """
        key = (loose(said), domain)
        if key not in self._looked_up:
            if not key[0] or len(self._looked_up) >= MOST_LOOKED_UP:
                return []
            if self._index is None:
                names = [(one.pk, one.name, one.words, one.domain) for one in self.components]
                self._index = Index(names, self.meant)
            self._looked_up[key] = self._index.likest(said, domain)[:SUGGESTIONS]
        return [self.by_pk[pk] for pk in self._looked_up[key]]


@dataclass(frozen=True)
class Stored:
    """A price as it stands: holds from `valid_from` up to, but not on, `valid_until`."""

    net: Decimal
    vat_rate: Decimal | None
    gross: Decimal
    valid_from: dt.date
    valid_until: dt.date | None = None

    def same(self, net: Decimal, vat_rate: Decimal | None, gross: Decimal) -> bool:
        """The same money: of a “0” no file says whether it is a rate or an exemption."""
        mine = (self.net, self.vat_rate or 0, self.gross)
        return mine == (net, vat_rate or 0, gross)

    def holds(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True)
class Slot:
    """One place that prices of a component go to: the round, or an offer of an organisation."""

    key: str
    label: str


def _no_refusal(day: dt.date, stored: Iterable[Stored]) -> tuple[str, str]:
    return "", ""


@dataclass
class Target:
    """Where prices go, and what stands there.

    `slots`: by component; `stored`: by (slot, component, form), all days; `refuses`: given a day
    and what is stored there, the code and the hint of why a price cannot begin on that day.
    `one_day`: does one import set one price of each component and form at most?
    `asks_to_correct`: is a price that begins on the very day replaced only when somebody says so?
    """

    slots: Callable[[int], list[Slot]]
    stored: Mapping[tuple[str, int, str], list[Stored]] = field(default_factory=dict)
    refuses: Callable[[dt.date, Iterable[Stored]], tuple[str, str]] = _no_refusal
    asks_to_correct: bool = True
    one_day: bool = False
