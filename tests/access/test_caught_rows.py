"""Which rows each persona has for every action of every policy: the whole table, row by row.

tests/access/rows.yaml is read by people: `mine`, `same region` and `other region` are the objects
of the world (tests/world.py), `more` stands for any others. Who is not named has nothing.
"""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
import yaml
from django.db import transaction

from network.cases.models import BreakGlass, CaseGap, TeamMember
from network.models import Holding, RegionMembership, RegionMunicipality, Seat
from portal.access.models import PortalRole
from portal.access.policies import Policy
from tests.world import KINDS, NOW, TODAY, UNKNOWN, make_world

TABLE = Path(__file__).with_name("rows.yaml")
ENDED = Path(__file__).with_name("ended.yaml")
PERIODS = (Holding, Seat, TeamMember, RegionMembership, RegionMunicipality, PortalRole)
FLOORS = ("portal", "catalogue", "network", "home")

pytestmark = pytest.mark.django_db


def policies() -> list[type[Policy]]:
    """Every policy of the portal, by name."""
    found, left = [], [Policy]
    while left:
        one = left.pop()
        left += one.__subclasses__()
        if one is not Policy and one.__module__.split(".")[0] in FLOORS:
            found.append(one)
    return sorted(found, key=lambda policy: policy.__name__)


def words(rows, named) -> str:
    """`mine, other region, more`"""
    keys = {named.get((rows.model, str(pk)), "more") for pk in rows.values_list("pk", flat=True)}
    return ", ".join(kind for kind in (*KINDS, "more") if kind in keys)


def table_of(world, asked: dict[str, dict[str, str]] | None = None) -> dict[str, dict[str, str]]:
    """Policy and action → persona → which rows; `asked`: only of these."""
    named = {}
    models = {policy.model for policy in policies()}
    for kind in KINDS:
        if kind != UNKNOWN:
            for name, pk in world.ids[kind].items():
                named |= {(model, str(pk)): kind for model in models if _is_of(model, name)}
    named |= {(CaseGap, str(gap.pk)): "mine" for gap in CaseGap.objects.all()}
    table: dict[str, dict[str, str]] = {}
    for policy in policies():
        for action in sorted(policy.actions):
            found = {
                name: words(policy.rows(user, action, TODAY), named)
                for name, user in world.people.items()
                if user is not None
                and (asked is None or name in asked.get(_name(policy, action), ()))
            }
            line = {name: rows for name, rows in sorted(found.items()) if rows}
            table[_name(policy, action)] = line
    return table


def _less(before, after) -> dict[str, str]:
    """Who has something else than before, and what."""
    return {
        name: after.get(name, "nothing") for name, rows in before.items() if after.get(name) != rows
    }


def _name(policy, action) -> str:
    return f"{policy.__name__}.{action}"


def _is_of(model, name) -> bool:
    """Is `gap_id` the id of a row of `model`?"""
    others = {"member": "teammember", "look": "breakglass", "change": "resourcechange"}
    others |= {"membership": "regionmembership", "request": "joinrequest", "note": "casenote"}
    others |= {"import": "priceimport", "taken": "priceimport"}
    word = name.removesuffix("_id")
    return model._meta.model_name == others.get(word, word)


@pytest.fixture
def world():
    made = make_world()
    with time_machine.travel(NOW, tick=False):
        # Somebody who is on no team looks into the case in an emergency right now.
        user = made.people["colleague"]
        BreakGlass.objects.create(
            case=made.case,
            user=user,
            position=user.holdings.get().position,
            reason="Uks oli lahti ja keegi ei vastanud, telefon oli toas.",
            started_at=NOW - dt.timedelta(minutes=10),
            ends_at=NOW + dt.timedelta(minutes=50),
        )
        yield made


def test_everybody_has_exactly_the_rows_of_the_table(world):
    table = table_of(world)
    said = yaml.safe_load(TABLE.read_text()) if TABLE.exists() else {}
    wrong = {name: line for name, line in table.items() if said.get(name, {}) != line}
    assert not wrong, "rows.yaml says something else:\n" + yaml.safe_dump(wrong, width=100)
    assert not said.keys() - table.keys()


def test_what_is_over_since_today_opens_nothing_though_its_grants_are_left(world):
    """Each kind of period ended by itself, behind the back of the services: no grant is taken.

    tests/access/ended.yaml says to whom each of them leaves less than before, and what.
    """
    said, wrong = yaml.safe_load(ENDED.read_text()), {}
    before = yaml.safe_load(TABLE.read_text())
    for model in PERIODS:
        with transaction.atomic():
            model.objects.update(valid_until=TODAY)
            left = table_of(world, before)
            transaction.set_rollback(True)
        changed = {name: _less(line, left[name]) for name, line in before.items()}
        changed = {name: line for name, line in changed.items() if line}
        if changed != said.get(model.__name__, {}):
            wrong[model.__name__] = changed
    assert not wrong, "ended.yaml says something else:\n" + yaml.safe_dump(wrong, width=100)


def test_whoever_is_signed_out_or_closed_has_no_rows_at_all(world):
    from django.contrib.auth.models import AnonymousUser

    closed = world.people["base"]
    closed.is_active = False
    for user in (AnonymousUser(), closed):
        for policy in policies():
            for action in policy.actions:
                assert not policy.rows(user, action, TODAY).exists(), f"{policy} {action}"
