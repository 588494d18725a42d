"""One form for everything that is told about a resource. Rules stand in the services."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from catalogue.models import Component
from catalogue.models.component import Form
from network.coordinates import as_typed
from network.forms.fields import CoordinatesField, CountField
from network.forms.prices import PriceFields
from network.models import Organisation, Resource
from network.reports.changes import Facts
from network.reports.languages import LANGUAGES, as_stored, codes_in
from network.reports.places import places
from network.services.facts import NO_OFFER
from portal.base.form_fields import (
    SEARCHABLE,
    KeyField,
    RowChoiceField,
    Text,
    capped,
    give_rows,
    grouped,
)

OFFER_FIELDS = ("places", "at_home", "remote", "serves", "languages", "note")


class ResourceForm(PriceFields):
    """`shown`: the facts in front of the writer, None for a new resource.

    Free places and waiting time are not here: they are told by a form of their own.
    """

    key = KeyField()
    version = Text(required=False, max_length=40, widget=forms.HiddenInput)
    organisation = RowChoiceField(label=_("Organisation"), widget=forms.Select(attrs=SEARCHABLE))
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=capped(Resource.Kind.choices),
        initial=Resource.Kind.OFFER,
        widget=forms.RadioSelect,
    )
    component = RowChoiceField(
        label=_("Which service component?"),
        required=False,
        widget=forms.Select(attrs=SEARCHABLE),
    )
    name = Text(
        label=_("Name"),
        required=False,
        max_length=160,
        help_text=_("What people call it. A service component needs none."),
    )
    municipality = RowChoiceField(label=_("Municipality"), widget=forms.Select(attrs=SEARCHABLE))
    address = Text(
        label=_("Street address"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    coordinates = CoordinatesField(
        label=_("Coordinates"),
        help_text=_(
            "Latitude first, such as 57.83389, 27.01944. Metres of Estonian maps (L-EST97) are "
            "turned into degrees."
        ),
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential place"),
        required=False,
        help_text=_("Others see the municipality only: on pages, on the map, in lists and search."),
    )
    places = CountField(
        label=_("Places"), help_text=_("How many people can use the service at the same time.")
    )
    at_home = forms.BooleanField(label=_("Is given at home too"), required=False)
    remote = forms.BooleanField(label=_("Is given by phone or online too"), required=False)
    serves = forms.MultipleChoiceField(
        label=_("Comes to these municipalities too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=["et"],
        error_messages={
            "invalid_choice": _("There is no language with the code “%(value)s” here.")
        },
    )
    note = Text(
        label=_("Good to know"),
        required=False,
        max_length=300,
        help_text=_("Anybody reads this beside the offer."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        day: dt.date,
        shown: Facts | None = None,
        organisations: Iterable[Organisation] = (),
        component: Component | None = None,
    ) -> None:
        super().__init__(data)
        self.day, self.shown = day, shown
        self.only_organisation: Organisation | None = None
        self.own_counties: set[str] = set()
        self._give_places()
        if shown is None:
            self._give_choices(list(organisations))
        else:
            for name in ("organisation", "kind", "component"):
                del self.fields[name]
            if shown["kind"] != Resource.Kind.OFFER:
                for name in OFFER_FIELDS:
                    del self.fields[name]
            self.initial = self.values_of(shown)
        self.add_prices([] if self._is_no_offer else self._forms_of(component))
        self._order_as_on_the_page()

    def _order_as_on_the_page(self) -> None:
        """The summary of errors goes down the page as the eye does."""
        last = ("places", "languages", "note")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def _is_no_offer(self) -> bool:
        return self.shown is not None and self.shown["kind"] != Resource.Kind.OFFER

    def _forms_of(self, component: Component | None) -> list[Form]:
        """The forms that the component is given in, or that have a price already."""
        if component is None:
            return list(Form)
        priced = (self.shown or {}).get("prices", {})
        return [form for form in Form if form in component.forms or form.value in priced]

    def _give_places(self) -> None:
        rows = [row for _county, members in places().by_county for row in members]
        groups = grouped(rows, lambda row: row.county, lambda row: row.name, lambda row: row.slug)
        give_rows(self, "municipality", groups)
        serves, languages = self.fields["serves"], self.fields["languages"]
        if isinstance(serves, forms.MultipleChoiceField):
            serves.choices = [(row.slug, row.name) for row in rows]
        if isinstance(languages, forms.MultipleChoiceField):
            known = codes_in((self.shown or {}).get("languages", ""))
            others = [(code, code) for code in known if code not in LANGUAGES]
            languages.choices = [*capped(LANGUAGES.items()), *others]

    def _give_choices(self, organisations: list[Organisation]) -> None:
        near = {row.municipality_id for row in organisations}
        self.own_counties = {row.county for row in places().rows if row.id in near}
        rows = [(str(row.pk), row.name, row) for row in organisations]
        give_rows(self, "organisation", [("", rows)])
        if len(organisations) == 1:
            self.only_organisation = organisations[0]
            del self.fields["organisation"]
        components = Component.objects.filter(is_active=True).select_related("domain")
        give_rows(
            self,
            "component",
            grouped(
                components.order_by("domain__position", "position", "code"),
                lambda row: row.domain.name if row.domain else _g("Base support"),
                lambda row: row.name,
                lambda row: str(row.pk),
            ),
        )

    def serves_groups(self) -> dict[str, list[dict[str, Any]]]:
        """The boxes of `serves` by county: `near` are those of home or with a tick, then `far`."""
        county_of = {row.slug: row.county for row in places().rows}
        ticked = set(self["serves"].value() or [])
        chosen = county_of.get(self["municipality"].value() or "", "")
        home = {chosen} if chosen else self.own_counties
        groups: dict[str, list[Any]] = {}
        for box in self["serves"]:
            groups.setdefault(county_of[box.data["value"]], []).append(box)
        found: dict[str, list[dict[str, Any]]] = {"near": [], "far": []}
        for county in sorted(groups, key=lambda county: (county not in home, county)):
            boxes = groups[county]
            is_near = county in home or any(box.data["value"] in ticked for box in boxes)
            found["near" if is_near else "far"].append({"county": county, "boxes": boxes})
        return found

    def values_of(self, facts: Facts) -> dict[str, Any]:
        """`facts` by the names of the fields."""
        known = places().by_id
        values = {name: facts[name] for name in ("name", "address", "is_confidential")}
        values |= {
            "municipality": known[facts["municipality"]].slug,
            "coordinates": as_typed(facts["lat"], facts["lon"]),
            "places": facts["places"],
            "at_home": facts["at_home"],
            "remote": facts["remote"],
            "serves": [known[pk].slug for pk in facts["serves"] if pk in known],
            "languages": codes_in(facts["languages"]),
            "note": facts["note"],
        }
        return values | self.price_values(facts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Said together with everything else, not only after the rest has been mended.
        is_asked = "component" in self.fields and "component" not in self.errors
        if is_asked and self.is_offer(cleaned) and not cleaned.get("component"):
            self.add_error("component", _g("Choose the service component."))
        place = cleaned.get("municipality")
        address = cleaned.get("address", "")
        if place and address != self.initial.get("address"):
            # The municipality stands beside the address everywhere.
            cleaned["address"] = address.removesuffix(f", {place.name}")
        return cleaned

    def is_offer(self, cleaned: dict[str, Any]) -> bool:
        kind = cleaned.get("kind") if self.shown is None else self.shown["kind"]
        return kind == Resource.Kind.OFFER

    def facts(self) -> Facts:
        """What was typed, for the service; the form is valid."""
        typed = self.cleaned_data
        point = typed["coordinates"]
        facts: Facts = dict(self.shown) if self.shown is not None else dict(NO_OFFER)
        facts |= {
            "kind": self.shown["kind"] if self.shown is not None else typed["kind"],
            "name": typed["name"],
            "municipality": typed["municipality"].id,
            "address": typed["address"],
            "lat": point.lat if point else None,
            "lon": point.lon if point else None,
            "is_confidential": typed["is_confidential"],
        }
        if not self.is_offer(typed):
            return facts
        ids = {row.slug: row.id for row in places().rows}
        if self.shown is None:
            facts["component"] = typed["component"].pk if typed["component"] else None
        return facts | {
            "serves": sorted(ids[slug] for slug in typed["serves"]),
            "languages": as_stored(typed["languages"]),
            "prices": self.prices,
            **{name: typed[name] for name in ("places", "at_home", "remote", "note")},
        }

    def chosen_organisation(self) -> Organisation:
        return self.only_organisation or self.cleaned_data["organisation"]

    def was_metres(self) -> bool:
        """Were the coordinates typed as metres, and turned into degrees?"""
        point = self.cleaned_data.get("coordinates")
        return bool(point and point.was_metres)
