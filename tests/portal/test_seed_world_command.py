"""`seed_world`: the same each time, and never where real people are."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

pytestmark = pytest.mark.django_db

# One case through the services with all its company; those in bulk draw the same way.
CASES = 1


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"


def told(out: Path, seed: str) -> str:
    """What one world tells of itself; afterwards it is gone."""
    with transaction.atomic():
        call_command(
            "seed_world",
            seed=seed,
            cases=CASES,
            components=2,
            resources=2,
            out=out,
            stdout=StringIO(),
        )
        transaction.set_rollback(True)
    text = out.read_text()
    # PostgreSQL goes on counting after a rollback, so there only what is drawn is compared.
    return text if connection.vendor == "sqlite" else json.dumps(_drawn(json.loads(text)))


def _drawn(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _drawn(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_drawn(one) for one in value]
    is_number = isinstance(value, int) or (isinstance(value, str) and value.isdigit())
    return None if is_number else value


def test_the_same_seed_gives_the_same_world_and_another_one_another(tmp_path: Path) -> None:
    first = told(tmp_path / "first.json", "7")
    assert told(tmp_path / "again.json", "7") == first
    assert len(json.loads(first)["canaries"]) > 500
    assert (tmp_path / "first.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"cases": -1}, "below zero"),
        ({"out": Path("/nowhere/at/all.json")}, "no folder /nowhere/at"),
    ],
)
def test_what_makes_no_world_gets_one_sentence(
    tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    given = {"seed": "1", "cases": 1, "out": tmp_path / "world.json"} | options
    with pytest.raises(CommandError, match=sentence):
        call_command("seed_world", **given)


def test_settings_of_real_people_need_one_more_word(settings: Any, tmp_path: Path) -> None:
    settings.SECURE_SSL_REDIRECT = True
    with pytest.raises(CommandError, match="--really"):
        call_command("seed_world", seed="1", cases=1, out=tmp_path / "world.json")
    assert not (tmp_path / "world.json").exists()
