"""No look without an entry; foreign equals unknown; a refused try is committed first."""

import re
import uuid

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from network.cases.models import Case
from network.cases.services.team import end_membership
from portal.access.guards import public
from portal.access.roles import Role
from portal.audit import guard
from portal.audit.guard import AnsweredRedirectUnlogged, case_view
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent, AccessSubject, ChainHead
from portal.views import errors
from tests.audit.urls import look
from tests.cases.factories import join, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = "tests.audit.urls"


def at(case, rest=""):
    return f"/intranet/proov/{getattr(case, 'pk', case)}/{rest}"


def last_entry():
    return AccessEvent.objects.order_by("sequence").last()


def test_a_look_is_answered_and_written_down_with_organisation_and_role(client, house):
    client.force_login(house.anu.user)
    assert client.get(at(house.case)).content.decode() == f"seen {house.case.number}"
    entry = last_entry()
    assert entry.usercode == str(house.anu.user.pk)
    assert entry.username == house.anu.user.get_full_name()
    assert (entry.receiver, entry.role) == (house.anu.organisation.name, Role.BASE_SUPPORT)
    assert (entry.actioncode, entry.outcome, entry.channel) == ("test_look", "allowed", "page")
    about = entry.subjects.get()
    assert (about.subject, about.number) == (str(house.case.pk), house.case.number)


def test_a_file_leaves_by_its_own_channel_with_its_purpose(client, house):
    client.force_login(house.anu.user)
    client.get(at(house.case, "fail/"))
    assert (last_entry().channel, last_entry().purpose) == ("file", "care")


def test_each_look_is_one_entry(client, house):
    client.force_login(house.anu.user)
    before = AccessEvent.objects.count()
    for _time in range(3):
        client.get(at(house.case))
        client.head(at(house.case))
    assert AccessEvent.objects.count() == before + 6


def test_foreign_equals_unknown_in_bytes_statements_and_entries(client, house):
    client.force_login(house.anu.user)
    answers, statements, entries = [], [], []
    for case_id in (house.theirs.pk, uuid.uuid4(), house.theirs.pk):
        with CaptureQueriesContext(connection) as caught:
            answers.append(client.get(at(case_id)))
        texts = [query["sql"] for query in caught]
        known = (str(case_id), case_id.hex)
        statements.append([_without(text, known) for text in texts])
        entries.append(last_entry())
    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].content == answers[1].content == answers[2].content
    first, second = (
        {k: v for k, v in answer.headers.items() if k != "Content-Security-Policy"}
        for answer in answers[:2]
    )
    assert first == second
    assert statements[0] == statements[1] == statements[2]
    for entry in entries:
        assert (entry.outcome, entry.receiver, entry.role) == ("refused", "", "")
        assert entry.subjects.get().number == ""
    assert entries[0].subjects.get().subject == str(house.theirs.pk)


def _without(text, known):
    """A statement without what differs between any two requests."""
    for value in known:
        text = text.replace(value, "THE CASE")
    text = re.sub(r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f-]{36}", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "NOW", text)
    return re.sub(r"_x\d+|\b\d+\b", "N", text)


def test_visible_but_refused_is_403_and_written_down(client, house):
    client.force_login(house.piret.user)
    assert client.get(at(house.case, "muuda/")).status_code == 403
    assert (last_entry().outcome, last_entry().actioncode) == ("refused", "test_write_form")


def test_the_lead_of_a_members_organisation_sees_that_it_is_there_and_no_more(client, house):
    lead = house.here.worker(Role.ORGANISATION_LEAD, organisation=house.anu.organisation)
    client.force_login(lead.user)
    assert client.get(at(house.case)).status_code == 403
    assert client.get(at(house.theirs)).status_code == 404


def test_a_superuser_is_nobody(client, house):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert client.get(at(house.case)).status_code == 404


def test_signed_out_is_led_to_the_sign_in_and_leaves_no_entry(client, house):
    before = AccessEvent.objects.count()
    for case_id in (house.case.pk, uuid.uuid4()):
        assert client.get(at(case_id)).status_code == 302
    assert AccessEvent.objects.count() == before


def test_what_a_refused_write_has_changed_is_taken_back_and_the_try_stays(client, house):
    client.force_login(house.anu.user)
    assert client.post(at(house.case, "muuda/"), {"do": "refuse"}).status_code == 403
    assert Case.objects.get(pk=house.case.pk).noticing == house.case.noticing
    assert last_entry().outcome == "refused"


def test_an_unknown_part_of_an_own_case_is_a_refused_try(client, house):
    client.force_login(house.anu.user)
    assert client.post(at(house.case, "muuda/"), {"do": "no such part"}).status_code == 404
    assert last_entry().outcome == "refused"


def test_a_write_has_the_entry_of_its_service_and_no_second_one(client, house):
    client.force_login(house.anu.user)
    before = AccessEvent.objects.count()
    assert client.post(at(house.case, "muuda/"), {"do": "write"}).status_code == 302
    assert AccessEvent.objects.count() == before + 1
    assert last_entry().actioncode == "x"


def test_a_write_that_forgets_its_entry_is_an_error_and_changes_nothing(client, house):
    client.force_login(house.anu.user)
    with pytest.raises(AnsweredRedirectUnlogged):
        client.post(at(house.case, "muuda/"), {"do": "forget the entry"})


def test_a_form_that_comes_back_has_shown_the_case_again(client, house):
    client.force_login(house.anu.user)
    assert client.post(at(house.case, "muuda/"), {"do": "come back"}).status_code == 200
    assert last_entry().actioncode == "test_write_form"


def test_without_an_entry_nothing_is_shown(client, house, monkeypatch):
    client.force_login(house.anu.user)

    def locked(*args, **kwargs):
        raise OperationalError("the log is locked")

    monkeypatch.setattr(guard, "record", locked)
    for path in (at(house.case), at(house.case, "fail/"), at(house.theirs), at(uuid.uuid4())):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert house.case.number not in answer.content.decode()
    assert client.post(at(house.case, "muuda/"), {"do": "come back"}).status_code == 503


def test_without_a_head_nothing_is_shown(client, house, forger):
    client.force_login(house.anu.user)
    client.raise_request_exception = False
    forger.execute("DELETE FROM audit_chainhead")
    assert client.get(at(house.case)).status_code == 500
    ChainHead.objects.create(pk=1)


@pytest.mark.django_db(transaction=True)
def test_a_refused_try_is_committed_before_it_is_answered(client, house, monkeypatch):
    client.force_login(house.peeter.user)
    seen = []

    def answer(request, exception=None):
        seen.append((connection.in_atomic_block, last_entry().outcome))
        return errors.not_found(request)

    monkeypatch.setattr("tests.audit.urls.handler404", answer)
    assert client.get(at(house.case)).status_code == 404
    assert seen == [(False, "refused")]


@pytest.mark.django_db(transaction=True)
def test_a_guarded_view_refuses_to_stand_in_a_transaction_of_others(rf, house):
    request = rf.get("/")
    request.user = house.anu.user
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        look(request, case_id=house.case.pk)


def test_a_list_is_one_entry_with_a_row_for_each_case(house):
    cases = [open_case_of(house.anu) for _one in range(3)]
    with transaction.atomic():
        record(
            Actor("a", "b"), [Subject(str(one.pk), one.number) for one in cases], actioncode="list"
        )
    assert last_entry().subjects.count() == 3
    assert AccessSubject.objects.filter(event=last_entry(), number=cases[1].number).exists()


def test_a_mark_says_which_views_are_logged():
    def view(request, case):
        return None

    marked = case_view(guard.Policy, "view", code="mine", acting=lambda user, row, day: None)(view)
    assert (marked.guard_mark, marked.audit_mark) == ("policy:Policy.view", "mine")
    assert not hasattr(public(view), "audit_mark")


def test_a_membership_that_ended_is_refused_on_the_next_request(client, house):
    tiit = house.here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(house.case, tiit, by=house.anu)
    client.force_login(tiit.user)
    assert client.get(at(house.case)).status_code == 200
    end_membership(member, by=house.anu.user)
    assert client.get(at(house.case)).status_code == 404
