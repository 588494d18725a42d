"""The secrets behind one-time and recovery codes stand in allauth's table, encrypted by us."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.base.encryption import CipherText, binding, current_key_id, decrypt, encrypt

# allauth does not say whose secret it hands over, so the place is the column.
PLACE = binding("mfa.authenticator", "data", "secret")
NAMES = ("secret", "seed")


def _old_rows() -> list[int]:
    current = current_key_id()
    return [
        row.pk
        for row in Authenticator.objects.only("data").iterator()
        if any(CipherText(text).key_id != current for name in NAMES if (text := row.data.get(name)))
    ]


def secrets_with_old_key() -> int:
    """How many rows were written with another key than the current one."""
    return len(_old_rows())


def rotate_secret() -> int:
    """Re-encrypt them row by row; return how many."""
    done = 0
    for pk in _old_rows():
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            for name in NAMES:
                if text := row.data.get(name):
                    row.data[name] = str(encrypt(decrypt(text, PLACE), PLACE))
            row.save(update_fields=["data"])
            done += 1
    return done
