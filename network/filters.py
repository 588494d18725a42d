"""What may stand in the address of the list of resources. What is on no list is named, no error."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalogue.models import Component
from network.models import Municipality, Organisation, Resource, ResourceChange
from network.reports.resources import not_confirmed_lately
from portal.base.form_fields import capped
from portal.search.analysis import fold, lemmas, tokens

MAX_QUERY = 200
# Nobody looks for one of more than these in a list; the search box finds it by its name.
MOST_LISTED = 200
SORTS = {
    "": (_("by organisation"), ("organisation__name", "offer__component__name", "name", "pk")),
    "name": (_("by component"), ("offer__component__name", "name", "organisation__name", "pk")),
    "place": (_("by municipality"), ("municipality__name", "organisation__name", "pk")),
    "oldest": (
        _("longest unconfirmed first"),
        (F("confirmed_on").asc(nulls_first=True), "organisation__name", "pk"),
    ),
}


class LenientChoiceField(forms.ChoiceField):
    """A value that is not on the list is as none; it is kept in `unknown`."""

    unknown = ""

    def clean(self, value: Any) -> str:
        asked = self.to_python(value)
        if asked and not self.valid_value(asked):
            self.unknown = asked[:60]
            return ""
        return str(asked)


class LenientChoiceFilter(django_filters.ChoiceFilter):
    field_class = LenientChoiceField


class ResourceFilter(django_filters.FilterSet):
    """Narrows the rows of the policy; `queryset` are all that the reader may see."""

    q = django_filters.CharFilter(label=_("Organisation, component or name"), method="search")
    state = LenientChoiceFilter(label=_("State"), method="of_state")
    component = LenientChoiceFilter(label=_("Component"), field_name="offer__component__slug")
    municipality = LenientChoiceFilter(label=_("Municipality"), field_name="municipality__slug")
    kind = LenientChoiceFilter(label=_("What it is"), field_name="kind")
    look = LenientChoiceFilter(label=_("Only"), method="only")
    sort = LenientChoiceFilter(label=_("Order"), method="ordered")

    def __init__(self, data: QueryDict, queryset: QuerySet[Resource], day: dt.date) -> None:
        super().__init__(data, queryset)
        self.day = day
        self.form.is_valid()

    def get_form_class(self) -> type[forms.Form]:
        """Only what exists among the rows can be chosen."""
        rows = self.queryset.order_by()
        components = Component.objects.filter(offers__resource__in=rows).distinct()
        municipalities = Municipality.objects.filter(resources__in=rows).distinct()
        choices: dict[str, Iterable[tuple[str, Any]]] = {
            "state": [("", _("all but withdrawn")), *Resource.State.choices, ("all", _("all"))],
            "component": self._listed(components),
            "municipality": [
                ("", _("all")),
                *municipalities.order_by("name").values_list("slug", "name"),
            ],
            "kind": [("", _("all")), *Resource.Kind.choices],
            "look": [
                ("", _("all")),
                ("stale", _("not confirmed lately")),
                ("waiting", _("with a proposal that waits")),
            ],
            "sort": [(value, words) for value, (words, _order) in SORTS.items()],
        }
        for name, listed in choices.items():
            self.filters[name].extra["choices"] = capped(listed)
        return super().get_form_class()

    def _listed(self, components: QuerySet[Component]) -> list[tuple[str, Any]]:
        """The components to choose from; of too many only the one that was asked for."""
        named = components.order_by("name").values_list("slug", "name")
        listed = list(named[: MOST_LISTED + 1])
        if len(listed) <= MOST_LISTED:
            return [("", _("all")), *listed]
        asked = named.filter(slug=self.data.get("component", "").replace("\0", ""))
        return [("", _("all; find one by its name")), *asked]

    @property
    def qs(self) -> QuerySet[Resource]:
        """The rows that are kept, in their order; django-filter asks for it once."""
        rows: QuerySet[Resource] = super().qs
        if not self.form.cleaned_data.get("state"):
            rows = rows.exclude(state=Resource.State.WITHDRAWN)
        order = SORTS[self.form.cleaned_data.get("sort") or ""][1]
        return rows.order_by(*order)

    def unknown_values(self) -> list[str]:
        """What was asked for and is on no list."""
        values = (getattr(one, "unknown", "") for one in self.form.fields.values())
        return [value for value in values if value]

    @property
    def is_narrowed(self) -> bool:
        chosen = self.form.cleaned_data
        return any(chosen.get(name) for name in self.filters if name != "sort")

    def of_state(self, rows: QuerySet[Resource], name: str, value: str) -> QuerySet[Resource]:
        return rows if value == "all" else rows.filter(state=value)

    def ordered(self, rows: QuerySet[Resource], name: str, value: str) -> QuerySet[Resource]:
        return rows

    def only(self, rows: QuerySet[Resource], name: str, value: str) -> QuerySet[Resource]:
        if value == "stale":
            return rows.filter(not_confirmed_lately(self.day))
        waiting = ResourceChange.objects.filter(
            resource_id=OuterRef("pk"), state=ResourceChange.State.WAITING
        )
        return rows.filter(Exists(waiting))

    def search(self, rows: QuerySet[Resource], name: str, value: str) -> QuerySet[Resource]:
        """Rows that have every word in organisation, component or name; never in an address."""
        words = [token.word for token in tokens(value[:MAX_QUERY])]
        if not words:
            return rows
        everything = self.queryset.order_by()
        names = {
            "organisation_id": Organisation.objects.filter(resources__in=everything),
            "offer__component_id": Component.objects.filter(offers__resource__in=everything),
            "pk": everything.exclude(name=""),
        }
        texts = {
            field: list(found.distinct().values_list("pk", "name"))
            for field, found in names.items()
        }
        for word in words:
            is_in = _finder(word)
            hits = Q(pk__in=[])
            for field, listed in texts.items():
                hits |= Q(**{f"{field}__in": [pk for pk, text in listed if is_in(text)]})
            rows = rows.filter(hits)
        return rows


def _finder(word: str) -> Callable[[str], bool]:
    """Does a text have `word`, as typed or in another form of it?"""
    typed = fold(word)
    kin = set(lemmas(word))

    def is_in(text: str) -> bool:
        if typed in fold(text.lower()):
            return True
        return any(kin & set(lemmas(token.word)) for token in tokens(text))

    return is_in
