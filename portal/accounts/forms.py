"""allauth's forms in our words: label above, no placeholder, one hint."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.letters import ask_password_reset

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
