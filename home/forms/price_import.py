"""Sending a price form: where its prices go, the file, the day."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from catalogue.importer.amounts import day_in
from catalogue.importer.cells import Sheet
from catalogue.importer.files import open_file
from catalogue.importer.layout import judge
from catalogue.importer.reading import read
from catalogue.models import Round
from home.reports.price_targets import TargetRow, known_catalogue, period_of
from portal.base.form_fields import (
    SEARCHABLE,
    KeyField,
    RefusableForm,
    RowChoiceField,
    TypedDay,
    give_rows,
)

MANY = 12


class PriceImportForm(RefusableForm):
    """`sheets` holds the cells of the file once the form is valid."""

    key = KeyField()
    target = RowChoiceField(
        label=_("Whose prices are they?"),
        error_messages={"required": _("Choose a round or an organisation.")},
    )
    file = forms.FileField(
        label=_("File with the prices"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("An Excel table (xlsx) or CSV, 5 MB at most. Your own layout will do."),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("The file is empty."),
            "max_length": _("The name of the file is too long."),
        },
    )
    valid_from = TypedDay(
        label=_("From which day do the prices hold?"),
        required=False,
        help_text=_(
            "Such as 24.03.2026. Counts where the file itself names no day; leave it empty if the "
            "file names the day of every price."
        ),
    )

    sheets: list[Sheet]

    def __init__(self, *args: Any, targets: list[TargetRow], dropped: list[str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.dropped = dropped
        rounds = [(one.value, one.label, one) for one in targets if one.is_round]
        others = [(one.value, one.label, one) for one in targets if not one.is_round]
        groups = [
            (_g("Reference prices of a round"), rounds),
            (_g("Prices of an organisation's own offers"), others),
        ]
        give_rows(self, "target", [group for group in groups if group[1]])
        if len(targets) > MANY:
            self.fields["target"].widget.attrs |= SEARCHABLE
        if not others:
            self.fields["target"].label = _("To which round do the prices belong?")
        if len(targets) == 1:
            self.initial["target"] = targets[0].value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._check_day(cleaned.get("target"), cleaned.get("valid_from"))
        if self.dropped:
            self.errors.pop("file", None)
            self.add_error("file", _g("The file is too large. A price list has at most 5 MB."))
        elif upload := cleaned.get("file"):
            try:
                self.sheets = open_file(upload.read(), judge)
            except ValidationError as error:
                self.add_error("file", error)
            else:
                self._find_day(cleaned)
        return cleaned

    def _find_day(self, cleaned: dict[str, Any]) -> None:
        """Without a typed day the file has to name one for each price; the first is kept."""
        if cleaned.get("valid_from") or "valid_from" in self.errors:
            return
        known = known_catalogue()
        reading = read(self.sheets, known.domain_names, names=known.names)
        lines = [line for line in reading.lines if not line.no_price]
        days = [line.valid_from for line in lines if line.valid_from]
        if not reading.has_table:
            # Its columns will be told by hand, so any day in it is a beginning.
            cells = (cell for sheet in self.sheets for row in sheet.rows for cell in row)
            days = [day for cell in cells if (day := day_in(cell.text))]
        without = [str(line.row) for line in lines if not line.valid_from]
        if not days or without:
            words = _g("Write the day: the file does not name it for every price.")
            rows = _g("See row %(rows)s.") % {"rows": ", ".join(dict.fromkeys(without[:5]))}
            self.add_error("valid_from", f"{words} {rows}" if without else words)
        else:
            cleaned["valid_from"] = min(days)

    def _check_day(self, target: TargetRow | None, day: dt.date | None) -> None:
        """A day outside the round would refuse every row, only after all questions."""
        if target is None or day is None or not isinstance(target.row, Round):
            return
        if not target.row.is_valid_on(day):
            self.add_error("valid_from", f"{period_of(target.row)} {_g('Choose a day in it.')}")
