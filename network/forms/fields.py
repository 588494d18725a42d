"""Prices and places as people type them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from network.coordinates import NotCoordinates, Point, read_coordinates
from portal.base.form_fields import Text

DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


class _Amount(forms.DecimalField):
    """A number with a decimal comma, and perhaps its unit; spaces between digits are nothing."""

    unit = ""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", forms.TextInput(attrs=DECIMAL))
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = "".join(value.split()).removesuffix(self.unit).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


class EuroField(_Amount):
    """`35,50`, in euros and cents."""

    unit = "€"
    default_error_messages = {
        "invalid": _lazy("Write the price in euros, such as 35,50."),
        "max_decimal_places": _lazy("Write the price to the cent, such as 35,50."),
        "max_digits": _lazy("This price is too large."),
        "max_whole_digits": _lazy("This price is too large."),
        "min_value": _lazy("The price is more than nothing."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=8, decimal_places=2, min_value=Decimal("0.01"), **options)


class PerCentField(_Amount):
    """`24` or `24 %`."""

    unit = "%"
    default_error_messages = {
        "invalid": _lazy("Write the rate in per cent, such as 24."),
        "max_decimal_places": _lazy("Write the rate in per cent, such as 24."),
        "max_value": _lazy("Write the rate in per cent, such as 24."),
        "min_value": _lazy("Write the rate in per cent, such as 24."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_digits=4, decimal_places=1, min_value=Decimal(0), max_value=Decimal(99), **options
        )


class CountField(forms.IntegerField):
    """How many; nothing typed means that nobody has said."""

    default_error_messages = {
        "invalid": _lazy("Write a whole number, such as 3."),
        "min_value": _lazy("Write a whole number, 0 or more."),
        "max_value": _lazy("This is too many."),
    }

    def __init__(self, most: int = 9999, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs=WHOLE))
        super().__init__(required=False, min_value=0, max_value=most, **options)


class CoordinatesField(Text):
    """`57.83389, 27.01944`; gives a Point, or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(required=False, max_length=60, **options)

    def clean(self, value: Any) -> Point | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_coordinates(text)
        except NotCoordinates as error:
            raise ValidationError(_sentence(error)) from None


def _sentence(error: NotCoordinates) -> str:
    if error.why == "swapped":
        return _("Latitude comes first. The other way round it is: %(pair)s") % {
            "pair": error.exchanged
        }
    if error.why == "foreign":
        return _(
            "This place is not in Estonia. Latitude is about 57–60, longitude about 21–29, "
            "such as 57.83389, 27.01944."
        )
    return _("Write latitude and longitude, such as 57.83389, 27.01944.")
