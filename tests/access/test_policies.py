"""The machine of permissions: rows decide, everything else is derived."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from portal.access.policies import Policy, UnknownAction
from tests.factories import UserFactory

DAY = dt.date(2026, 11, 22)


class GroupPolicy(Policy[Group]):
    """For these tests: a member sees the group, a group named after the day is for nobody."""

    model = Group
    actions = frozenset({"view", "change"})

    @classmethod
    def rows_for(cls, user, action, day):
        rows = Group.objects.filter(user=user).exclude(name=day.isoformat())
        return rows if action == "view" else rows.filter(name__startswith="muudetav")


@pytest.fixture
def member(db):
    user = UserFactory()
    user.groups.add(Group.objects.create(name="muudetav"), Group.objects.create(name="loetav"))
    Group.objects.create(name="võõras")
    return user


def names(rows):
    return sorted(rows.values_list("name", flat=True))


def test_rows_are_those_the_rule_names(member):
    assert names(GroupPolicy.rows(member, "view", DAY)) == ["loetav", "muudetav"]
    assert names(GroupPolicy.rows(member, "change", DAY)) == ["muudetav"]


def test_allows_says_yes_exactly_for_the_rows(member):
    for action in GroupPolicy.actions:
        allowed = [
            g.name for g in Group.objects.all() if GroupPolicy.allows(member, action, g, DAY)
        ]
        assert sorted(allowed) == names(GroupPolicy.rows(member, action, DAY))


def test_somebody_signed_out_has_no_rows(member):
    assert not GroupPolicy.rows(AnonymousUser(), "view", DAY).exists()


def test_an_inactive_user_has_no_rows(member):
    member.is_active = False
    assert not GroupPolicy.rows(member, "view", DAY).exists()


def test_a_superuser_has_no_more_rows_than_anybody(member):
    boss = UserFactory(is_superuser=True, is_staff=True)
    assert not GroupPolicy.rows(boss, "view", DAY).exists()
    assert not GroupPolicy.allows(boss, "view", Group.objects.get(name="loetav"), DAY)


def test_an_unknown_action_is_an_error_and_never_a_no(member):
    with pytest.raises(UnknownAction):
        GroupPolicy.rows(member, "delete", DAY)
    with pytest.raises(UnknownAction):
        GroupPolicy.rows(AnonymousUser(), "delete", DAY)


def test_the_day_reaches_the_rule(member):
    member.groups.add(Group.objects.create(name="2026-11-23"))
    assert "2026-11-23" in names(GroupPolicy.rows(member, "view", DAY))
    assert "2026-11-23" not in names(GroupPolicy.rows(member, "view", dt.date(2026, 11, 23)))


def test_a_row_that_is_not_stored_is_allowed_to_nobody(member):
    assert not GroupPolicy.allows(member, "view", Group(name="muudetav"), DAY)
