"""The few building blocks of pages. Words only; the look stands in the templates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.widgets import AdminDateInput
from wagtail.blocks.struct_block import StructBlockValidationError

from portal.base.form_fields import TypedDay
from portal.base.phones import check_phone


class ExampleBlock(blocks.CharBlock):
    """A search that a visitor can try with one tap."""

    class Meta:
        icon = "search"
        label = _("example")


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("title"), max_length=60)
    text = blocks.TextBlock(label=_("text"), max_length=300)

    class Meta:
        icon = "order"
        label = _("step")


class ActivityBlock(blocks.TextBlock):
    """One thing that is done; the page numbers them. CAT-03."""

    class Meta:
        icon = "list-ol"
        label = _("activity")


class DayBlock(blocks.DateBlock):
    """A day, typed as everywhere else in the portal."""

    @cached_property
    def field(self) -> Field:
        return TypedDay(widget=AdminDateInput(format=self.format), **self.field_options)


# What is kept is the same as before, so migrations know it by the same name.
DECONSTRUCT_ALIASES = {DayBlock: "wagtail.blocks.DateBlock"}


class HelpNumberBlock(blocks.StructBlock):
    """A number to call when help is needed at once, with its source and day of checking."""

    number = blocks.CharBlock(label=_("number"), max_length=20)
    name = blocks.CharBlock(label=_("name"), max_length=60)
    text = blocks.TextBlock(label=_("what it helps with"), required=False, max_length=300)
    hours = blocks.CharBlock(label=_("when it answers"), required=False, max_length=80)
    source = blocks.CharBlock(label=_("source"), required=False, max_length=200)
    checked_on = DayBlock(
        label=_("last checked"),
        required=False,
        help_text=_("The page says so to the editor until the day is filled in."),
    )
    in_header = blocks.BooleanBlock(label=_("on top of every page"), required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        try:
            check_phone(cleaned["number"])
        except ValidationError as error:
            raise StructBlockValidationError(block_errors={"number": error}) from None
        return cleaned

    class Meta:
        icon = "help"
        label = _("help number")
