"""The keys: checked where production reads them, made once where the demo keeps them."""

import base64
import binascii
import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def checked_key(name: str, value: Any) -> str:
    """Return `value` if it is 32 bytes in base64; the complaint never repeats it."""
    try:
        if len(base64.b64decode(value, validate=True)) == 32:
            return str(value)
    except (binascii.Error, TypeError, ValueError):
        pass
    raise ImproperlyConfigured(f"{name} holds a key that is not 32 bytes in base64.")


def checked_keys(name: str, text: str) -> dict[str, str]:
    """Return the keys by id, the writing one first, from their JSON text."""
    try:
        keys = json.loads(text)
    except ValueError:
        keys = None
    if not isinstance(keys, dict) or not keys:
        # Without the cause: it would quote the text, and the text is the secret.
        raise ImproperlyConfigured(
            f'{name} is not JSON such as {{"2026-1": "…"}} with the newest key first.'
        ) from None
    return {key_id: checked_key(name, value) for key_id, value in keys.items()}


def kept_keys(folder: Path) -> dict[str, Any]:
    """Return SECRET_KEY, FIELD_ENCRYPTION_KEYS and FIELD_HASH_KEY of `folder`, making them once."""
    made = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": {"demo-1": _key()},
        "FIELD_HASH_KEY": _key(),
    }
    return json.loads(_keep(folder / "secrets.json", json.dumps(made, indent=1)))


def kept_backup_keys(folder: Path) -> dict[str, Any]:
    """Return BACKUP_KEYS of `folder`, making them once; a file of their own, younger than it."""
    made = {"BACKUP_KEYS": {"demo-1": _key()}}
    return json.loads(_keep(folder / "backup-keys.json", json.dumps(made, indent=1)))


def kept_password(folder: Path) -> str:
    """Return the one password of all demo people of `folder`, making it once."""
    # Letters and digits that nobody confuses when reading them from a screen.
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    words = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(4)]
    return _keep(folder / "demo-password", "-".join(words)).strip()


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _keep(file: Path, text: str) -> str:
    """Write `text` unless somebody was earlier; return what stands in the file."""
    if not file.exists():
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(text)
        try:
            # A link is all or nothing: of two processes that start together, one wins.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()
