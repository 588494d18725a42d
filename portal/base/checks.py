"""Asked at every start: can the ground bear what is built on it?"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from portal.base.encryption import current_key_id, keyed_hash


@register
def private_files_are_apart(**kwargs: Any) -> list[CheckMessage]:
    """Private files must not lie in a folder that is served to everybody, nor around one."""
    private = Path(settings.PRIVATE_FILES_ROOT).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        folder = Path(getattr(settings, name) or "/nonexistent").resolve()
        if private.is_relative_to(folder) or folder.is_relative_to(private):
            return [Error(f"PRIVATE_FILES_ROOT and {name} lie in each other.", id="base.E002")]
    return []


@register
def keys_are_usable(**kwargs: Any) -> list[CheckMessage]:
    """The keys of encrypted fields exist and have their length."""
    try:
        current_key_id()
        keyed_hash("check", "check")
    except (ImproperlyConfigured, AttributeError) as error:
        return [Error(str(error), id="base.E003")]
    return []
