"""Days and hours in the CMS: typed as everywhere else in the portal, refused if unreadable."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from portal.base.form_fields import TypedDay, TypedTime

MOMENT = re.compile(r"(?P<day>.+?)[\s,]+(?P<time>(?:kell\s*)?\d{1,2}[.:]\d{2}|kell\s*\d{1,2})")


class TypedMoment(forms.DateTimeField):
    """`1.12.2026 9:00`, also `1.12.2026 kell 9.30`; a day alone means its beginning."""

    default_error_messages = {
        "invalid": _("Write the day and the time, such as 24.03.2026 9:30."),
    }

    def to_python(self, value: Any) -> dt.datetime | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        typed = MOMENT.fullmatch(value.strip().lower())
        try:
            day, hour = TypedDay().to_python(value), dt.time()
        except ValidationError:
            if not typed:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from None
            day = TypedDay().to_python(typed["day"])
            hour = TypedTime().to_python(typed["time"])
        return from_current_timezone(dt.datetime.combine(day, hour))


def register() -> None:
    """Every day and moment of every form of the CMS. Before the first form is made."""
    register_form_field_override(
        models.DateField, override={"form_class": TypedDay, "widget": AdminDateInput}
    )
    register_form_field_override(
        models.DateTimeField, override={"form_class": TypedMoment, "widget": AdminDateTimeInput}
    )
