"""A sealed file: compressed, then AES-256-GCM in chunks that know their place.

    mark · length of the key's id · key's id · salt · chunk · chunk · … · last chunk

Each file has a key of its own, drawn from one of BACKUP_KEYS and the salt, so the number of a chunk
can be its nonce. The nonce says too whether the chunk is the last. A chunk that is missing,
doubled, swapped, of another file or changed by one bit does not open; neither does a file that ends
too early. Reading and writing take the memory of a few chunks, whatever the size.
"""

import base64
import os
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.backup import Trouble

MARK = b"tugivork sealed 1\n"
SALT_BYTES = 32
TAG_BYTES = 16
CHUNK = 1024 * 1024
# Fast, and a database is mostly text.
LEVEL = 1


class Damaged(Trouble):
    """The file is not what was written. Says where, never what stands in it."""


def _cipher(secret: str, key_id: str, salt: bytes) -> AESGCM:
    key = HKDF(SHA256(), length=32, salt=salt, info=MARK + key_id.encode())
    return AESGCM(key.derive(base64.b64decode(secret, validate=True)))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Writer:
    """Seals what is written into `file` with the first of `keys`; `close` makes it whole."""

    def __init__(self, file: BinaryIO, keys: Mapping[str, str]) -> None:
        if not keys:
            raise Trouble("BACKUP_KEYS is empty: set a key for backups first.")
        key_id, secret = next(iter(keys.items()))
        salt = os.urandom(SALT_BYTES)
        name = key_id.encode()
        self._file = file
        self._head = MARK + bytes([len(name)]) + name + salt
        self._aead = _cipher(secret, key_id, salt)
        self._press = zlib.compressobj(LEVEL)
        self._waiting = bytearray()
        self._number = 0
        file.write(self._head)

    def write(self, data: bytes) -> None:
        self._waiting += self._press.compress(data)
        while len(self._waiting) >= CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Write the last chunk, which is always shorter than the others."""
        self._waiting += self._press.flush()
        while len(self._waiting) >= CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, plain: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._aead.encrypt(nonce, plain, self._head))
        self._number += 1


class Reader:
    """Opens what a Writer has sealed; raises Damaged where it is not that any more."""

    def __init__(self, file: BinaryIO, keys: Mapping[str, str]) -> None:
        mark, size = file.read(len(MARK)), file.read(1)
        if mark != MARK or not size:
            raise Damaged("it does not begin as a sealed file does")
        name = file.read(size[0])
        salt = file.read(SALT_BYTES)
        key_id = name.decode(errors="replace")
        if len(salt) < SALT_BYTES:
            raise Damaged("it ends too early")
        if key_id not in keys:
            known = "".join(sign for sign in key_id if sign.isalnum() or sign in "-_")
            raise Damaged(f"none of BACKUP_KEYS has the id {known or 'it names'}")
        self._file = file
        self._head = mark + size + name + salt
        self._aead = _cipher(keys[key_id], key_id, salt)
        self._unpress = zlib.decompressobj()
        self._number = 0
        self._is_over = False
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes; fewer only where there are no more."""
        parts = []
        while size:
            if not self._ready and not self._fill():
                break
            part, self._ready = self._ready[:size], self._ready[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _fill(self) -> bool:
        """Make more plain bytes ready; False at the end."""
        while not self._ready:
            pressed = self._unpress.unconsumed_tail or self._open()
            try:
                self._ready = self._unpress.decompress(pressed, CHUNK)
            except zlib.error:
                raise Damaged("its content does not unpack") from None
            if not self._ready and not pressed and self._is_over:
                return False
        return True

    def _open(self) -> bytes:
        """The next chunk, opened; empty at the end."""
        if self._is_over:
            return b""
        sealed = self._file.read(CHUNK + TAG_BYTES)
        # All chunks are full but the last, which never is.
        is_last = len(sealed) < CHUNK + TAG_BYTES
        try:
            plain = self._aead.decrypt(_nonce(self._number, is_last=is_last), sealed, self._head)
        except (InvalidTag, ValueError):
            where = f"chunk {self._number + 1}"
            raise Damaged(
                f"it ends too early, after {where}"
                if not sealed
                else f"{where} is changed, missing or in a wrong place, or the key is another"
            ) from None
        self._number += 1
        self._is_over = is_last
        return plain
