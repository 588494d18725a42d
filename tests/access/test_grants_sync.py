"""Grants follow memberships: exactly the set that the facts call for, in the same transaction."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from network.cases.models import CaseGrant, CaseListing, TeamMember
from network.cases.policies import CasePolicy
from network.cases.services.team import answer_invitation, end_membership
from network.models import Holding
from network.services.people import close_account, end_holding, start_holding
from portal.access import grants
from portal.access.roles import Role
from portal.base import due
from tests.cases.factories import Net, auditor, invite, join, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker(Role.BASE_SUPPORT)


@pytest.fixture
def case(anu):
    return open_case_of(anu)


def granted():
    """(user, case) of all grants that stand; each has the one permission there is."""
    rows = CaseGrant.objects.values_list("user_id", "content_object_id", "permission__codename")
    assert {codename for _user, _case, codename in rows} <= {"see_case"}
    return {(user, case) for user, case, _codename in rows}


def listed():
    """(user, case) of all rows of the list; a lead's outline is listed without a grant."""
    lead = {"user__holdings__position__role": Role.ORGANISATION_LEAD}
    return set(CaseListing.objects.exclude(**lead).values_list("user_id", "case_id"))


def the_grants_are(*pairs):
    """Exactly these, in the grants and in the list; and check_grants agrees."""
    wanted = {(user.pk, case.pk) for user, case in pairs}
    out = StringIO()
    call_command("check_grants", stdout=out)
    return granted() == listed() == wanted and "agree" in out.getvalue()


def test_opening_grants_the_opener_and_nobody_else(here, anu, case):
    here.worker(Role.BASE_SUPPORT, organisation=anu.organisation)
    here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation)
    here.seat()
    auditor()
    UserFactory(is_superuser=True)
    assert the_grants_are((anu.user, case))


def test_an_invitation_grants_nothing_before_it_is_accepted(here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    member = invite(case, tiit, by=anu)
    assert the_grants_are((anu.user, case))
    answer_invitation(member, accept=True, by=tiit.user)
    assert the_grants_are((anu.user, case), (tiit.user, case))


def test_a_declined_invitation_grants_nothing(here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    answer_invitation(invite(case, tiit, by=anu), accept=False, by=tiit.user)
    assert the_grants_are((anu.user, case))


def test_everybody_who_holds_the_position_has_a_grant(here, anu, case):
    stand_in = UserFactory()
    start_holding(
        position=anu.position,
        user=stand_in,
        valid_from=timezone.localdate(),
        kind=Holding.Kind.STAND_IN,
    )
    assert the_grants_are((anu.user, case), (stand_in, case))


def test_ending_a_membership_takes_its_grant_and_no_other(here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    second = open_case_of(anu)
    member = join(case, tiit, by=anu)
    join(second, tiit, by=anu)
    end_membership(member, by=anu.user)
    assert the_grants_are((anu.user, case), (anu.user, second), (tiit.user, second))


def test_ending_a_holding_takes_the_grants_of_that_position_only(here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    second = here.worker(Role.PARTNER, user=tiit.user)
    join(case, tiit, by=anu)
    join(case, second, by=anu)
    end_holding(Holding.objects.get(position=tiit.position), valid_until=timezone.localdate())
    assert the_grants_are((anu.user, case), (tiit.user, case))
    end_holding(Holding.objects.get(position=second.position), valid_until=timezone.localdate())
    assert the_grants_are((anu.user, case))


def test_a_holding_that_begins_later_is_granted_and_not_seen_yet(here, anu, case):
    new = UserFactory()
    start = timezone.localdate() + dt.timedelta(days=10)
    start_holding(position=anu.position, user=new, valid_from=start)
    assert not CasePolicy.allows(new, "view", case, timezone.localdate())
    assert CasePolicy.allows(new, "view", case, start)


def test_what_ran_out_by_itself_opens_nothing_and_is_cleared_by_the_daily_job(here, anu, case):
    doctor = here.worker(Role.PARTNER)
    last = timezone.localdate() + dt.timedelta(days=5)
    join(case, doctor, by=anu, valid_until=last)
    now = dt.datetime.combine(last, dt.time(12), dt.UTC)
    with time_machine.travel(now):
        assert not CasePolicy.allows(doctor.user, "view", case, last)
        assert (doctor.user.pk, case.pk) in granted()
        assert "clear ended grants" in due.run_due(now)
        assert the_grants_are((anu.user, case))


def test_the_daily_job_mends_what_is_missing_and_says_so(anu, case, caplog):
    CaseGrant.objects.all().delete()
    grants.clear_ended(timezone.now())
    assert the_grants_are((anu.user, case))
    assert "1 grants were missing" in caplog.text
    assert str(case.pk) not in caplog.text


def test_a_surplus_and_a_missing_grant_are_named_and_mended(anu, case):
    stranger = UserFactory()
    CaseGrant.objects.filter(user=anu.user).delete()
    CaseGrant.objects.create(
        user=stranger,
        content_object=case,
        permission=Permission.objects.get(codename="see_case"),
    )
    complaint = StringIO()
    with pytest.raises(CommandError, match="2 differences"):
        call_command("check_grants", stderr=complaint)
    assert "cases.CaseGrant missing" in complaint.getvalue()
    assert "cases.CaseGrant surplus" in complaint.getvalue()
    with transaction.atomic():
        grants.sync([anu.user.pk, stranger.pk])
    assert the_grants_are((anu.user, case))


def test_a_surplus_grant_opens_nothing_by_itself(anu, case):
    stranger = UserFactory()
    CaseGrant.objects.create(
        user=stranger,
        content_object=case,
        permission=Permission.objects.get(codename="see_case"),
    )
    today = timezone.localdate()
    assert not any(
        CasePolicy.allows(stranger, action, case, today) for action in CasePolicy.actions
    )


def test_syncing_again_writes_nothing(anu, case):
    before = set(CaseGrant.objects.values_list("pk", flat=True))
    with transaction.atomic():
        grants.sync([anu.user.pk])
    assert set(CaseGrant.objects.values_list("pk", flat=True)) == before


def test_a_change_that_fails_leaves_grants_as_they_were(here, anu, case, monkeypatch):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    member = invite(case, tiit, by=anu)

    def broken(*args, **kwargs):
        raise RuntimeError("the log is full")

    monkeypatch.setattr("network.cases.services.team.record", broken)
    with pytest.raises(RuntimeError):
        answer_invitation(member, accept=True, by=tiit.user)
    assert TeamMember.objects.get(pk=member.pk).state == TeamMember.State.INVITED
    assert the_grants_are((anu.user, case))


def test_a_closed_account_is_refused_whatever_it_holds(anu, case):
    close_account(anu.user)
    assert not CasePolicy.allows(anu.user, "view", case, timezone.localdate())


@pytest.mark.django_db(transaction=True)
def test_syncing_belongs_into_the_transaction_of_the_change():
    with pytest.raises(TransactionManagementError):
        grants.sync(["x"])


def test_syncing_thirty_people_costs_as_much_as_one(here, anu, django_assert_max_num_queries):
    holders = [here.worker(Role.ADDITIONAL_SUPPORT) for _one in range(30)]
    cases = [open_case_of(anu) for _one in range(3)]
    for holder in holders[:5]:
        join(cases[0], holder, by=anu)
    with transaction.atomic():
        with django_assert_max_num_queries(20) as one:
            grants.sync([anu.user.pk])
        with django_assert_max_num_queries(20) as many:
            grants.sync([holder.user.pk for holder in holders])
    assert len(many) <= len(one)
