"""The taxonomies: what is given, in which way, and what sort of thing it is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from catalogue.models import Component, LifeDomain
from catalogue.models.component import Form, Kind
from network.hsds import ids
from network.models import Offer, OfferPrice, Resource

COMPONENTS, WAYS, KINDS = "components", "ways", "kinds"
AT_HOME, REMOTE = "at_home", "remote"
BASE = ids.id_named(COMPONENTS, Kind.BASE.value)


@dataclass(frozen=True)
class Taxonomy:
    key: str
    name: str
    description: str

    @property
    def id(self) -> str:
        return ids.id_named(self.key)

    def record(self, site: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "uri": f"{site}/api/hsds/taxonomies/{self.id}",
        }


def taxonomies() -> list[Taxonomy]:
    """All of them, always in this order."""
    return [
        Taxonomy(
            COMPONENTS,
            _("Service components"),
            _("What can be in a plan: base support and the life domains, with their components."),
        ),
        Taxonomy(WAYS, _("Ways of giving"), _("Alone, with a family member, in a group, where.")),
        Taxonomy(KINDS, _("Kinds of resources"), _("A priced service, a benefit or another help.")),
    ]


@dataclass(frozen=True)
class Term:
    id: str
    taxonomy: str
    name: str
    code: str
    description: str
    parent: str | None = None

    def record(self, of: Taxonomy, site: str) -> dict[str, Any]:
        found = {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "description": self.description,
            "parent_id": self.parent,
            "taxonomy": of.name,
            "taxonomy_detail": of.record(site),
            "language": "et",
            "taxonomy_id": of.id,
        }
        return {key: value for key, value in found.items() if value}


def fixed_terms() -> list[Term]:
    """The terms that stand in the code: ways, kinds, and base support, which has no life domain."""
    ways = [(form.value, str(form.label)) for form in Form]
    ways += [(AT_HOME, _("at home")), (REMOTE, _("by phone or online"))]
    base = str(Kind.BASE.label)
    return [
        *(
            Term(
                ids.id_named(KINDS, kind.value), KINDS, str(kind.label), kind.value, str(kind.label)
            )
            for kind in Resource.Kind
        ),
        *(Term(ids.id_named(WAYS, code), WAYS, name, code, name) for code, name in ways),
        Term(BASE, COMPONENTS, base, Kind.BASE.value, base),
    ]


def domain_term(domain: LifeDomain) -> Term:
    return Term(
        ids.id_of(ids.DOMAIN_TERM, domain.pk),
        COMPONENTS,
        domain.name,
        domain.slug,
        domain.summary or domain.name,
    )


def component_term(component: Component) -> Term:
    parent = ids.id_of(ids.DOMAIN_TERM, component.domain_id) if component.domain_id else BASE
    return Term(
        ids.id_of(ids.COMPONENT_TERM, component.pk),
        COMPONENTS,
        component.name,
        component.code,
        component.name,
        parent,
    )


def components() -> QuerySet[Component]:
    """The components that anybody may know of: in use, or still offered by somebody."""
    offered = Offer.objects.published().filter(component_id=OuterRef("pk"))
    return Component.objects.filter(Q(is_active=True) | Exists(offered)).order_by("pk")


def with_term(term: str, day: dt.date) -> Q:
    """The condition of the resources that carry the term with this id; an unknown one: none."""
    if term == BASE:
        return Q(offer__isnull=False, offer__component__domain=None)
    if (key := ids.key_from(ids.COMPONENT_TERM, term)) is not None:
        return Q(offer__component_id=key)
    if (key := ids.key_from(ids.DOMAIN_TERM, term)) is not None:
        return Q(offer__component__domain_id=key)
    found = next((one for one in fixed_terms() if one.id == term), None)
    if found is None:
        return Q(pk__in=[])
    if found.taxonomy == KINDS:
        return Q(kind=found.code)
    if found.code in (AT_HOME, REMOTE):
        return Q(**{f"offer__{found.code}": True})
    prices = OfferPrice.objects.on(day).filter(form=found.code)
    return Q(pk__in=prices.values("offer_id"))


def with_taxonomy(taxonomy: str) -> Q:
    """The condition of the resources that carry any term of the taxonomy with this id."""
    if taxonomy == ids.id_named(KINDS):
        return Q()
    if taxonomy in (ids.id_named(COMPONENTS), ids.id_named(WAYS)):
        return Q(offer__isnull=False)
    return Q(pk__in=[])
