"""The canaries of an invented network (`seed_world`): everybody reads what is theirs, no more.

Who may read each word is told by world.json, by the rules and not by the code that is proved.
"""

import json
from io import StringIO
from zlib import crc32

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from network.models import Resource, ResourceChange
from network.policies import led_by
from portal.access.routes import routes
from portal.accounts.models import User
from portal.world.canaries import words_in
from tests.asking import browser_of, undone
from tests.canaries import crawl
from tests.headers import path_of
from tests.world import NO_SUCH_NUMBER

NUMBER = 20
OURS = [route for route in routes() if route.door is None and "<str:token>" not in route.path]
KINDS = ("mine", "other_team", "other_region")


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker, tmp_path_factory):
    """`seed_world` on a small scale, with its people and canaries (world.json)."""
    out = tmp_path_factory.mktemp("network") / "world.json"
    settings = override_settings(
        PRIVATE_FILES_ROOT=tmp_path_factory.mktemp("private"), SECOND_FACTOR_REQUIRED=True
    )
    with settings, django_db_blocker.unblock(), undone():
        call_command(
            "seed_world",
            seed="kanaarid",
            cases=NUMBER,
            components=3,
            resources=3,
            out=out,
            stdout=StringIO(),
        )
        yield json.loads(out.read_text())


def paths_of(person):
    """Every page of ours, with what is this persona's, another team's and another region's."""
    for route in OURS:
        if "<uuid:" in route.path or "<int:" in route.path:
            # What is mine, and in turn another team's or another region's.
            others = KINDS[1 + crc32(f"{route.name} {person['key']}".encode()) % 2]
            for kind in ("mine", others) if person["mine"] else (others,):
                yield path_of(route, person[kind], NO_SUCH_NUMBER)
        else:
            yield path_of(route, {}, 1)


PERSONAS = [
    *("anonymous", "editor", "publisher", "team_member", "same_organisation"),
    *("organisation_lead", "partner", "partner_elsewhere", "other_region", "steering"),
    *("steering_other_region", "auditor", "administrator", "disabled_former_member"),
    *("removed_member", "without_second_factor"),
]


def offers_of(lead):
    """Ids of what belongs to the organisation that `lead` speaks for (docs/access.md)."""
    of_theirs = {"organisation__in": led_by(lead, timezone.localdate())}
    found = [model.objects.filter(**of_theirs) for model in (Resource, ResourceChange)]
    return {str(pk) for rows in found for pk in rows.values_list("pk", flat=True)}


@pytest.mark.parametrize("key", PERSONAS)
def test_in_an_invented_network_everybody_reads_what_is_theirs(network, db, key):
    person, canaries = network["personas"][key], network["canaries"]
    user = User.objects.get(pk=person["user_id"]) if person["user_id"] else None
    browser = browser_of(user, has_shown=key != "without_second_factor")

    spoken_for = offers_of(user) if key == "organisation_lead" else set()

    def not_theirs(answer):
        words = set(words_in(answer.body.decode(errors="replace")))
        words |= set(words_in(str(answer.response.headers)))
        return {
            (word, canaries[word]["model"], canaries[word]["field"])
            for word in words & set(canaries)
            if not {key, "*"} & set(canaries[word]["sees"])
            and canaries[word]["object"] not in spoken_for
        }

    seen, found = crawl(browser, paths_of(person), not_theirs, most=170)
    assert found == {}
    assert len(seen) > 40


def test_all_kinds_of_people_of_the_network_are_asked(network):
    assert set(network["personas"]) == set(PERSONAS)
