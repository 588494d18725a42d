"""Every door in the narrow sense: where somebody signs in or out, proves who they are, or gets a
new secret. Found in the running URLconf by what the routes are called and what their views are, so
that one which an app brings along tomorrow is on the list too.
"""

import re
from dataclasses import dataclass

from portal.access.routes import Route, routes

# The first that fits says what the door is for.
KINDS = (
    ("out", r"log_?out|sign_?out|valja"),
    ("reset", r"password_?reset|reset_?password|parool/uus|forgot|recover(?!y_?codes)"),
    ("again", r"reauth|confirm_?access|sudo|konto/kinnita"),
    ("link", r"invitation|token|magic|one_?time|confirm_?email|activate_?account"),
    ("second step", r"mfa|totp|webauthn|recovery_?codes|two_?factor|otp|passkey"),
    ("outside", r"tara|oauth|oidc|openid|saml|social"),
    ("in", r"log_?in|sign_?in|signup|sign_?up|register|authenticat|sisse/"),
    ("password", r"password|parool"),
    ("session", r"session|inactive"),
    ("admin", r"^cms/$|^admin/$|contrib\.admin"),
)


@dataclass(frozen=True)
class Entrance:
    """A door: its route, and what it is for."""

    route: Route
    kind: str


def entrances(urlconf: str | None = None) -> list[Entrance]:
    """All doors of the URLconf, in the order in which its routes are tried."""
    return [
        Entrance(route, kind) for route in routes(urlconf) if (kind := _kind_of(route)) is not None
    ]


def _kind_of(route: Route) -> str | None:
    view = getattr(route.view, "view_class", route.view)
    called = (route.path, route.name, f"{view.__module__}.{getattr(view, '__name__', '')}")
    for kind, words in KINDS:
        if any(re.search(words, text, re.IGNORECASE) for text in called):
            return kind
    return None
