"""What an entry keeps of whom it is about cannot be tried out, and what it says cannot change."""

import dataclasses
import hashlib

import pytest
from django.db import transaction
from django.utils import timezone

from portal.audit.chain import hash_of_parts
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessSubject

PARTS = {
    "sequence": 7,
    "key": "a",
    "moment": "2026-11-20T08:00:00.000000+00:00",
    "usercode": "b",
    "username": "c",
    "receivercode": "d",
    "receiver": "e",
    "role": "f",
    "actioncode": "g",
    "purpose": "h",
    "channel": "i",
    "outcome": "j",
    "previous": "0" * 64,
}


@pytest.mark.django_db
def test_the_same_case_has_another_salt_and_digest_in_each_entry():
    actor = Actor("1", "Anu")
    with transaction.atomic():
        for _ in range(2):
            record(actor, [Subject("id", "7KQ-4RD")], actioncode="case_view", now=timezone.now())
    first, second = AccessSubject.objects.order_by("pk")
    assert first.salt != second.salt
    assert first.digest != second.digest
    assert len(first.salt) >= 32
    assert hashlib.sha256(b"|id|7KQ-4RD").hexdigest() not in {first.digest, second.digest}


@pytest.mark.parametrize("name", PARTS)
def test_no_part_of_an_entry_changes_without_its_hash(name):
    other = PARTS | {name: 8 if name == "sequence" else "another"}
    digests = ["x" * 64, "y" * 64]
    assert hash_of_parts(**PARTS, digests=digests) != hash_of_parts(**other, digests=digests)


@pytest.mark.parametrize("digests", [[], ["x" * 64], ["x" * 64, "z" * 64]])
def test_whom_an_entry_is_about_does_not_change_without_its_hash(digests):
    said = hash_of_parts(**PARTS, digests=["x" * 64, "y" * 64])
    assert hash_of_parts(**PARTS, digests=digests) != said


def test_every_field_of_an_actor_stands_in_the_entry():
    named = {one.name for one in dataclasses.fields(Actor)} - {"purpose"}
    assert named <= PARTS.keys()
