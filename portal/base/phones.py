"""Telephone numbers as people write them, and as a `tel:` link can dial them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# A plus first, then digits with what stands between them; the filter `tel` leaves that out.
NUMBER = re.compile(r"\+?[\d\s()./-]+")
LEAST_DIGITS = 3


def check_phone(text: str) -> None:
    """Raise ValidationError unless `text` is empty or one number that can be dialled."""
    number = text.strip()
    digits = sum(sign.isdigit() for sign in number)
    if number and not (NUMBER.fullmatch(number) and digits >= LEAST_DIGITS):
        raise ValidationError(
            _("Write one phone number in digits, such as 116 123 or +372 5555 5555.")
        )
