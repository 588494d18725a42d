"""Inviting a position, answering, leaving. CASE-08, CASE-09."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.cases.models import CaseGrant, TeamMember
from network.cases.services.team import end_membership
from network.models import RegionMembership
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import Net, invite, join, open_case_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker()


@pytest.fixture
def case(anu):
    return open_case_of(anu, last_name="Kask")


def ask(client, anu, case, worker, **fields):
    client.force_login(anu.user)
    values = {
        "key": str(uuid.uuid4()),
        "position": str(worker.position.pk),
        "role": worker.position.role,
    }
    return client.post(reverse("team_member_invite", args=[case.pk]), values | fields)


def entries(code):
    return AccessEvent.objects.filter(actioncode=code, outcome="allowed").count()


def test_a_position_is_invited_accepts_and_sees_the_case(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    assert ask(client, anu, case, tiit).status_code == 302
    member = TeamMember.objects.get(position=tiit.position)
    assert member.state == "invited"
    client.force_login(tiit.user)
    assert reverse("team_member_answer", args=[member.pk]) in client.get(reverse("desk")).text
    page = client.get(reverse("team_member_answer", args=[member.pk])).text
    for words in (str(anu.user), anu.organisation.name, here.region.name, tiit.position.title):
        assert words in page
    for words in ("Kask", "Mall", case.number):
        assert words not in page
    answer = client.post(
        reverse("team_member_answer", args=[member.pk]), {"answer": "accept"}, follow=True
    )
    assert "Mall Kask" in answer.text
    assert CaseGrant.objects.filter(user=tiit.user).exists()
    assert entries("team_member_accept") == 1


@pytest.mark.parametrize(
    "role", [Role.ORGANISATION_LEAD, Role.OFFER_EDITOR, Role.COORDINATOR, Role.STEERING]
)
def test_posts_that_lead_or_keep_offers_join_no_team(client, here, anu, case, role):
    worker, tiit = here.worker(role), here.worker(Role.ADDITIONAL_SUPPORT)
    client.force_login(anu.user)
    asked = client.get(reverse("team_member_invite", args=[case.pk])).text
    assert str(tiit.position.pk) in asked
    assert str(worker.position.pk) not in asked
    assert ask(client, anu, case, worker, role=Role.ADDITIONAL_SUPPORT).status_code == 200
    assert not TeamMember.objects.filter(position=worker.position).exists()


def test_an_answer_sent_twice_leads_to_the_same_place(client, here, anu, case):
    tiit, teele = here.worker(Role.ADDITIONAL_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    places = {"accept": reverse("case_detail", args=[case.pk]), "decline_for_sure": reverse("desk")}
    for worker, said in ((tiit, "accept"), (teele, "decline_for_sure")):
        member = invite(case, worker, by=anu)
        client.force_login(worker.user)
        for _ in range(2):
            answer = client.post(reverse("team_member_answer", args=[member.pk]), {"answer": said})
            assert answer["Location"] == places[said]
        assert entries(f"team_member_{said.removesuffix('_for_sure')}") == 1
    assert not CaseGrant.objects.filter(user=teele.user).exists()


def test_an_invitation_to_somebody_else_is_like_none(client, here, anu, case):
    member = invite(case, here.worker(Role.ADDITIONAL_SUPPORT), by=anu)
    client.force_login(here.worker(Role.ADDITIONAL_SUPPORT).user)
    pages = set()
    for pk in (member.pk, uuid.uuid4()):
        for answer in (
            client.get(reverse("team_member_answer", args=[pk])),
            client.post(reverse("team_member_answer", args=[pk]), {"answer": "accept"}),
        ):
            pages.add((answer.status_code, answer.content))
        assert AccessEvent.objects.order_by("-sequence").first().outcome == "refused"
    assert len(pages) == 1
    assert pages.pop()[0] == 404
    member.refresh_from_db()
    assert member.state == "invited"


def test_a_position_of_another_region_is_not_offered_and_not_taken(client, anu, case):
    stranger = Net().worker(Role.ADDITIONAL_SUPPORT)
    client.force_login(anu.user)
    page = client.get(reverse("team_member_invite", args=[case.pk])).text
    assert stranger.organisation.name not in page
    answer = ask(client, anu, case, stranger)
    assert set(answer.context["form"].errors) == {"position"}
    assert TeamMember.objects.count() == 1


def test_an_organisation_that_left_the_region_meanwhile_is_refused_with_a_sentence(
    client, here, anu, case
):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    RegionMembership.objects.filter(organisation=tiit.organisation).update(
        valid_until=timezone.localdate()
    )
    answer = ask(client, anu, case, tiit, task="Tugigrupp teisipäeviti.")
    assert set(answer.context["form"].errors) == {"position"}
    assert "Tugigrupp teisipäeviti." in answer.text


def test_a_partner_needs_a_last_day_and_keeps_it(client, here, anu, case):
    doctor = here.worker(Role.PARTNER)
    answer = ask(client, anu, case, doctor, parts=["contact"])
    assert set(answer.context["form"].errors) == {"last_day"}
    last = timezone.localdate() + dt.timedelta(days=30)
    ask(client, anu, case, doctor, parts=["contact"], last_day=f"{last:%d.%m.%Y}")
    member = TeamMember.objects.get(position=doctor.position)
    assert (member.last_day, member.parts) == (last, ["contact"])
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    answer = ask(client, anu, case, here.worker(Role.PARTNER), last_day=f"{yesterday:%d.%m.%Y}")
    assert set(answer.context["form"].errors) == {"last_day"}


def test_ticks_of_a_role_that_is_no_partner_mean_nothing(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    ask(client, anu, case, tiit, parts=["notes"])
    assert TeamMember.objects.get(position=tiit.position).parts == []


def test_the_same_invitation_twice_is_one(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    key = str(uuid.uuid4())
    answers = [ask(client, anu, case, tiit, key=key) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {reverse("case_detail", args=[case.pk])}
    assert TeamMember.objects.filter(position=tiit.position).count() == 1
    assert entries("team_member_invite") == 1


def test_beside_each_role_stands_what_it_will_see(client, anu, case):
    client.force_login(anu.user)
    page = client.get(reverse("team_member_invite", args=[case.pk]))
    assert len(page.context["roles"]) == 4
    for role in page.context["roles"]:
        assert role["sees"] in page.text


def end(client, user, case, member, **fields):
    client.force_login(user)
    form = {"key": str(uuid.uuid4())} | fields
    return client.post(reverse("team_member_end", args=[case.pk, member.pk]), form)


def test_whoever_leaves_sees_nothing_from_the_next_request_on(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(case, tiit, by=anu)
    client.force_login(tiit.user)
    assert client.get(reverse("team_member_end", args=[case.pk, member.pk])).status_code == 200
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = end(client, tiit.user, case, member, key=key)
        assert answer["Location"] == reverse("case_list")
    assert client.get(reverse("case_detail", args=[case.pk])).status_code == 404
    assert not CaseGrant.objects.filter(user=tiit.user).exists()
    assert entries("team_member_end") == 1


def test_a_lead_takes_others_off_and_takes_invitations_back(client, here, anu, case):
    tiit, teele = here.worker(Role.ADDITIONAL_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    joined, invited = join(case, tiit, by=anu), invite(case, teele, by=anu)
    for member in (joined, invited):
        answer = end(client, anu.user, case, member)
        assert answer["Location"] == reverse("case_detail", args=[case.pk])
    client.force_login(tiit.user)
    assert client.get(reverse("case_detail", args=[case.pk])).status_code == 404
    client.force_login(teele.user)
    assert client.get(reverse("team_member_answer", args=[invited.pk])).status_code != 200


def test_nobody_but_a_lead_takes_others_off(client, here, anu, case):
    tiit, teele = here.worker(Role.ADDITIONAL_SUPPORT), here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(case, teele, by=anu)
    join(case, tiit, by=anu)
    assert end(client, tiit.user, case, member).status_code == 403
    member.refresh_from_db()
    assert member.state == "accepted"
    assert member.valid_until is None


def test_a_member_of_another_case_is_not_found_through_mine(client, here, anu, case):
    other = open_case_of(here.worker())
    assert end(client, anu.user, case, other.team.get()).status_code == 404
    assert other.team.accepted().count() == 1


def test_the_last_one_who_sees_everything_stays(client, here, anu, case):
    answer = end(client, anu.user, case, case.team.get())
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    eve = here.worker(Role.CASE_MANAGER)
    join(case, eve, by=anu)
    assert end(client, anu.user, case, case.team.get(position=anu.position)).status_code == 302


@pytest.mark.parametrize(
    ("post", "role"),
    [
        (Role.PARTNER, Role.BASE_SUPPORT),
        (Role.PARTNER, Role.CASE_MANAGER),
        (Role.PARTNER, Role.ADDITIONAL_SUPPORT),
        (Role.ADDITIONAL_SUPPORT, Role.BASE_SUPPORT),
        (Role.ADDITIONAL_SUPPORT, Role.CASE_MANAGER),
        (Role.BASE_SUPPORT, Role.CASE_MANAGER),
    ],
)
def test_a_post_joins_in_no_role_that_sees_more_than_its_own(client, here, anu, case, post, role):
    worker = here.worker(post)
    answer = ask(client, anu, case, worker, role=role, task="Käib kaasas.")
    assert set(answer.context["form"].errors) == {"role"}
    assert "Käib kaasas." in answer.text
    assert not TeamMember.objects.filter(position=worker.position).exists()


def test_an_invitation_shows_post_organisation_and_holder(client, here, anu, case):
    tiit, teele = (here.worker(Role.ADDITIONAL_SUPPORT, title="tugiisik") for _ in range(2))
    client.force_login(anu.user)
    page = client.get(reverse("team_member_invite", args=[case.pk]))
    shown = page.context["form"].fields["position"].widget.render("p", None)
    for worker in (tiit, teele):
        place = worker.organisation.municipality.name
        said = f"tugiisik, {worker.organisation.name}, {place} ({worker.user})"
        assert said in shown


def test_the_list_of_an_invitation_costs_the_same_however_long(client, here, anu, case):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("team_member_invite", args=[case.pk]))
        return len(asked)

    here.worker(Role.ADDITIONAL_SUPPORT)
    client.force_login(anu.user)
    queries()
    few = queries()
    for _ in range(5):
        here.worker(Role.ADDITIONAL_SUPPORT, title="tugiisik")
    # What is kept of the places is read anew once.
    queries()
    assert queries() == few


def test_a_last_day_far_away_is_a_slip(client, here, anu, case):
    answer = ask(client, anu, case, here.worker(Role.PARTNER), last_day="01.01.2226")
    assert set(answer.context["form"].errors) == {"last_day"}


def test_a_partner_reads_the_own_task_and_the_lead_reads_none(client, here, anu, case):
    doctor = here.worker(Role.PARTNER)
    join(case, doctor, by=anu, task="Vaatab ravimid üle.")
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=doctor.organisation)
    address = reverse("case_detail", args=[case.pk])
    client.force_login(doctor.user)
    assert "Vaatab ravimid üle." in client.get(address).text
    client.force_login(lead.user)
    page = client.get(address)
    assert page.status_code == 200
    assert "Vaatab ravimid üle." not in page.text


def test_whoever_invited_hears_of_a_decline_until_they_open_the_case(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT, title="tugiisik")
    member = invite(case, tiit, by=anu)
    address = reverse("team_member_answer", args=[member.pk])
    client.force_login(tiit.user)
    asked = client.post(address, {"answer": "decline"})
    assert asked.status_code == 200
    assert "decline_for_sure" in asked.text
    member.refresh_from_db()
    assert member.state == "invited"
    client.post(address, {"answer": "decline_for_sure"})
    member.refresh_from_db()
    assert member.state == "declined"
    client.force_login(anu.user)
    desk = client.get(reverse("desk"))
    assert desk.context["declined"] == [member]
    page = client.get(reverse("case_detail", args=[case.pk]))
    assert page.context["declined"] == [member]
    assert client.get(reverse("desk")).context["declined"] == []
    client.force_login(here.worker().user)
    assert client.get(reverse("desk")).context["declined"] == []


def test_an_invitation_taken_back_is_no_decline(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(case, tiit, by=anu)
    end_membership(member, by=anu.user)
    client.force_login(anu.user)
    assert client.get(reverse("desk")).context["declined"] == []
