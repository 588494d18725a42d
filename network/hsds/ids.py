"""Ids of records: UUIDs, as HSDS asks for, that lead back to the row without a table of their own.

The id of a row says its kind and its key (UUID version 8, RFC 9562: bits of our own), so it stays
the same as long as the row does. What hangs on a row and is never asked for by itself (a phone
number, a price) gets a name-based id (version 5) under that of its row.
"""

import hashlib
import uuid

# Drawn once for Tugivõrk; whoever changes it gives everything a new id.
NAMESPACE = uuid.UUID("6f4a1f3e-6f0b-4c3a-9a55-0d8f1f2f7c11")
VERSION_8 = 8 << 76
VARIANT = 0b10 << 62
MOST = (1 << 62) - 1

SERVICE = "service"
LOCATION = "location"
SERVICE_AT_LOCATION = "service_at_location"
ORGANIZATION = "organization"
DOMAIN_TERM = "life_domain"
COMPONENT_TERM = "component"


def id_of(kind: str, key: int) -> str:
    """The id of the row with primary key `key`, seen as a record of `kind`."""
    return str(uuid.UUID(int=_head(kind) | key & MOST))


def key_from(kind: str, text: str) -> int | None:
    """The primary key that `id_of` was given; None if `text` is no id of this kind."""
    try:
        number = uuid.UUID(text).int
    except ValueError:
        return None
    return number & MOST if number & ~MOST == _head(kind) else None


def id_under(owner: str, *name: object) -> str:
    """The id of something that hangs on the record `owner`, told from its siblings by `name`."""
    return str(uuid.uuid5(uuid.UUID(owner), "/".join(str(part) for part in name)))


def id_named(*name: str) -> str:
    """The id of something that is no row: a taxonomy, or a term that stands in the code."""
    return id_under(str(NAMESPACE), *name)


def _head(kind: str) -> int:
    """All bits above the key: sixty of the kind, less those that say what sort of UUID it is."""
    digest = hashlib.sha256(NAMESPACE.bytes + kind.encode()).digest()
    upper = int.from_bytes(digest[:8], "big")
    return (upper >> 16) << 80 | VERSION_8 | (upper & 0xFFF) << 64 | VARIANT
