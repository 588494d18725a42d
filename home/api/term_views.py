"""Taxonomies and their terms as HSDS 3.1."""

import datetime as dt
from dataclasses import replace
from typing import Any

from catalogue.models import LifeDomain
from home.api import shapes
from home.api.asked import Asked
from home.api.views import ListView, OneView
from home.api.words import words_for
from network.hsds import ids, terms
from network.hsds.parts import Record
from network.hsds.terms import Taxonomy, Term
from portal.base.memo import per_content_version


def by_key() -> dict[str, Taxonomy]:
    return {taxonomy.key: taxonomy for taxonomy in terms.taxonomies()}


class TaxonomyList(ListView):
    shape = shapes.Taxonomy
    parameters = ("search", "page", "per_page", "format")

    def rows(self, asked: Asked, day: dt.date) -> list[Taxonomy]:
        return [one for one in terms.taxonomies() if asked.search.lower() in one.name.lower()]

    def records(self, shown: Any, asked: Asked, day: dt.date, site: str) -> list[Record]:
        return [one.record(site) for one in shown]


class TaxonomyOne(OneView):
    shape = shapes.Taxonomy

    def record(self, id: str, day: dt.date, site: str) -> Record | None:
        found = next((one for one in terms.taxonomies() if one.id == id), None)
        return found.record(site) if found else None


class TaxonomyTermList(ListView):
    shape = shapes.TaxonomyTerm
    parameters = ("search", "page", "per_page", "format", "taxonomy_id", "top_only", "parent_id")

    def rows(self, asked: Asked, day: dt.date) -> list[Term]:
        found = all_terms()
        if asked.taxonomy:
            key = next((one.key for one in terms.taxonomies() if one.id == asked.taxonomy), "")
            found = [term for term in found if term.taxonomy == key]
        if asked.top_only:
            found = [term for term in found if term.parent is None]
        if asked.parent:
            found = [term for term in found if term.parent == asked.parent]
        if asked.search:
            found = [term for term in found if asked.search.lower() in term.name.lower()]
        return found

    def records(self, shown: Any, asked: Asked, day: dt.date, site: str) -> list[Record]:
        of = by_key()
        return [term.record(of[term.taxonomy], site) for term in _in_words(shown)]


class TaxonomyTermOne(OneView):
    shape = shapes.TaxonomyTerm

    def record(self, id: str, day: dt.date, site: str) -> Record | None:
        found = next((term for term in terms.fixed_terms() if term.id == id), None)
        if (key := ids.key_from(ids.DOMAIN_TERM, id)) is not None:
            domain = LifeDomain.objects.filter(pk=key).first()
            found = terms.domain_term(domain) if domain else None
        elif (key := ids.key_from(ids.COMPONENT_TERM, id)) is not None:
            component = terms.components().filter(pk=key).first()
            found = terms.component_term(component) if component else None
        if found is None:
            return None
        return _in_words([found])[0].record(by_key()[found.taxonomy], site)


def _in_words(shown: list[Term]) -> list[Term]:
    """The terms with what editors say about the components among them, in one statement."""
    keys = {term.id: ids.key_from(ids.COMPONENT_TERM, term.id) for term in shown}
    words = words_for(key for key in keys.values() if key)
    return [
        replace(term, description=words[key].summary)
        if (key := keys[term.id]) in words and words[key].summary
        else term
        for term in shown
    ]


@per_content_version
def all_terms() -> list[Term]:
    """Every term, parents first: the same for everybody, and small."""
    return [
        *terms.fixed_terms(),
        *(terms.domain_term(domain) for domain in LifeDomain.objects.order_by("pk")),
        *(terms.component_term(component) for component in terms.components()),
    ]
