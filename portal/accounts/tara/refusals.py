"""Why a sign-in by TARA was refused: a code for the log, a sentence for people."""

from allauth.socialaccount.providers.base import ProviderException
from django.utils.translation import gettext_lazy as _

TRY_AGAIN = _("The sign-in was not finished in time or in another window. Please begin again.")
NOT_SOUND = _("The answer of the state's sign-in could not be verified, so nobody was signed in.")

SENTENCES = {
    "cancelled": _("You broke the sign-in off. Nothing has happened."),
    "state": TRY_AGAIN,
    "nonce": TRY_AGAIN,
    "expired": TRY_AGAIN,
    "code": TRY_AGAIN,
    "signature": NOT_SOUND,
    "issuer": NOT_SOUND,
    "audience": NOT_SOUND,
    "token": NOT_SOUND,
    "acr": _("This way of signing in is not sure enough here. Choose another one."),
    "amr": _("This way of signing in is not accepted here. Use an ID card, Mobile-ID or Smart-ID."),
    "unknown": _(
        "No account here is linked to this identity. Sign in with your password and link it on "
        "your profile page."
    ),
    "other": _("This identity is linked to another account."),
    "unavailable": _(
        "The state's sign-in does not answer at present. Sign in with your password, or try later."
    ),
}


class TaraRefused(ProviderException):
    """`code` is a key of SENTENCES; nothing that the provider said is kept."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sentence_of(code: str) -> str:
    return str(SENTENCES.get(code, NOT_SOUND))
