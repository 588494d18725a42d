"""Types and small questions about a request that the edge asks in several places."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]

# The private half: nothing of it is kept anywhere, and its pages say nothing about other pages.
PRIVATE_PREFIXES = (
    *("/intranet/", "/konto/", "/cms/", "/kalender/"),
    # What a person reads of their own by a one-time link, in three languages.
    *("/minu/", "/en/minu/", "/ru/minu/"),
)


def is_private(path: str) -> bool:
    """Does `path` belong to the intranet, the sign-in, the CMS or to one person?"""
    return f"{path}/".startswith(PRIVATE_PREFIXES)
