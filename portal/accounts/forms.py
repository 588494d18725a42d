"""allauth's forms in our words: label above, no placeholder, one hint."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts import limits, second_factor
from portal.accounts.letters import ask_password_reset
from portal.accounts.models import User

EMAIL = _("E-mail")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
NEW_PASSWORD_AGAIN = _("New password again")
PASSWORD_HINT = _("At least 12 characters. Several words in a row are easy to remember.")


def _say(form: forms.Form, name: str, label: Any, hint: Any = "") -> None:
    """Give a field of `form` our label and hint, and take its placeholder away."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth_forms.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", EMAIL)
        _say(self, "password", PASSWORD)
        # “username” is not allowed on a field of type email; browsers offer the account anyway.
        self.fields["login"].widget.attrs["autocomplete"] = "email"


class PasswordChangeForm(allauth_forms.ChangePasswordForm):
    """The present password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", _("Present password"))
        _say(self, "password1", NEW_PASSWORD, PASSWORD_HINT)
        _say(self, "password2", NEW_PASSWORD_AGAIN)


class PasswordSetForm(allauth_forms.SetPasswordForm):
    """A first password for somebody who signed in another way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password1", NEW_PASSWORD, PASSWORD_HINT)
        _say(self, "password2", NEW_PASSWORD_AGAIN)


class PasswordResetForm(allauth_forms.ResetPasswordForm):
    """The address to which a link is sent; the answer is the same for every address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "email", EMAIL)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Put the letter into the outbox; the same is done for an address without an account."""
        ask_password_reset(next(iter(self.users), None))
        return str(self.cleaned_data["email"])


class PasswordResetKeyForm(allauth_forms.ResetPasswordKeyForm):
    """A new password, twice, behind the link from the letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password1", NEW_PASSWORD, PASSWORD_HINT)
        _say(self, "password2", NEW_PASSWORD_AGAIN)


class PasswordAgainForm(allauth_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", PASSWORD)


# --- One-time codes ----------------------------------------------------------------------------


def _say_code(form: forms.Form, hint: Any) -> None:
    _say(form, "code", _("One-time code"), hint)
    attrs = form.fields["code"].widget.attrs
    attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric"}


def _use_up(user: Any, secret: str, code: str) -> None:
    """Refuse a code that was used before, by whomever and in whatever form."""
    step = second_factor.step_of(secret, code)
    if step is None or not second_factor.use_up(user, step):
        raise get_mfa_adapter().validation_error("incorrect_code")


class _OwnCodeForm:
    """What the forms for showing a code have in common."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        try:
            usage = limits.take(context.request, self.user.email, "code")
        except limits.MustWait:
            raise get_account_adapter().validation_error("too_many_login_attempts") from None
        code: str = super().clean_code()  # type: ignore[misc]
        authenticator = self.authenticator
        if authenticator.type == Authenticator.Type.TOTP:
            secret = get_mfa_adapter().decrypt(authenticator.data["secret"])
            _use_up(authenticator.user, secret, code)
        usage.rollback()
        return code


CODE_HINT = _("Six digits from the app on your phone, or one of your recovery codes.")


class CodeForm(_OwnCodeForm, mfa_forms.AuthenticateForm):
    """The one-time code while signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self, CODE_HINT)


class CodeAgainForm(_OwnCodeForm, mfa_forms.ReauthenticateForm):
    """The one-time code of somebody signed in, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self, CODE_HINT)


class CodeSetUpForm(ActivateTOTPForm):
    """The first code of a phone, which proves that the phone has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self, _("The six digits that the app shows now."))

    def clean_code(self) -> str:
        code = super().clean_code()
        _use_up(self.user, self.secret, code)
        return code


# --- Ours --------------------------------------------------------------------------------------


class AcceptForm(forms.Form):
    """An invited person's name and first password."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    password1 = forms.CharField(
        label=PASSWORD, help_text=PASSWORD_HINT, strip=False, widget=forms.PasswordInput
    )
    password2 = forms.CharField(label=_("Password again"), strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name, meaning in (
            ("first_name", "given-name"),
            ("last_name", "family-name"),
            ("password1", "new-password"),
            ("password2", "new-password"),
        ):
            self.fields[name].widget.attrs["autocomplete"] = meaning

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password = data.get("password1", "")
        if password:
            # A password made of the name that is being typed is weak too.
            known = User(
                email=self.user.email,
                first_name=data.get("first_name", ""),
                last_name=data.get("last_name", ""),
            )
            try:
                validate_password(password, known)
            except ValidationError as error:
                self.add_error("password1", error)
        if password and data.get("password2") and password != data["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        return data


class ProfileForm(forms.ModelForm):
    """What somebody may say about themselves; the address is changed by who invites."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language", "letters")
        widgets = {"language": forms.RadioSelect, "letters": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, meaning in (("first_name", "given-name"), ("last_name", "family-name")):
            self.fields[name].required = True
            self.fields[name].widget.attrs["autocomplete"] = meaning
        self.fields["letters"].help_text = _(
            "A letter says only that something waits, never about whom. Letters about the safety "
            "of your account come in any case."
        )
