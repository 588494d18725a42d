"""Drafts on the device: the key that opens them, and the names under which they lie there.

The text never comes here before it is saved. The device keeps it encrypted with a key that is
given to the signed-in person only, so another person at the same device finds nothing to read,
and the same person finds it again after the session has ended. Both are derived from the secret
of the look-up values: nothing is stored.
"""

import base64

from portal.base.encryption import keyed_hash

KEY = "drafts.key"
OWNER = "drafts.owner"
PLACE = "drafts.place"


def draft_key(user_pk: object) -> str:
    """The key of one person's drafts: 32 bytes in base64."""
    return base64.b64encode(bytes.fromhex(keyed_hash(str(user_pk), KEY))).decode()


def draft_owner(user_pk: object) -> str:
    """Tells one person's drafts from another's on a shared device, and says nothing else."""
    return keyed_hash(str(user_pk), OWNER)[:16]


def draft_place(user_pk: object, *ids: object) -> str:
    """The name of one draft, bound to the person and to what it is about (a case, a note)."""
    return keyed_hash(" ".join(map(str, (user_pk, *ids))), PLACE)[:32]
