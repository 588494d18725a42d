"""How an entry is bound to the one before: one text, one hash. Knows no database."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from json.encoder import encode_basestring as quoted

FIRST_HASH = "0" * 64


def digest_of(salt: str, subject: str, number: str) -> str:
    """What the chain keeps of a subject; stays when a lawful erasure blanks the rest."""
    return hashlib.sha256(f"{salt}|{subject}|{number}".encode()).hexdigest()


def moment_of(time: dt.datetime) -> str:
    """A moment as the chain writes it: UTC, with all six digits after the second."""
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")


def hash_of_parts(
    sequence: int,
    key: str,
    moment: str,
    usercode: str,
    username: str,
    receivercode: str,
    receiver: str,
    role: str,
    actioncode: str,
    purpose: str,
    channel: str,
    outcome: str,
    previous: str,
    digests: Iterable[str],
) -> str:
    """The hash of an entry: everything it says and the hash of the one before.

    The text is the JSON of all parts with their names in order and no space between, so that any
    other program can make it too. Written out by hand: a million of them are checked at a time.
    """
    subjects = ",".join(f'"{digest}"' for digest in sorted(digests))
    text = (
        f'{{"actioncode":{quoted(actioncode)},"channel":{quoted(channel)},"id":{quoted(key)},'
        f'"logtime":{quoted(moment)},"outcome":{quoted(outcome)},"previous":{quoted(previous)},'
        f'"purpose":{quoted(purpose)},"receiver":{quoted(receiver)},'
        f'"receivercode":{quoted(receivercode)},"role":{quoted(role)},"sequence":{sequence:d},'
        f'"subjects":[{subjects}],"usercode":{quoted(usercode)},"username":{quoted(username)}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()
