import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from portal.base.encryption import (
    CipherText,
    DecryptionError,
    binding,
    decrypt,
    encrypt,
    keyed_hash,
)

HERE = binding("cases.note", "text", 1)


def key(letter):
    return base64.b64encode(letter.encode() * 32).decode()


def test_text_comes_back_where_it_was_stored():
    for text in ("Tere, õhtu!", "", "a\0b", "😀" * 1000):
        assert decrypt(encrypt(text, HERE), HERE) == text


def test_same_text_never_looks_the_same():
    assert encrypt("tere", HERE) != encrypt("tere", HERE)


def test_stored_text_shows_its_key_and_not_its_content():
    stored = encrypt("Mari Maasikas", HERE)
    assert stored.key_id == "test"
    assert "Mari" not in stored


@pytest.mark.parametrize(
    "there",
    [
        binding("cases.note", "text", 2),
        binding("cases.note", "title", 1),
        binding("cases.plan", "text", 1),
    ],
)
def test_text_does_not_open_in_another_place(there):
    with pytest.raises(DecryptionError):
        decrypt(encrypt("tere", HERE), there)


def test_places_cannot_be_run_together():
    assert binding("a.b", "cd", 1) != binding("a.bc", "d", 1)


def test_changed_text_does_not_open():
    stored = encrypt("tere", HERE)
    sealed = bytearray(base64.b64decode(stored.split(".")[2]))
    for position in (0, 12, len(sealed) - 1):
        broken = bytearray(sealed)
        broken[position] ^= 1
        with pytest.raises(DecryptionError):
            decrypt(f"enc1.test.{base64.b64encode(bytes(broken)).decode()}", HERE)


@pytest.mark.parametrize(
    "stored",
    ["", "tere", "enc1.test", "enc1.test.!!!", "enc1.test.", "enc2.test.AAAA", "enc1..AAAA"],
)
def test_what_is_no_cipher_text_raises_instead_of_being_shown(stored):
    with pytest.raises(DecryptionError):
        decrypt(stored, HERE)


def test_older_key_reads_and_first_key_writes():
    with override_settings(FIELD_ENCRYPTION_KEYS={"old": key("a")}):
        stored = encrypt("tere", HERE)
    with override_settings(FIELD_ENCRYPTION_KEYS={"new": key("b"), "old": key("a")}):
        assert decrypt(stored, HERE) == "tere"
        assert encrypt("tere", HERE).key_id == "new"


def test_wrong_or_missing_key_raises():
    with override_settings(FIELD_ENCRYPTION_KEYS={"one": key("a")}):
        stored = encrypt("tere", HERE)
    for keys in ({"one": key("b")}, {"two": key("a")}):
        with override_settings(FIELD_ENCRYPTION_KEYS=keys), pytest.raises(DecryptionError):
            decrypt(stored, HERE)


def test_key_id_is_bound_to_the_text():
    with override_settings(FIELD_ENCRYPTION_KEYS={"one": key("a"), "two": key("a")}):
        stored = encrypt("tere", HERE)
        with pytest.raises(DecryptionError):
            decrypt(stored.replace(".one.", ".two."), HERE)


@pytest.mark.parametrize("keys", [{}, {"short": "AAAA"}, {"no": "not base64!"}, {"a.b": key("a")}])
def test_unusable_keys_stop_the_start(keys):
    with override_settings(FIELD_ENCRYPTION_KEYS=keys), pytest.raises(ImproperlyConfigured):
        encrypt("tere", HERE)


def test_row_without_key_cannot_hold_a_text():
    with pytest.raises(ValueError):
        binding("cases.note", "text", None)


def test_error_tells_nothing_of_the_text():
    stored = encrypt("tere", HERE)
    with pytest.raises(DecryptionError) as caught:
        decrypt(stored, binding("x.y", "z", 1))
    assert stored not in str(caught.value)
    assert caught.value.__cause__ is None


def test_hash_finds_the_same_value_for_the_same_purpose_only():
    assert keyed_hash("38001085718", "code") == keyed_hash("38001085718", "code")
    assert keyed_hash("38001085718", "code") != keyed_hash("38001085719", "code")
    assert keyed_hash("38001085718", "code") != keyed_hash("38001085718", "phone")
    assert len(keyed_hash("a", "b")) == 64


def test_hash_hangs_on_its_key():
    first = keyed_hash("a", "code")
    with override_settings(FIELD_HASH_KEY=key("z")):
        assert keyed_hash("a", "code") != first


def test_empty_value_is_not_hashed():
    with pytest.raises(ValueError):
        keyed_hash("", "code")


def test_cipher_text_of_others_has_no_key_id():
    assert CipherText("tere.tulemast.siia").key_id == ""
