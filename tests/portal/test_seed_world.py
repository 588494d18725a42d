"""The invented network: whole, sealed, with a canary in every text, and its people can sign in."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from network.cases.models import BreakGlass, Case, CaseListing, CaseNote, Person, TeamMember
from network.cases.models.person import surname_hash
from network.cases.policies import CasePolicy
from network.models import Resource
from portal.access import grants
from portal.accounts.models import User
from portal.base.encryption import MARK
from portal.world.canaries import EXEMPT, WORD, text_fields, words_in
from portal.world.personas import KEYS
from portal.world.readers import EMPTY_IN, private_models

CASES, COMPONENTS, RESOURCES = 50, 7, 6
SIGN_IN, SHOW = "/konto/sisse/", "/konto/sisse/kood/"


def seed(folder: Path, number: int = CASES, **options: Any) -> dict[str, Any]:
    out = folder / "world.json"
    options = {"components": COMPONENTS, "resources": RESOURCES} | options
    call_command("seed_world", seed="proov", cases=number, out=out, stdout=StringIO(), **options)
    return json.loads(out.read_text())


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Any]]:
    """A world in a transaction around all tests of the module."""
    settings = override_settings(
        PRIVATE_FILES_ROOT=tmp_path_factory.mktemp("private"),
        # Of other tests' logs this one knows nothing.
        AUDIT_ANCHOR_FILE=str(tmp_path_factory.mktemp("outside") / "anchors.log"),
    )
    with settings, django_db_blocker.unblock(), transaction.atomic():
        yield seed(tmp_path_factory.mktemp("world"), log=40)
        transaction.set_rollback(True)


@pytest.fixture
def world(standing: dict[str, Any], db: None) -> dict[str, Any]:
    return standing


def case_of(world: dict[str, Any], story: str) -> Case:
    return Case.objects.get(pk=world["stories"][story]["case_id"])


def test_there_is_as_much_of_everything_as_was_asked_for(world: dict[str, Any]) -> None:
    assert Case.objects.count() == Person.objects.count() == CASES
    assert Case.objects.values("region").distinct().count() == 3
    assert Resource.objects.filter(name__regex=r"^\w+ \d+ kanaari").count() == RESOURCES
    assert set(world["personas"]) == set(KEYS)
    assert BreakGlass.objects.exists()
    assert TeamMember.objects.filter(state="invited").exists()
    assert apps.get_model("audit", "AccessEvent").objects.count() > 40


def test_rights_and_lists_are_those_that_the_facts_call_for(world: dict[str, Any]) -> None:
    assert grants.differences() == []
    before = set(CaseListing.objects.values_list("user_id", "case_id", "number", "valid_until"))
    CaseListing.objects.all().delete()
    grants.sync(User.objects.values_list("pk", flat=True))
    rows = CaseListing.objects.values_list("user_id", "case_id", "number", "valid_until")
    assert set(rows) == before


def test_the_log_of_the_world_is_whole(world: dict[str, Any]) -> None:
    said = StringIO()
    call_command("audit_verify", stdout=said)
    assert "whole" in said.getvalue()


def test_every_private_text_holds_a_canary_that_says_where_it_stands(
    world: dict[str, Any],
) -> None:
    told = world["canaries"]
    bare, silent = [], []
    for model in private_models():
        label = model._meta.label
        rows = list(model._default_manager.all())
        for field in text_fields(model):
            found = 0
            for row in rows:
                value = getattr(row, field.name)
                if not value and EMPTY_IN.get(f"{label}.{field.name}", bool)(row):
                    continue
                place = {"model": label, "field": field.name, "object": str(row.pk)}
                words = [word for word in words_in(value) if place.items() <= told[word].items()]
                found += len(words)
                if len(words) != 1:
                    bare.append((label, field.name, value))
            if not found:
                silent.append(f"{label}.{field.name}")
    assert bare == []
    assert silent == [], "A new text of a private model: the world fills it, or EXEMPT says why not"


def test_what_is_exempt_exists_and_says_why() -> None:
    for place, reason in EXEMPT.items():
        label, _dot, name = place.rpartition(".")
        assert apps.get_model(label)._meta.get_field(name)
        assert reason


def test_no_canary_stands_in_the_database_but_where_it_is_told(world: dict[str, Any]) -> None:
    """Texts about people are sealed for real: no table says one of their canaries."""
    sealed = {
        word
        for word, place in world["canaries"].items()
        if place["model"] in ("cases.Person", "cases.CaseNote", "cases.Case", "cases.TeamMember")
    }
    assert len(sealed) > 10 * CASES
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found |= {word for value in row for word in words_in(value)} & sealed
    assert found == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_name, last_name_hash FROM cases_person")
        for cipher_text, kept in cursor.fetchall():
            assert cipher_text.startswith(f"{MARK}.")
            assert len(kept) == 64
    person = Person.objects.first()
    assert person is not None
    assert WORD in person.last_name
    assert person.last_name_hash == surname_hash(person.last_name)


def test_the_canary_of_a_picture_is_nowhere(world: dict[str, Any], settings: Any) -> None:
    hidden = [word for word, place in world["canaries"].items() if place["field"].startswith("(")]
    assert hidden
    assert all(world["canaries"][word]["sees"] == [] for word in hidden)
    stored = [file.read_bytes() for file in Path(settings.PRIVATE_FILES_ROOT).rglob("*/*")]
    assert stored
    assert [word for word in hidden if any(word.encode() in content for content in stored)] == []


CASE_SEEN_BY = {
    "A1": {"team_member", "without_second_factor", "organisation_lead", "partner"},
    "A2": {"same_organisation", "organisation_lead", "partner_elsewhere"},
    "A3": set(),
    "B1": {"other_region"},
}


@pytest.mark.parametrize("story", CASE_SEEN_BY)
def test_personas_reach_the_cases_of_their_story_and_no_other(
    world: dict[str, Any], story: str
) -> None:
    case, day = case_of(world, story), timezone.localdate()
    users = {
        key: User.objects.get(pk=persona["user_id"])
        for key, persona in world["personas"].items()
        if persona["user_id"]
    }
    seeing = {key for key, user in users.items() if CasePolicy.allows(user, "look", case, day)}
    assert seeing == CASE_SEEN_BY[story]


def test_readers_of_a_canary_are_told_part_by_part(world: dict[str, Any]) -> None:
    case = case_of(world, "A1")
    sees = {
        place["field"]: set(place["sees"])
        for place in world["canaries"].values()
        if place["object"] == str(case.person_id)
    }
    everything = {"team_member", "without_second_factor"}
    assert sees["first_name"] == everything | {"partner"}
    assert sees["personal_code"] == sees["address"] == everything
    notes = CaseNote.objects.filter(case=case).values_list("pk", flat=True)
    readers = {
        frozenset(place["sees"])
        for place in world["canaries"].values()
        if place["model"] == "cases.CaseNote" and place["object"] in {str(pk) for pk in notes}
    }
    assert readers == {frozenset(everything)}


def sign_in(persona: dict[str, Any]) -> tuple[Client, Any]:
    client = Client()
    typed = {"login": persona["login"], "password": persona["password"]}
    return client, client.post(SIGN_IN, typed, follow=True)


def test_somebody_with_a_code_signs_in_with_password_and_code(
    world: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    now = timezone.now().timestamp()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: now))
    persona = world["personas"]["team_member"]
    client, answer = sign_in(persona)
    assert answer.request["PATH_INFO"] == SHOW
    code = format_hotp_value(hotp_value(persona["totp_secret"], int(now) // 30))
    client.post(SHOW, {"code": code})
    page = client.get(f"/intranet/juhtumid/{persona['mine']['case_id']}/")
    assert page.status_code == 200
    assert client.get(f"/intranet/juhtumid/{persona['unknown']['case_id']}/").status_code == 404


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("steering", 200),
        ("auditor", 200),
        ("removed_member", 200),
        # Closed; and a visitor has nothing to sign in with.
        ("disabled_former_member", 302),
    ],
)
def test_others_sign_in_with_their_password(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch, key: str, status: int
) -> None:
    now = timezone.now().timestamp()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: now))
    persona = world["personas"][key]
    client, _answer = sign_in(persona)
    code = format_hotp_value(hotp_value(persona["totp_secret"], int(now) // 30))
    client.post(SHOW, {"code": code})
    assert client.get("/intranet/").status_code == status
    assert world["personas"]["anonymous"]["login"] is None


def test_somebody_without_a_code_is_led_to_set_one_up(world: dict[str, Any], settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, _answer = sign_in(world["personas"]["without_second_factor"])
    answer = client.get("/intranet/")
    assert (answer.status_code, answer.url) == (302, "/konto/kood/lisa/?next=/intranet/")


def test_a_second_world_into_the_same_database_is_refused(
    world: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="goes into an empty one"):
        seed(tmp_path)
    with pytest.raises(CommandError, match="goes into an empty one"):
        seed(tmp_path, really=True)
    assert not (tmp_path / "world.json").exists()
