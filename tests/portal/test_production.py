"""Production does not start with settings that would open a door."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.checks.keys import backups_can_be_made
from portal.settings.refusals import faults

ROOT = Path(__file__).resolve().parent.parent.parent


def key(letter):
    return base64.b64encode(letter.encode() * 32).decode()


GOOD = {
    "SECRET_KEY": "q8Zr-2mVt_Wd7Hs0LkXeYb4NfGu9JcPa6RoTi1QwSzCxVyBnM3KhD5",
    "FIELD_ENCRYPTION_KEYS": json.dumps({"2026-1": key("a")}),
    "FIELD_HASH_KEY": key("b"),
    "ALLOWED_HOSTS": "tugi.example,sise.tugi.example",
    "BASE_URL": "https://tugi.example",
}


def start(folder, **changed):
    """Load the production settings in a process of their own; returns (exit code, complaint)."""
    given = {**GOOD, "DATA_DIR": str(folder), **changed}
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); print('started')"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            **{name: value for name, value in given.items() if value is not None},
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path):
    tmp_path.chmod(0o700)
    return tmp_path


def test_with_everything_in_place_it_starts(folder):
    assert start(folder)[1].strip().endswith("started")


@pytest.mark.parametrize("name", sorted(GOOD))
def test_without_one_of_them_it_says_which(folder, name):
    code, said = start(folder, **{name: None})
    assert code != 0
    assert name in said


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SECRET_KEY": "lühike"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "comes from an example"),
        ({"FIELD_HASH_KEY": key("a")}, "same key stands in two places"),
        ({"BACKUP_KEYS": json.dumps({"b-1": key("a")})}, "same key stands in two places"),
        ({"BACKUP_KEYS": "nonsense"}, "BACKUP_KEYS is not JSON"),
        ({"BACKUP_KEYS": json.dumps({"b-1": "c2hvcnQ="})}, "BACKUP_KEYS holds a key"),
        ({"ALLOWED_HOSTS": "*"}, "names every host"),
        ({"BASE_URL": "http://tugi.example"}, "https://"),
        ({"PUBLIC_HOST": "tugi.example"}, "two different names"),
        ({"PUBLIC_HOST": "tugi.example", "INTRANET_HOST": "tugi.example"}, "two different names"),
        ({"PUBLIC_HOST": "tugi.example", "INTRANET_HOST": "x.example"}, "does not name x.example"),
    ],
)
def test_what_would_open_a_door_is_refused_with_a_sentence(folder, changed, words):
    code, said = start(folder, **changed)
    assert code != 0
    assert words in said
    for secret in ("SECRET_KEY", "FIELD_HASH_KEY"):
        assert {**GOOD, **changed}[secret] not in said or secret not in changed


def test_a_data_folder_open_to_everybody_is_refused(folder):
    folder.chmod(0o755)
    assert "open to everybody" in start(folder)[1]


LOADED = {
    "SECRET_KEY": GOOD["SECRET_KEY"],
    "FIELD_ENCRYPTION_KEYS": {"2026-1": key("a")},
    "FIELD_HASH_KEY": key("b"),
    "ALLOWED_HOSTS": ["tugi.example"],
    "BASE_URL": "https://tugi.example",
    "PUBLIC_HOST": "",
    "INTRANET_HOST": "",
}


def test_debug_is_refused(folder):
    assert list(faults(LOADED, folder)) == []
    assert list(faults({**LOADED, "DEBUG": True}, folder))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SECOND_FACTOR_REQUIRED": False}, "only the demo"),
        ({"DEMO_PASSWORD": "abcd-efgh"}, "DEMO_PASSWORD is set"),
        ({"TARA_URL": "http://tara.example"}, "TARA_URL has to begin with https://"),
        ({"MAP_TILES_URL": "http://kaart.example/{z}"}, "MAP_TILES_URL has to begin"),
        ({"SECRET_KEY_FALLBACKS": ["lühike"]}, "SECRET_KEY_FALLBACKS"),
    ],
)
def test_doors_that_the_demo_leaves_open_are_shut(folder, changed, words):
    (said,) = faults({**LOADED, **changed}, folder)
    assert words in said
    assert "abcd" not in said


def test_a_database_that_everybody_may_read_is_refused(folder, tmp_path_factory):
    place = tmp_path_factory.mktemp("elsewhere")
    file = place / "tugivork.sqlite3"
    file.touch(mode=0o600)
    place.chmod(0o700)
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}
    given = {**LOADED, "DATABASES": {"default": database}}
    assert list(faults(given, folder)) == []
    file.chmod(0o644)
    assert list(faults(given, folder)) == []
    place.chmod(0o755)
    (said,) = faults(given, folder)
    assert "database is open to everybody" in said


def test_a_password_of_the_demo_in_the_environment_is_refused(folder):
    code, said = start(folder, DEMO_PASSWORD="abcd-efgh")
    assert code != 0
    assert "DEMO_PASSWORD is set" in said
    assert "abcd" not in said


def test_a_portal_that_nobody_backs_up_is_warned(settings):
    settings.BACKUP_KEYS, settings.BACKUP_DIR = {}, ""
    (warning,) = backups_can_be_made()
    assert warning.id == "portal.W007"
    settings.BACKUP_DIR = "/mnt/elsewhere"
    assert backups_can_be_made() == []
    settings.BACKUP_KEYS, settings.BACKUP_DIR = {"b-1": key("c")}, ""
    assert backups_can_be_made() == []
