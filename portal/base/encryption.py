"""Text at rest: AES-256-GCM, each text bound to the place where it is stored.

A stored text looks like `enc1.<key id>.<nonce, cipher text and tag in base64>`. The associated
data names model, field and row, so a text copied to another row, field or table does not open.
Keys are apart from SECRET_KEY: the first one of FIELD_ENCRYPTION_KEYS writes, all of them read.
Whatever fails raises; nobody is ever shown a cipher text as if it were the value.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MARK = "enc1"
KEY_BYTES = 32
NONCE_BYTES = 12


class DecryptionError(Exception):
    """A stored text cannot be opened: wrong key, wrong place, or changed. Holds no text."""


class CipherText(str):
    """A text as it stands in the database; the only kind that an encrypted field stores."""

    __slots__ = ()

    @property
    def key_id(self) -> str:
        """The id of the key that wrote it; empty if it is no cipher text of ours."""
        parts = self.split(".")
        return parts[1] if len(parts) == 3 and parts[0] == MARK else ""


def binding(label: str, field: str, pk: object) -> bytes:
    """Name a place: `label` such as `cases.note`, the field's name, the row's primary key."""
    if pk is None:
        raise ValueError("The row must have its primary key before a text is bound to it.")
    return "\0".join((label, field, str(pk))).encode()


def encrypt(text: str, place: bytes) -> CipherText:
    """Return `text` as it may be stored at `place`."""
    key_id = current_key_id()
    nonce = os.urandom(NONCE_BYTES)
    sealed = _ciphers()[key_id].encrypt(nonce, text.encode(), _with_key(place, key_id))
    return CipherText(f"{MARK}.{key_id}.{base64.b64encode(nonce + sealed).decode()}")


def decrypt(stored: str, place: bytes) -> str:
    """Return the text stored at `place`, or raise DecryptionError."""
    cipher_text = CipherText(stored)
    key_id = cipher_text.key_id
    if key_id not in _ciphers():
        raise DecryptionError("No key for this text.")
    try:
        sealed = base64.b64decode(cipher_text.split(".")[2], validate=True)
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return _ciphers()[key_id].decrypt(nonce, rest, _with_key(place, key_id)).decode()
    except (InvalidTag, binascii.Error, ValueError):
        # "from None": the original error is no help and may carry the text.
        raise DecryptionError("This text does not open here.") from None


def current_key_id() -> str:
    """The id of the key that writes."""
    return next(iter(_ciphers()))


def keyed_hash(value: str, purpose: str) -> str:
    """Return what stands beside an encrypted text for exact look-up: 64 hex digits.

    The caller brings `value` into one shape first (letter case, spaces). `purpose` keeps equal
    values of different kinds apart. Without FIELD_HASH_KEY nobody can try out values.
    """
    if not value:
        raise ValueError("An empty value would find every other empty one.")
    message = f"{purpose}\0{value}".encode()
    return hmac.new(
        _key(settings.FIELD_HASH_KEY, "FIELD_HASH_KEY"), message, hashlib.sha256
    ).hexdigest()


def _with_key(place: bytes, key_id: str) -> bytes:
    return place + b"\0" + key_id.encode()


def _ciphers() -> dict[str, AESGCM]:
    return _ciphers_of(tuple(settings.FIELD_ENCRYPTION_KEYS.items()))


@lru_cache(maxsize=4)
def _ciphers_of(keys: tuple[tuple[str, str], ...]) -> dict[str, AESGCM]:
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty.")
    for key_id, _ in keys:
        if not key_id.replace("-", "").replace("_", "").isalnum():
            raise ImproperlyConfigured("A key id is made of letters, digits, - and _.")
    return {key_id: AESGCM(_key(key, "FIELD_ENCRYPTION_KEYS")) for key_id, key in keys}


def _key(text: str, setting: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{setting}: a key is {KEY_BYTES} bytes in base64.")
    return key
