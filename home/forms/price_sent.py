"""Finding one of the price lists that somebody has sent: by its name and by what became of it."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.models import PriceImport
from portal.base.form_fields import Text, capped

WAITING, TAKEN, BACK = "ootel", "voetud", "tagasi"
STATES = [
    (WAITING, _("not taken over")),
    (TAKEN, _("taken over")),
    (BACK, _("taken back")),
]


class SentForm(forms.Form):
    """What may stand in the address of the list; what is on no list counts as nothing."""

    q = Text(
        label=_("Name of the file"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["state"].choices = [("", _("All")), *capped(STATES)]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    def narrow(self, rows: QuerySet[PriceImport]) -> QuerySet[PriceImport]:
        words, state = self.cleaned_data.get("q"), self.cleaned_data.get("state")
        if words:
            rows = rows.filter(file_name__icontains=words)
        if state == TAKEN:
            rows = rows.filter(applied_at__isnull=False)
        elif state == BACK:
            rows = rows.filter(applied_at__isnull=True, taken_back_at__isnull=False)
        elif state == WAITING:
            rows = rows.filter(Q(applied_at__isnull=True) & Q(taken_back_at__isnull=True))
        return rows
