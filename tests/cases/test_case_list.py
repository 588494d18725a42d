"""Who finds which of their cases, and what it costs. CASE-08."""

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.cases import reports
from network.cases.models import Case, CaseGrant, CaseListing, TeamMember
from network.cases.policies import CasePolicy
from network.cases.reports import CaseChoice, find_cases, my_cases
from network.cases.services.changing import change_case
from network.cases.services.team import end_membership
from network.services.people import end_holding, sync_position
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import PERSONAL_CODE, Net, auditor, join, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


def page_for(user, day=None, **choice):
    day = day or timezone.localdate()
    return my_cases(user, CasePolicy.rows(user, "look", day), CaseChoice(**choice), day)


def found_by(user, words):
    day = timezone.localdate()
    return [row.case for row in find_cases(user, CasePolicy.rows(user, "look", day), words, day)]


def test_the_list_shows_my_cases_and_nobody_elses(here, client):
    anu, other = here.worker(), here.worker()
    mine = open_case_of(anu, last_name="Kask")
    foreign = open_case_of(other, last_name="Kuusk")
    client.force_login(anu.user)
    answer = client.get(reverse("case_list"))
    assert mine.number in answer.text
    assert "Mall Kask" in answer.text
    assert foreign.number not in answer.text
    assert "Kuusk" not in answer.text


def test_a_list_leaves_one_entry_with_a_subject_for_each_case_shown(here, client):
    anu = here.worker()
    cases = {str(open_case_of(anu).pk) for _ in range(3)}
    open_case_of(here.worker())
    client.force_login(anu.user)
    before = AccessEvent.objects.count()
    client.get(reverse("case_list"))
    assert AccessEvent.objects.count() == before + 1
    event = AccessEvent.objects.order_by("-sequence").first()
    assert (event.actioncode, event.usercode) == ("case_list", str(anu.user.pk))
    assert (event.receiver, event.role) == (anu.organisation.name, Role.BASE_SUPPORT)
    assert {one.subject for one in event.subjects.all()} == cases


def test_if_the_entry_cannot_be_written_no_case_is_shown(here, client, monkeypatch):
    anu = here.worker()
    open_case_of(anu)
    client.force_login(anu.user)

    def broken(*args, **kwargs):
        raise RuntimeError("the log is locked")

    monkeypatch.setattr("network.cases.views.listing.record", broken)
    with pytest.raises(RuntimeError):
        client.get(reverse("case_list"))
    CaseListing.objects.update(next_review=timezone.localdate())
    with pytest.raises(RuntimeError):
        client.get(reverse("desk"))


def test_a_partner_without_the_tick_sees_neither_name_nor_place(here, client):
    anu, doctor = here.worker(), here.worker(Role.PARTNER)
    case = open_case_of(anu, last_name="Kask")
    join(case, doctor, by=anu)
    client.force_login(doctor.user)
    answer = client.get(reverse("case_list"))
    assert case.number in answer.text
    assert "Kask" not in answer.text
    # The name of the place is a choice of the filter; the row does not say it, nor does asking.
    assert page_for(doctor.user).rows[0].place == ""
    assert page_for(doctor.user, municipality=here.municipality.slug).rows == []
    assert page_for(doctor.user, municipality=here.municipality.slug).total == 0


def test_a_partner_with_the_tick_sees_the_name(here):
    anu, doctor = here.worker(), here.worker(Role.PARTNER)
    join(open_case_of(anu, last_name="Kask"), doctor, by=anu, parts=["contact"])
    assert page_for(doctor.user).rows[0].name == "Mall Kask"


def test_nobody_else_has_a_list(here):
    anu = here.worker()
    open_case_of(anu)
    colleague = here.worker(Role.ADDITIONAL_SUPPORT, organisation=anu.organisation)
    administrator = UserFactory(is_staff=True, is_superuser=True)
    for user in (colleague.user, here.seat().user, administrator, auditor()):
        assert page_for(user).rows == []
        assert page_for(user).total == 0


def test_a_former_holder_has_an_empty_list_on_the_next_request(here, client):
    anu = here.worker()
    open_case_of(anu)
    client.force_login(anu.user)
    assert "Mall" in client.get(reverse("case_list")).text
    end_holding(anu.user.holdings.get(), valid_until=timezone.localdate())
    assert "Mall" not in client.get(reverse("case_list")).text


def test_a_membership_that_ends_today_shows_nothing_tomorrow_without_any_job(here):
    anu, doctor = here.worker(), here.worker(Role.PARTNER)
    case = open_case_of(anu)
    join(case, doctor, by=anu)
    last_day = TeamMember.objects.get(position=doctor.position).last_day
    assert page_for(doctor.user, last_day).rows
    assert page_for(doctor.user, last_day + dt.timedelta(days=1)).rows == []


def test_a_row_left_over_in_the_access_table_opens_nothing(here):
    anu, stranger = here.worker(), here.worker()
    case = open_case_of(anu)
    CaseListing.objects.filter(case=case).update(user=stranger.user)
    CaseGrant.objects.filter(content_object=case).update(user=stranger.user)
    assert page_for(stranger.user).rows == []


def test_reviews_that_are_late_come_first_and_closed_cases_are_left_out(here):
    anu = here.worker()
    late, soon, closed = (open_case_of(anu) for _ in range(3))
    day = timezone.localdate()
    for case, days in ((late, 3), (soon, 5)):
        values = {"state": "assessed", "noticing": "", "version": 1, "by": anu.user}
        change_case(case, next_review=day + dt.timedelta(days=days), **values)
    values = {"noticing": "", "version": 1, "by": anu.user}
    change_case(closed, state="closed", next_review=day, **values)
    later = day + dt.timedelta(days=4)
    assert [row.case for row in page_for(anu.user, later).rows] == [late, soon]
    assert [row.is_overdue for row in page_for(anu.user, later).rows] == [True, False]
    assert [row.case for row in page_for(anu.user, later, overdue=True).rows] == [late]
    assert [row.case for row in page_for(anu.user, later, state="closed").rows] == [closed]
    assert [row.case for row in page_for(anu.user, later, state="all").rows][-1] == closed
    assert len(page_for(anu.user, later, state="assessed").rows) == 2


def test_pages_follow_each_other_without_gap_or_double(here, monkeypatch):
    monkeypatch.setattr(reports, "PAGE_SIZE", 2)
    anu = here.worker()
    for _ in range(5):
        open_case_of(anu)
    for sort in ("review", "number"):
        seen, page = [], page_for(anu.user, sort=sort)
        seen += page.rows
        while page.after:
            page = page_for(anu.user, sort=sort, after=page.after)
            seen += page.rows
        numbers = [row.case.number for row in seen]
        assert numbers == sorted(Case.objects.values_list("number", flat=True))
        back = page_for(anu.user, sort=sort, before=page.before)
        assert [row.case.number for row in back.rows] == numbers[2:4]
        first = page_for(anu.user, sort=sort, before=back.before)
        assert [row.case.number for row in first.rows] == numbers[:2]
        assert first.before is None


def test_a_key_of_somebody_elses_row_is_no_key(here):
    anu, other = here.worker(), here.worker()
    mine, foreign = open_case_of(anu), open_case_of(other)
    for key in (foreign.pk, uuid.uuid4()):
        assert [row.case for row in page_for(anu.user, after=key).rows] == [mine]


def test_what_is_not_on_the_list_of_choices_is_left_out(here, client):
    anu = here.worker()
    case = open_case_of(anu)
    client.force_login(anu.user)
    odd = {"state": "'; drop", "municipality": "olematu", "sort": "-person", "after": "x"}
    assert case.number in client.get(reverse("case_list"), odd).text


def test_an_exact_surname_number_or_code_finds_my_case(here):
    anu = here.worker()
    case = open_case_of(anu, last_name="Õunapuu", personal_code=PERSONAL_CODE)
    open_case_of(anu, last_name="Õun")
    for words in ("õunapuu", " ÕUNAPUU ", case.number, case.number.replace("-", "").lower()):
        assert found_by(anu.user, words) == [case]
    assert found_by(anu.user, PERSONAL_CODE) == [case]
    assert found_by(anu.user, "Õunap") == []


def test_nobody_finds_by_what_they_may_not_see(here):
    anu, doctor = here.worker(), here.worker(Role.PARTNER)
    helper = here.worker(Role.ADDITIONAL_SUPPORT)
    case = open_case_of(anu, last_name="Kask", personal_code=PERSONAL_CODE)
    join(case, doctor, by=anu)
    join(case, helper, by=anu)
    assert found_by(doctor.user, "Kask") == []
    assert found_by(doctor.user, case.number) == [case]
    assert found_by(helper.user, "Kask") == [case]
    assert found_by(helper.user, PERSONAL_CODE) == []
    assert found_by(here.worker().user, case.number) == []


def test_a_first_name_and_both_names_find_my_case_and_nobody_elses(here):
    anu = here.worker()
    mine = open_case_of(anu, first_name="Rein Jüri", last_name="van Katse")
    open_case_of(anu, first_name="Rein", last_name="Muu")
    open_case_of(here.worker(), first_name="Rein Jüri", last_name="van Katse")
    for words in ("rein jüri", "Van Katse", "Rein Jüri van Katse", "van katse  REIN jüri"):
        assert found_by(anu.user, words) == [mine], words
    for words in ("Katse", "Jüri", "Muu van Katse", "Rein Jüri Muu"):
        assert found_by(anu.user, words) == []


def test_who_knows_no_names_is_offered_no_search_by_name(here, client):
    anu = here.worker()
    case = open_case_of(anu, first_name="Rein", last_name="Katse")
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation)
    assert found_by(lead.user, "Rein") == found_by(lead.user, "Rein Katse") == []
    client.force_login(lead.user)
    page = client.get(reverse("case_list"))
    assert case.number in page.text
    assert "municipality" not in page.context["filters"].fields
    assert "nimi" not in str(page.context["search"]["words"].label)
    client.force_login(anu.user)
    assert "municipality" in client.get(reverse("case_list")).context["filters"].fields


def test_the_words_of_a_search_stand_in_no_address(here, client):
    anu = here.worker()
    case = open_case_of(anu, last_name="Kask")
    client.force_login(anu.user)
    answer = client.post(reverse("case_list"), {"words": "Kask"})
    assert case.number in answer.text
    assert AccessEvent.objects.order_by("-sequence").first().actioncode == "case_search"


def test_a_search_for_a_foreign_case_costs_and_leaves_the_same_as_for_none(here, client):
    anu = here.worker()
    open_case_of(here.worker(), last_name="Kask", personal_code=PERSONAL_CODE)
    client.force_login(anu.user)
    client.post(reverse("case_list"), {"words": "soojendus"})
    for foreign, unknown in (("Kask", "Kuusk"), (PERSONAL_CODE, "37605030299")):
        costs = []
        for words in (foreign, unknown):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.post(reverse("case_list"), {"words": words})
            costs.append(len(queries))
            assert "Mall" not in answer.text
            assert not AccessEvent.objects.order_by("-sequence").first().subjects.exists()
        assert costs[0] == costs[1]


def test_ten_cases_cost_as_many_statements_as_one(here, client):
    anu = here.worker()
    open_case_of(anu)
    client.force_login(anu.user)
    counts = []
    for more in (0, 9):
        for _ in range(more):
            open_case_of(anu)
        client.get(reverse("case_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("case_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_count_stops_where_nobody_reads_on(here, monkeypatch, client):
    monkeypatch.setattr(reports, "COUNTED", 2)
    anu = here.worker()
    for _ in range(4):
        open_case_of(anu)
    page = page_for(anu.user)
    assert (page.total, page.counted, page.is_more_than_counted) == (3, 2, True)


def test_in_a_gap_between_two_memberships_the_row_that_stays_opens_nothing(here):
    anu, doctor = here.worker(), here.worker(Role.PARTNER)
    case = open_case_of(anu)
    day = timezone.localdate()
    member = join(case, doctor, by=anu, valid_until=day + dt.timedelta(days=2))
    with transaction.atomic():
        again = TeamMember.objects.get(pk=member.pk)
        again.pk = uuid.uuid4()
        again._state.adding = True
        again.valid_from, again.valid_until = day + dt.timedelta(days=5), None
        again.task = ""
        again.save()
        sync_position(doctor.position)
    assert page_for(doctor.user, day).rows
    assert page_for(doctor.user, day + dt.timedelta(days=3)).rows == []
    assert page_for(doctor.user, day + dt.timedelta(days=6)).rows


def test_the_lead_of_an_organisation_lists_the_outline_of_its_cases(here, client):
    anu = here.worker()
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation)
    case = open_case_of(anu, last_name="Kask")
    open_case_of(here.worker())
    row = page_for(lead.user).rows[0]
    assert len(page_for(lead.user).rows) == 1
    assert (row.case, row.role, row.organisation) == (
        case,
        Role.ORGANISATION_LEAD,
        anu.organisation,
    )
    assert (row.name, row.initials, row.place) == ("", "", "")
    assert found_by(lead.user, "Kask") == []
    client.force_login(lead.user)
    assert "Kask" not in client.get(reverse("case_list")).text
    event = AccessEvent.objects.order_by("-sequence").first()
    assert (event.role, event.receiver) == (Role.ORGANISATION_LEAD, anu.organisation.name)
    assert not CaseGrant.objects.filter(user=lead.user).exists()


def test_a_lead_who_is_on_the_team_sees_what_the_team_gives(here):
    anu = here.worker()
    here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation, user=anu.user)
    open_case_of(anu, last_name="Kask")
    assert page_for(anu.user).rows[0].name == "Mall Kask"


def test_the_case_of_a_worker_who_left_the_team_leaves_the_leads_list(here):
    anu, eve = here.worker(), here.worker(Role.CASE_MANAGER)
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation)
    case = open_case_of(anu)
    join(case, eve, by=anu)
    end_membership(case.team.get(position=anu.position), by=eve.user)
    assert page_for(lead.user).rows == []
    assert page_for(lead.user).total == 0


def test_a_change_writes_only_the_rows_of_the_list_that_differ(here):
    anu = here.worker()
    first = open_case_of(anu)
    kept = CaseListing.objects.get(case=first).pk
    open_case_of(anu)
    assert CaseListing.objects.get(case=first).pk == kept
