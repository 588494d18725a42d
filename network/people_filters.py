"""What may stand in the address of the list of positions. What is on no list is named, no error."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.filters import MAX_QUERY, LenientChoiceFilter
from network.models import Holding, Organisation, Position
from network.models.position import SOON
from network.policies import POSITION_ROLES
from portal.base.form_fields import capped

SORTS = {
    "": (_("by organisation"), ("organisation__name", "title", "pk")),
    "title": (_("by position"), ("title", "organisation__name", "pk")),
    "role": (_("by role"), ("role", "organisation__name", "title", "pk")),
}


class PositionFilter(django_filters.FilterSet):
    """Narrows the rows of the policy; `queryset` are all that the reader may see."""

    q = django_filters.CharFilter(label=_("Position, organisation or holder"), method="search")
    state = LenientChoiceFilter(label=_("State"), method="of_state")
    organisation = LenientChoiceFilter(label=_("Organisation"), field_name="organisation__slug")
    role = LenientChoiceFilter(label=_("Usual role"), field_name="role")
    sort = LenientChoiceFilter(label=_("Order"), method="ordered")

    def __init__(self, data: QueryDict, queryset: QuerySet[Position], now: dt.datetime) -> None:
        super().__init__(data, queryset)
        self.now, self.day = now, timezone.localdate(now)
        self.form.is_valid()

    def get_form_class(self) -> type[forms.Form]:
        """Only organisations of which the reader sees a position can be chosen."""
        organisations = Organisation.objects.filter(
            Exists(self.queryset.order_by().filter(organisation_id=OuterRef("pk")))
        )
        choices: dict[str, Any] = {
            "state": [
                ("", _("in use")),
                ("vacant", _("vacant, now or soon")),
                ("stand_in", _("with a stand-in")),
                ("closed", _("out of use")),
            ],
            "organisation": [
                ("", _("all")),
                *organisations.order_by("name").values_list("slug", "name"),
            ],
            "role": [("", _("all")), *[(role.value, role.label) for role in POSITION_ROLES]],
            "sort": [(value, words) for value, (words, _order) in SORTS.items()],
        }
        for name, listed in choices.items():
            self.filters[name].extra["choices"] = capped(listed)
        return super().get_form_class()

    @property
    def qs(self) -> QuerySet[Position]:
        """The rows that are kept, in their order."""
        rows: QuerySet[Position] = super().qs
        rows = rows.filter(is_active=self.form.cleaned_data.get("state") != "closed")
        return rows.order_by(*SORTS[self.form.cleaned_data.get("sort") or ""][1])

    def unknown_values(self) -> list[str]:
        """What was asked for and is on no list."""
        values = (getattr(one, "unknown", "") for one in self.form.fields.values())
        return [value for value in values if value]

    @property
    def is_narrowed(self) -> bool:
        chosen = self.form.cleaned_data
        return any(chosen.get(name) for name in self.filters if name != "sort")

    def ordered(self, rows: QuerySet[Position], name: str, value: str) -> QuerySet[Position]:
        return rows

    def of_state(self, rows: Any, name: str, value: str) -> QuerySet[Position]:
        if value == "vacant":
            rows = rows.with_vacancy(self.day, self.now, SOON)
            return rows.filter(Q(is_vacant=True) | Q(vacant_from__isnull=False))
        if value == "stand_in":
            held = Holding.objects.not_over(self.day).filter(
                position_id=OuterRef("pk"), kind=Holding.Kind.STAND_IN
            )
            return rows.filter(Exists(held))
        return rows

    def search(self, rows: QuerySet[Position], name: str, value: str) -> QuerySet[Position]:
        """Rows that have every word in position, organisation or the name of a holder."""
        words = value[:MAX_QUERY].casefold().split()
        if not words:
            return rows
        texts: dict[Any, list[str]] = {}
        for pk, *said in self.queryset.order_by().values_list("pk", "title", "organisation__name"):
            texts.setdefault(pk, []).extend(said)
        for holding in (
            Holding.objects.not_over(self.day)
            .filter(position__in=self.queryset.order_by())
            .select_related("user")
        ):
            user = holding.user
            # A name that the list does not show is not found by it either.
            said = user.get_full_name() if holding.is_taken_up else user.email
            texts.setdefault(holding.position_id, []).append(said)
        found = [
            pk
            for pk, said in texts.items()
            if all(word in " ".join(said).casefold() for word in words)
        ]
        return rows.filter(pk__in=found)
