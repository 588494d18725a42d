"""Form fields that read what an Estonian types."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_HOURS = Decimal(744)


class HoursField(forms.CharField):
    """Hours such as `4`, `1,5` or `1.5`; a Decimal between 0.25 and the hours of a month."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        super().__init__(**kwargs)
        self.error_messages["max_length"] = _("Write a number, such as 4 or 1,5.")

    def clean(self, value: Any) -> Decimal:
        text = super().clean(value).replace(" ", "").replace("\xa0", "").replace(",", ".")
        try:
            hours = Decimal(text)
        except InvalidOperation:
            raise ValidationError(_("Write a number, such as 4 or 1,5.")) from None
        if not hours.is_finite() or not Decimal("0.25") <= hours <= MOST_HOURS:
            raise ValidationError(_("Write between 0,25 and 744 hours a month."))
        return hours
