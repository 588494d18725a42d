"""The shape of what is typed to make a link for the person."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.base.form_fields import KeyField, RefusableForm

DAYS = ((1, _("One day")), (7, _("Seven days")), (30, _("Thirty days")))
# As whoever reads it says it.
LANGUAGES = (("et", "Eesti"), ("en", "English"), ("ru", "Русский"))


class CaseLinkForm(RefusableForm):
    """How long the link waits, in which language, and where to send it, if anywhere."""

    key = KeyField()
    language = forms.ChoiceField(
        label=_("Language of the page"),
        choices=LANGUAGES,
        initial=settings.LANGUAGE_CODE,
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label=_("How long the link waits"),
        choices=DAYS,
        coerce=int,
        initial=7,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("Send it to this address"),
        required=False,
        max_length=254,
        help_text=_(
            "Only if the person has asked for it and nobody else reads their letters. "
            "The letter names nobody. Empty: you print or copy the link yourself."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
