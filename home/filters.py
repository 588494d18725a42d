"""Filters of the catalogue. Every value that is not on the list is named, never an error."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalogue.models.component import Audience, Form, Kind
from home.reports.domains import domains
from home.visit import Visit
from network.models import Offer
from network.querysets import OfferQuerySet
from network.reports.offers import near_ids


class LenientMultipleChoiceField(forms.MultipleChoiceField):
    """Keeps the values that exist; the others are collected in `unknown`."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        asked = self.to_python(value)
        self.unknown = [one[:60] for one in asked if one and not self.valid_value(one)]
        return [one for one in asked if self.valid_value(one)]


class LenientMultipleChoiceFilter(django_filters.MultipleChoiceFilter):
    field_class = LenientMultipleChoiceField


def domain_choices() -> list[tuple[str, str]]:
    return [(row.slug, row.name) for row in domains()]


class ServiceFilter(django_filters.FilterSet):
    """What a visitor may choose about services; several values of one kind mean “or”."""

    # The way from the rows of the list to the component.
    component = ""

    domain = LenientMultipleChoiceFilter(label=_("Life domain"), choices=domain_choices)
    kind = LenientMultipleChoiceFilter(label=_("Kind of support"), choices=Kind.choices)
    audience = LenientMultipleChoiceFilter(label=_("For whom"), choices=Audience.choices)
    form = LenientMultipleChoiceFilter(label=_("How"), choices=Form.choices)
    free = LenientMultipleChoiceFilter(label=_("When"), choices=[("1", _("a place is free now"))])

    def conditions(self) -> dict[str, Q]:
        """For each filter that is on, the rows it keeps."""
        self.form.is_valid()
        chosen = self.form.cleaned_data
        rows: dict[str, Q] = {}
        for name in self.filters:
            if values := chosen.get(name):
                rows[name] = any_of([self.condition(name, value) for value in values])
        return rows

    def condition(self, name: str, value: str) -> Q:
        """The rows that one choice keeps."""
        if name == "free":
            return self.is_free()
        field = {
            "domain": "domain__slug",
            "kind": "kind",
            "audience": "audience",
            "form": f"is_{value}",
        }[name]
        return Q(**{f"{self.component}__{field}": True if name == "form" else value})

    def is_free(self) -> Q:
        """The rows with a free place now."""
        raise NotImplementedError

    @property
    def near(self) -> int | None:
        """The municipality that choices are counted near to, where they are."""
        return None

    def unknown_values(self) -> list[str]:
        """What was asked for and is not on any list."""
        return [
            value for field in self.form.fields.values() for value in getattr(field, "unknown", [])
        ]


class ComponentFilter(ServiceFilter):
    """The catalogue's filters: its rows are the pages of components."""

    component = "component"

    def __init__(self, data: QueryDict, queryset: Any, visit: Visit) -> None:
        super().__init__(data, queryset)
        self.visit = visit

    def is_free(self) -> Q:
        return Q(Exists(self.offers().filter(free_places__gt=0)))

    @property
    def near(self) -> int | None:
        return self.visit.municipality.id if self.visit.municipality else None

    def offers(self) -> OfferQuerySet:
        """Published offers of the component of the outer row, near home if that is known."""
        offers = Offer.objects.published().filter(component_id=OuterRef("component_id"))
        if chosen := self.visit.municipality:
            offers = offers.near(near_ids(chosen), chosen.id)
        return offers


class MapFilter(ServiceFilter):
    """The map's filters: its rows are resources, and only offers have a component."""

    component = "offer__component"

    def is_free(self) -> Q:
        return Q(offer__free_places__gt=0)


def any_of(conditions: list[Q]) -> Q:
    """One condition that holds where any of `conditions` does."""
    result = Q()
    for condition in conditions:
        result |= condition
    return result
