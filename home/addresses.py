"""Addresses of pages from plain columns: no page tree, no query."""

from django.conf import settings
from django.utils import translation


def language_prefix(language: str | None = None) -> str:
    """`/` for Estonian, `/en/` or `/ru/` for the others."""
    language = language or translation.get_language() or settings.LANGUAGE_CODE
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def page_address(url_path: str, language: str | None = None) -> str:
    """The address of the page with Wagtail's `url_path`, in `language` or that of the moment.

    Every page hangs under a front page, whose slug is the first part and is never shown.
    """
    return language_prefix(language) + "/".join(url_path.split("/")[2:])
