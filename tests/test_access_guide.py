"""The table of docs/access.md is what the policies say, for every policy and every action."""

import re

import pytest
import time_machine

from network.cases.models import CaseGap
from network.meetings.models import Meeting
from network.models import Resource
from portal.access.policies import Policy
from portal.make.stamps import ROOT
from tests.world import MINE, NOW, TODAY, make_world

GUIDE = ROOT / "docs" / "access.md"
COLUMNS = (
    "base",
    "additional",
    "partner",
    "lead",
    "invited",
    "offer_editor",
    "network_seat",
    "steering",
    "coordinator",
    "guest",
    "responsible",
    "auditor",
    "administrator",
    "editor",
)
# Whoever has none of it: never a member, or one no longer.
STRANGERS = ("nobody", "stranger", "former_member", "former_holder", "former_seat", "disabled")
LINE = re.compile(r"^\| [^|]+ \| `(\w+)\.(\w+)` \|(.*)\|$", re.MULTILINE)
YES, NO = "●", "·"


@pytest.fixture
def world(db, settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    with time_machine.travel(NOW, tick=False):
        yield make_world()


def policies():
    return {policy.__name__: policy for policy in Policy.__subclasses__() if _is_ours(policy)}


def _is_ours(policy):
    return not policy.__module__.startswith("tests")


def objects(world):
    """The row of “mine” by model; of the others any row will do."""
    ids = world.ids[MINE]
    meeting = Meeting.objects.get(pk=ids["meeting_id"])
    return {
        "case": ids["case_id"],
        "teammember": ids["member_id"],
        "casegap": CaseGap.objects.get(gap_id=ids["gap_id"]).pk,
        "region": world.here.region.pk,
        "resource": ids["resource_id"],
        "organisation": Resource.objects.get(pk=ids["resource_id"]).organisation_id,
        "resourcechange": ids["change_id"],
        "gap": ids["gap_id"],
        "group": meeting.group_id,
        "series": ids["series_id"],
        "meeting": meeting.pk,
        "decision": ids["decision_id"],
        "action": ids["action_id"],
        "priceimport": ids["import_id"],
    }


def says(world, policy, action, persona, mine):
    rows = policy.rows(_user(world, persona), action, TODAY)
    known = mine.get(policy.model._meta.model_name)
    return (rows.filter(pk=known) if known else rows).exists()


def _user(world, persona):
    from django.contrib.auth.models import AnonymousUser

    return world.people[persona] or AnonymousUser()


def test_every_policy_and_action_stands_in_the_table_once():
    told = [(policy, action) for policy, action, _cells in LINE.findall(GUIDE.read_text())]
    known = [(name, action) for name, policy in policies().items() for action in policy.actions]
    assert sorted(told) == sorted(known)


def test_the_table_says_what_the_policies_say(world):
    mine, known, wrong = objects(world), policies(), []
    for name, action, cells in LINE.findall(GUIDE.read_text()):
        told = [cell.strip() for cell in cells.split("|")]
        true = [YES if says(world, known[name], action, who, mine) else NO for who in COLUMNS]
        if told != true:
            wrong.append(f"`{name}.{action}` | {' | '.join(true)} |")
    assert "\n".join(wrong) == ""


def test_a_stranger_has_nothing(world):
    mine = objects(world)
    for policy in policies().values():
        for action in policy.actions:
            assert not [who for who in STRANGERS if says(world, policy, action, who, mine)]
