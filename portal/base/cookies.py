"""Our own cookies: with TLS they carry the prefix that binds them to it and to this host.

A browser refuses a cookie named `__Host-…` that comes without TLS, for a part of the site only, or
from a neighbouring host. The session's and the form token's names stand in the settings.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

PREFIX = "__Host-"


def own_name(name: str) -> str:
    """The cookie `name` as it is called here: with the prefix where there is TLS."""
    return f"{PREFIX}{name}" if settings.SESSION_COOKIE_SECURE else name


class MessageCookie(CookieStorage):
    """Django's, under our own name."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        """The name with its prefix."""
        return own_name("messages")


class MessageStorage(FallbackStorage):
    """What is said once, on the next page: in a cookie, and in the session where it is long."""

    storage_classes = (MessageCookie, SessionStorage)
