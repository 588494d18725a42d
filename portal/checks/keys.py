"""The keys that only this machine knows are there and are not the published ones (rules.md 18)."""

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

BYTES_OF_A_KEY = 32


@register(Tags.security)
def keys_are_there(
    app_configs: Iterable[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each key that is missing or is not 32 bytes in base64."""
    keys = getattr(settings, "FIELD_ENCRYPTION_KEYS", None) or {"": ""}
    named = {f"FIELD_ENCRYPTION_KEYS[{name!r}]": key for name, key in keys.items()}
    backup_keys = getattr(settings, "BACKUP_KEYS", {})
    named |= {f"BACKUP_KEYS[{name!r}]": key for name, key in backup_keys.items()}
    named["FIELD_HASH_KEY"] = getattr(settings, "FIELD_HASH_KEY", "")
    return [
        Error(f"{name} is not a key of {BYTES_OF_A_KEY} bytes in base64.", id="portal.E003")
        for name, key in named.items()
        if not _is_key(key)
    ]


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) >= BYTES_OF_A_KEY
    except (binascii.Error, ValueError, TypeError):
        return False


@register(Tags.security, deploy=True)
def keys_are_not_the_ones_in_the_repository(
    app_configs: Iterable[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With `check --deploy`: an error if a key of development or of the tests is in use."""
    names = set(getattr(settings, "FIELD_ENCRYPTION_KEYS", {}))
    if settings.SECRET_KEY.startswith("only-for-") or names & {"dev", "test"}:
        return [Error("The keys are those of development; they are public.", id="portal.E004")]
    return []


@register(Tags.security, deploy=True)
def backups_can_be_made(
    app_configs: Iterable[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With `check --deploy`: a warning where neither a key nor a folder for backups is set.

    The key alone may be missing: it can stand where only the nightly command reads it.
    """
    if getattr(settings, "BACKUP_KEYS", None) or getattr(settings, "BACKUP_DIR", ""):
        return []
    return [
        Warning(
            "Neither BACKUP_KEYS nor BACKUP_DIR is set: nothing is backed up.",
            hint="Set both for `manage.py backup`: docs/operations.md.",
            id="portal.W007",
        )
    ]
