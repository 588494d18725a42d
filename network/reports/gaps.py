"""What a gap may be about, where in the region, and which words of its text are nobody's name."""

import datetime as dt
from collections.abc import Iterable

from rapidfuzz import fuzz

from catalogue.models import Component, LifeDomain
from network.models import Municipality, Organisation, Region, RegionMunicipality
from network.reports.places import places
from portal.search.analysis import fold, lemmas, tokens

FOUND_AT_MOST = 8
# How alike a mistyped word must be, in per cent.
ALIKE = 80


def components() -> list[Component]:
    """Every component in use, in the order of the catalogue."""
    return list(Component.objects.filter(is_active=True).select_related("domain"))


def find_components(words: str, among: Iterable[Component]) -> list[Component]:
    """Those of `among` whose name or life domain has every word, in any form, the best first.

    A word may be unfinished; if nothing has the words, those come that are spelled nearly so.
    """
    asked = [(fold(token.word), _lemmas(token.word)) for token in tokens(words)]
    if not asked:
        return []
    rated = []
    for component in among:
        name, domain = (
            _terms(component.name),
            _terms(component.domain.name if component.domain else ""),
        )
        hits = [_hit(word, forms, name) or _hit(word, forms, domain) / 2 for word, forms in asked]
        if all(hits):
            rated.append((sum(hits), component))
    if not rated:
        typed = fold(words.lower())
        rated = [
            (score, component)
            for component in among
            if (score := fuzz.partial_ratio(typed, fold(component.name.lower()))) >= ALIKE
        ]
    rated.sort(key=lambda one: -one[0])
    return [component for _score, component in rated[:FOUND_AT_MOST]]


def _terms(text: str) -> tuple[set[str], set[str]]:
    """The folded words of `text` as they stand, and their lemmas."""
    found = [token.word for token in tokens(text)]
    return {fold(word) for word in found}, {lemma for word in found for lemma in _lemmas(word)}


def _lemmas(word: str) -> set[str]:
    return {fold(lemma) for lemma in lemmas(word)}


def _hit(word: str, forms: set[str], terms: tuple[set[str], set[str]]) -> float:
    """How well a word is met: as it stands or in another form, as a beginning, inside a word."""
    written, stems = terms
    if word in written or forms & stems:
        return 3
    if any(term.startswith(word) for term in written):
        return 2
    return 1 if len(word) > 3 and any(word in term for term in written) else 0


def domains() -> list[LifeDomain]:
    return list(LifeDomain.objects.all())


def municipalities_of(regions: Iterable[Region], day: dt.date) -> list[Municipality]:
    """The municipalities that belong to `regions` on `day`, with their county."""
    inside = RegionMunicipality.objects.valid_on(day).filter(region__in=regions)
    return list(
        Municipality.objects.filter(pk__in=inside.values("municipality_id"))
        .select_related("county")
        .order_by("name")
    )


def nobodys_words() -> list[str]:
    """Places, organisations, components, life domains: names that may stand in the text."""
    return [
        *{word for row in places().rows for word in (row.name, row.county, row.seat)},
        *Organisation.objects.values_list("name", flat=True),
        *Component.objects.values_list("name", flat=True),
        *LifeDomain.objects.values_list("name", flat=True),
    ]
