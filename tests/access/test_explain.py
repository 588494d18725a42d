"""Who sees what and why: the chains of reasons against the policies, tried for everybody."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from network.cases.models import CaseGrant, TeamMember
from network.cases.policies import CasePolicy
from network.cases.services.break_glass import break_glass, end_break_glass
from network.cases.services.team import end_membership
from network.meetings.models import Meeting
from network.meetings.policies import MeetingPolicy
from network.models import Holding, Organisation, Region
from network.policies import OfferingPolicy, RegionPolicy
from network.services.people import end_holding, start_holding
from portal.access import grants
from portal.access.cms_groups import ensure_cms_groups
from portal.access.explain import people_of, things_of
from portal.access.models import PortalRole
from portal.access.reach import Kind, kind_of, kinds, register
from portal.access.roles import Role
from portal.accounts.models import User
from tests.cases.factories import LONG_AGO, Net, auditor, invite, join, open_case_of
from tests.factories import UserFactory
from tests.meetings.factories import Table, guest_at, running_meeting
from tests.world import CANARIES, NOW, TODAY, make_world

pytestmark = pytest.mark.django_db

REASON = "Naaber helistas: uks on lahti ja keegi ei vasta. Vaja teada, kellele helistada."
DAY = TODAY


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    made = make_world()
    look(made)
    return made


def look(world):
    """The colleague is not on the team and looks in an emergency."""
    user = world.people["colleague"]
    position = Holding.objects.get(user=user).position
    return break_glass(
        number=world.case.number, reason=REASON, position=position, by=user, key=uuid.uuid4()
    )


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker(Role.BASE_SUPPORT)


@pytest.fixture
def case(anu):
    return open_case_of(anu)


def people(case, day=DAY):
    return people_of(kind_of("case"), case, day)


def line_of(worker, case, day=DAY):
    (found,) = [row for row in people(case, day) if row.user == worker.user]
    return found


def may(policy, told, thing):
    """What everybody may do with `thing`, asked one by one: the slow truth."""
    found = {
        user: frozenset(action for action in told if policy.allows(user, action, thing, DAY))
        for user in User.objects.all()
    }
    return {user: actions for user, actions in found.items() if actions}


def explained(kind, thing):
    rows = [row for row in people_of(kind, thing, DAY) if row.opens]
    assert all(row.chains for row in rows)
    return {row.user: row.does for row in rows}


@pytest.mark.parametrize(
    ("code", "policy", "model"),
    [
        ("case", CasePolicy, None),
        ("region", RegionPolicy, Region),
        ("organisation", OfferingPolicy, Organisation),
        ("meeting", MeetingPolicy, Meeting),
    ],
)
def test_the_page_of_a_thing_lists_exactly_those_whom_the_policy_lets_in(
    world, code, policy, model
):
    kind = kind_of(code)
    things = [world.case] if model is None else list(model.objects.all())
    truth = {thing.pk: may(policy, kind.told, thing) for thing in things}
    assert any(truth.values())
    assert {thing.pk: explained(kind, thing) for thing in things} == truth


def test_every_action_by_which_a_case_is_seen_is_told():
    assert set(CasePolicy.visible_by) <= set(kind_of("case").told)
    assert set(kind_of("case").told) == CasePolicy.actions - {"look", "leave"}


def test_the_page_of_a_person_lists_exactly_what_they_open(world):
    for user in User.objects.all():
        rows = [row for row in things_of(user, DAY) if row.opens]
        assert all(row.chains for row in rows)
        for code, policy in (("case", CasePolicy), ("region", RegionPolicy)):
            kind = kind_of(code)
            told = {row.thing.pk: row.does for row in rows if row.kind is kind}
            truth = {}
            for action in kind.told:
                for pk in policy.rows(user, action, DAY).values_list("pk", flat=True):
                    truth[pk] = truth.get(pk, frozenset()) | {action}
            assert told == truth


def test_both_pages_tell_the_same(world):
    of_case = {row.user: row.why for row in people(world.case) if row.opens}
    of_people = {
        user: row.why
        for user in User.objects.all()
        for row in things_of(user, DAY)
        if row.opens and row.thing.pk == world.case.pk
    }
    assert of_case == of_people
    assert len(of_case) >= 6


def test_nobody_is_named_whom_a_case_is_about(world):
    told = " ".join(f"{row.thing.name} {row.why} {row.sees}" for row in people(world.case))
    for user in User.objects.all():
        told += " ".join(f"{row.thing.name} {row.why} {row.sees}" for row in things_of(user, DAY))
    assert world.case.number in told
    assert [value for value in CANARIES.values() if value in told] == []


def test_a_chain_says_role_days_inviter_position_holding_and_grant(here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT, title="Töötoa juhendaja")
    join(case, tiit, by=anu)
    (chain,) = line_of(tiit, case).chains
    team, position, holding, grant = chain.steps
    assert "20.11.2026" in team
    assert str(anu.user) in team
    assert "lisatoetuse osutaja" in team
    assert "Töötoa juhendaja" in position
    assert tiit.organisation.name in position
    assert "01.01.2020" in holding
    assert grant


def test_a_stand_in_is_called_so_and_has_an_end(here, anu, case):
    stand_in = UserFactory()
    start_holding(
        position=anu.position,
        user=stand_in,
        valid_from=DAY,
        valid_until=dt.date(2026, 12, 1),
        kind=Holding.Kind.STAND_IN,
    )
    (row,) = [row for row in people(case) if row.user == stand_in]
    assert row.last_day == dt.date(2026, 11, 30)
    assert row.since == DAY
    assert row.chains[0].steps[2] != line_of(anu, case).chains[0].steps[2].replace(
        "01.01.2020", "20.11.2026"
    )
    assert "30.11.2026" in row.chains[0].steps[2]


def test_a_missing_grant_is_seen_as_a_chain_that_does_not_open(anu, case):
    CaseGrant.objects.all().delete()
    row = line_of(anu, case)
    assert not row.opens
    assert row.chains
    before = row.chains[0].steps[-1]
    with transaction.atomic():
        grants.sync([anu.user.pk])
    assert line_of(anu, case).opens
    assert line_of(anu, case).chains[0].steps[-1] != before


def test_a_right_without_a_chain_is_shown_and_called_a_mistake(anu, case):
    kind = kind_of("case")
    blind = Kind(
        "blind",
        "blind",
        lambda day, since, users=None, things=None: [],
        kind.names,
        told=kind.told,
        policy=CasePolicy,
        grant=CaseGrant,
    )
    (row,) = people_of(blind, case, DAY)
    assert row.user == anu.user
    assert row.is_unexplained
    assert not line_of(anu, case).is_unexplained


def test_an_invitation_that_nobody_has_answered_is_no_way_in(here, anu, case):
    asked = here.worker(Role.ADDITIONAL_SUPPORT)
    invite(case, asked, by=anu)
    assert {row.user for row in people(case)} == {anu.user}


def test_what_has_ended_is_told_for_ninety_days(here, anu, case, clock):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(case, tiit, by=anu)
    clock.move_to(NOW + dt.timedelta(days=10))
    end_membership(TeamMember.objects.get(pk=member.pk), by=anu.user)
    for days, there in ((10, True), (99, True), (100, False)):
        day = DAY + dt.timedelta(days=days)
        rows = [row for row in people(case, day) if row.user == tiit.user]
        assert [row.is_over for row in rows] == [True] * there
        things = [row for row in things_of(tiit.user, day) if row.kind.code == "case"]
        assert [row.is_over for row in things] == [True] * there
    assert rows == []


def test_a_new_way_in_place_of_an_ended_one_is_one_line(here, anu, case, clock):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(case, tiit, by=anu)
    clock.move_to(NOW + dt.timedelta(days=10))
    end_membership(TeamMember.objects.get(pk=member.pk), by=anu.user)
    join(case, tiit, by=anu)
    day = DAY + dt.timedelta(days=10)
    assert line_of(tiit, case, day).opens


def test_a_closed_account_opens_nothing_and_its_chains_are_told(anu, case):
    anu.user.is_active = False
    anu.user.save()
    row = line_of(anu, case)
    assert not row.opens
    assert row.chains
    assert [one for one in things_of(row.user, DAY) if one.opens] == []


def test_a_holding_that_ends_on_a_day_opens_nothing_on_that_day(here, anu, case):
    other = here.worker(Role.CASE_MANAGER)
    join(case, other, by=anu)
    last = DAY + dt.timedelta(days=5)
    end_holding(Holding.objects.get(user=other.user), valid_until=last + dt.timedelta(days=1))
    assert line_of(other, case, last).opens
    assert line_of(other, case, last + dt.timedelta(days=1)).is_over


def test_an_emergency_look_is_told_while_it_lasts_and_after(here, case, clock):
    looker = here.worker(Role.BASE_SUPPORT)
    opened = break_glass(
        number=case.number,
        reason=REASON,
        position=looker.position,
        by=looker.user,
        key=uuid.uuid4(),
    )
    assert line_of(looker, case).does == {"view", "see_code"}
    end_break_glass(opened, by=looker.user)
    clock.move_to(NOW + dt.timedelta(minutes=61))
    assert line_of(looker, case).is_over


def test_a_guest_of_a_meeting_opens_that_one(here):
    table = Table()
    guest = table.worker(Role.PARTNER)
    meeting = running_meeting(table.steering)
    running_meeting(table.network)
    guest_at(meeting, guest)
    (row,) = [row for row in things_of(guest.user, DAY) if row.kind.code == "meeting"]
    assert row.thing.pk == meeting.pk
    assert row.opens
    # Those of a seat stand with the region.
    seats = [row.kind.code for row in things_of(table.member.user, DAY)]
    assert "region" in seats
    assert "meeting" not in seats


def test_roles_in_the_portal_and_groups_of_the_site_are_told():
    user = auditor()
    user.groups.add(ensure_cms_groups()["publishers"])
    PortalRole.objects.create(
        user=user,
        role=Role.ADMINISTRATOR,
        valid_from=LONG_AGO,
        valid_until=DAY - dt.timedelta(days=5),
    )
    rows = [(row.kind.code, row.thing.pk, row.is_over) for row in things_of(user, DAY)]
    assert [(code, over) for code, _pk, over in rows] == [
        ("role", False),
        ("group", False),
        ("role", True),
    ]
    root = UserFactory(is_superuser=True)
    assert [row.thing.pk for row in things_of(root, DAY)] == ["technical"]


def test_a_kind_is_told_once():
    with pytest.raises(ValueError, match="case"):
        register(kind_of("case"))
    assert [kind.order for kind in kinds()] == sorted(kind.order for kind in kinds())


def count(ask):
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_the_number_of_statements_does_not_follow_the_number_of_people(here, anu, case):
    join(case, here.worker(Role.ADDITIONAL_SUPPORT), by=anu)
    few = count(lambda: people(case))
    for _n in range(6):
        join(case, here.worker(Role.ADDITIONAL_SUPPORT), by=anu)
    assert count(lambda: people(case)) == few
    assert len(people(case)) == 8


def test_the_number_of_statements_does_not_follow_the_number_of_cases(anu, case):
    few = count(lambda: things_of(anu.user, DAY))
    for _n in range(6):
        open_case_of(anu)
    assert count(lambda: things_of(anu.user, DAY)) == few
    assert sum(row.kind.code == "case" for row in things_of(anu.user, DAY)) == 7
