"""allauth's forms of passkeys in our words; a forged answer is a sentence, never a fault."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What reading an answer that no device gave can end in, besides a ValidationError.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    InvalidSignature,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)
NAME_LENGTH = 60


def _read(read: Callable[[], Any]) -> Any:
    """What `read()` gives; whatever is wrong with the device's answer becomes one sentence."""
    try:
        return read()
    except (ValidationError, *UNREADABLE):
        raise get_adapter().validation_error("incorrect_passkey") from None


class AnswerField(forms.JSONField):
    """What the device answered, as JSON; whatever else comes is no answer."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:  # brackets without end
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def _say_empty(form: forms.Form) -> None:
    sentence = get_adapter().error_messages["no_passkey"]
    errors = {"required": sentence, "invalid": sentence}
    form.fields["credential"] = AnswerField(widget=forms.HiddenInput, error_messages=errors)


def _say_name(form: forms.Form) -> None:
    name = form.fields["name"]
    name.label = _("Name of the passkey")
    name.help_text = _("So that you know later which device it is.")
    name.widget.attrs |= {"maxlength": NAME_LENGTH, "autocomplete": "off"}


class PasskeyAddForm(webauthn.AddWebAuthnForm):
    """A name, and what the device answered; of the two kinds allauth knows we take passkeys."""

    passwordless = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_name(self)
        _say_empty(self)

    def clean_name(self) -> str:
        return str(super().clean_name())[:NAME_LENGTH]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = _read(super().clean)
        return data


class PasskeyNameForm(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_name(self)

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:NAME_LENGTH]


class _OwnPasskeyForm:
    """What the forms for showing a passkey have in common."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_empty(self)  # type: ignore[arg-type]

    def clean_credential(self) -> Authenticator:
        authenticator: Authenticator = _read(super().clean_credential)  # type: ignore[misc]
        return authenticator

    @property
    def has_passkeys(self) -> bool:
        """Is there a passkey to show at all?"""
        kind = Authenticator.Type.WEBAUTHN
        return Authenticator.objects.filter(user=self.user, type=kind).exists()


class PasskeyForm(_OwnPasskeyForm, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second step, after the password."""


class PasskeySignInForm(_OwnPasskeyForm, webauthn.LoginWebAuthnForm):
    """A passkey in place of address, password and code."""


class PasskeyAgainForm(_OwnPasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    """A passkey of somebody signed in, before something that matters."""
