"""“Who has looked at my data”: by a one-time link and on paper. rules.md 8, 13."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.cases import log_reports
from network.cases.log_reports import person_log_of
from network.cases.models import CaseLink
from network.cases.models.link import token_of
from network.cases.services.links import (
    MOST_A_DAY,
    NotOpen,
    add_case_link,
    open_case_link,
    tidy_case_links,
)
from network.cases.services.team import end_membership
from network.cases.views import person_log
from portal.access.roles import Role
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.audit.wording import REASONS
from portal.base import due, outbox
from portal.base.models import OutboxItem
from tests.base.together import at_once
from tests.cases.factories import Net, auditor, join, open_case_of

pytestmark = pytest.mark.django_db

LOG = "/minu/vaatajad/"


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker()


@pytest.fixture
def case(anu):
    return open_case_of(anu, first_name="Mall", last_name="Kask")


def link_for(case, worker, **fields):
    values = {"language": "et", "days": 7, "key": uuid.uuid4(), "by": worker.user}
    return add_case_link(case, **values | fields)


def address(link):
    return f"{LOG}{token_of(link)}/"


def make(client, case, **fields):
    typed = {"key": str(uuid.uuid4()), "language": "et", "days": "7", "email": ""}
    return client.post(reverse("case_link_add", args=[case.pk]), typed | fields)


def read(link, client=None):
    """Open `link` in a new browser: the answer of the button, led on."""
    client = client or Client()
    client.get(address(link), follow=True)
    return client.post(LOG, follow=True)


def last_entry():
    return AccessEvent.objects.order_by("sequence").last()


# --- making it -----------------------------------------------------------------------------------


def test_the_link_is_shown_once_and_kept_nowhere(client, anu, case):
    client.force_login(anu.user)
    page = make(client, case)
    link = CaseLink.objects.get()
    assert page.status_code == 200
    assert address(link) in page.text
    assert last_entry().actioncode == "case_link_add"
    for again in (reverse("case_link_add", args=[case.pk]), reverse("case_log", args=[case.pk])):
        assert token_of(link) not in client.get(again).text
    stored = " ".join(str(row) for row in CaseLink.objects.values_list())
    assert token_of(link) not in stored
    assert link.expires_at - link.made_at == dt.timedelta(days=7)


def test_the_same_form_twice_makes_one_link_and_shows_it_again(client, anu, case):
    client.force_login(anu.user)
    key = str(uuid.uuid4())
    first, second = make(client, case, key=key), make(client, case, key=key)
    link = CaseLink.objects.get()
    assert address(link) in first.text
    assert address(link) in second.text
    assert AccessEvent.objects.filter(actioncode="case_link_add").count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "ei-ole"}, "e-post"),
        ({"days": "365"}, ""),
        ({"language": "xx"}, ""),
    ],
)
def test_what_is_typed_wrong_is_told_and_nothing_is_made(client, anu, case, typed, words):
    client.force_login(anu.user)
    page = make(client, case, **typed)
    assert page.status_code == 200
    assert "data-errors" in page.text
    assert words in page.text.lower()
    assert not CaseLink.objects.exists()


def test_a_case_gets_a_bounded_number_of_links_a_day(client, anu, case):
    for _one in range(MOST_A_DAY):
        link_for(case, anu)
    client.force_login(anu.user)
    page = make(client, case)
    assert "data-errors" in page.text
    assert CaseLink.objects.count() == MOST_A_DAY


WHO = [
    ("anu", 200),
    ("manager", 200),
    ("additional", 403),
    ("partner", 403),
    ("lead", 403),
    ("colleague", 404),
    ("other_region", 404),
    ("coordinator", 404),
    ("auditor", 404),
    ("former", 404),
    ("nobody", 302),
]


@pytest.mark.parametrize(("who", "status"), WHO)
@pytest.mark.parametrize("name", ["case_log_print", "case_link_add"])
def test_who_may_give_the_log_to_the_person(client, here, anu, case, who, status, name):
    former = here.worker(Role.CASE_MANAGER)
    join(case, former, by=anu)
    workers = {
        "anu": anu,
        "manager": here.worker(Role.CASE_MANAGER),
        "additional": here.worker(Role.ADDITIONAL_SUPPORT),
        "partner": here.worker(Role.PARTNER),
        "lead": here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation),
        "colleague": here.worker(organisation=anu.organisation),
        "other_region": Net().worker(),
        "coordinator": here.seat() if who == "coordinator" else None,
        "former": former,
    }
    for name_of in ("manager", "additional", "partner"):
        join(case, workers[name_of], by=anu)
    end_membership(case.team.get(position=former.position), by=anu.user)
    if who == "auditor":
        client.force_login(auditor())
    elif who != "nobody":
        client.force_login(workers[who].user)
    path = reverse(name, args=[case.pk])
    assert client.get(path).status_code == status
    if name == "case_link_add":
        assert make(client, case).status_code == (403 if status == 302 else status)
        assert CaseLink.objects.exists() == (status == 200)


def test_a_link_is_taken_back_by_the_team_and_by_nobody_else(client, anu, case):
    link, stranger = link_for(case, anu), Net().worker()
    path = reverse("case_link_end", args=[case.pk, link.pk])
    client.force_login(stranger.user)
    assert client.post(path).status_code == 404
    # Their own case, somebody else's link.
    theirs = open_case_of(stranger)
    assert client.post(reverse("case_link_end", args=[theirs.pk, link.pk])).status_code == 404
    link.refresh_from_db()
    assert link.ended_at is None
    client.force_login(anu.user)
    assert "data-" in client.get(reverse("case_log", args=[case.pk])).text
    assert client.post(path).status_code == 302
    assert last_entry().actioncode == "case_link_end"
    assert read(link).status_code == 404


# --- the letter ----------------------------------------------------------------------------------


def test_the_letter_names_nobody_and_its_address_goes_when_the_link_is_used(anu, case):
    link = link_for(case, anu, email="mall@naidis.example", language="ru")
    payload = OutboxItem.objects.get().payload
    assert "mall" not in str(payload)
    assert token_of(link) not in str(payload)
    outbox.deliver_due(timezone.now())
    letter = mail.outbox[0]
    assert letter.to == ["mall@naidis.example"]
    assert f"/ru{address(link)}" in letter.body
    for word in ("Mall", "Kask", case.number, anu.user.last_name, anu.organisation.name):
        assert word not in letter.body + letter.subject
    read(link)
    assert CaseLink.objects.get().email is None


def test_the_letter_of_a_link_that_is_over_is_not_sent(anu, case):
    link = link_for(case, anu, email="mall@naidis.example")
    read(link)
    outbox.deliver_due(timezone.now())
    assert mail.outbox == []


def test_links_that_are_long_over_are_forgotten(anu, case):
    link = link_for(case, anu, email="mall@naidis.example")
    tidy_case_links(link.expires_at - dt.timedelta(seconds=1))
    assert CaseLink.objects.get().email == "mall@naidis.example"
    tidy_case_links(link.expires_at)
    assert CaseLink.objects.get().email is None
    tidy_case_links(link.expires_at + dt.timedelta(days=30))
    assert not CaseLink.objects.exists()
    assert "case_links" in due._jobs


# --- opening it ----------------------------------------------------------------------------------


def test_the_person_opens_it_once_and_reads_organisations_not_workers(client, here, anu, case):
    partner = here.worker(Role.PARTNER)
    join(case, partner, by=anu)
    client.force_login(anu.user)
    client.get(reverse("case_detail", args=[case.pk]))
    person = Client()
    led = person.get(address(link_for(case, anu)))
    assert (led.status_code, led["Location"]) == (302, LOG)
    assert led["Referrer-Policy"] == "no-referrer"
    asked = person.get(LOG)
    assert "<form" in asked.text
    assert anu.organisation.name not in asked.text
    page = person.post(LOG, follow=True)
    assert page.redirect_chain == [(LOG, 302)]
    for word in (anu.organisation.name, partner.organisation.name):
        assert word in page.text
    never = (anu.user, partner.user)
    for user in never:
        assert user.last_name not in page.text
        assert user.first_name not in page.text
    for word in ("Mall", "Kask", case.number, str(case.pk)):
        assert word not in page.text
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]


def test_programmes_that_only_look_do_not_use_the_link_up(anu, case):
    link = link_for(case, anu)
    for _look in range(3):
        scanner = Client()
        scanner.head(address(link))
        scanner.get(address(link), follow=True)
    link.refresh_from_db()
    assert link.used_at is None
    assert read(link).status_code == 200


def test_the_look_of_the_person_is_an_entry_without_a_name(anu, case):
    link = link_for(case, anu)
    page = read(link)
    entry = last_entry()
    assert (entry.actioncode, entry.role, entry.channel) == ("case_link_read", "person", "page")
    assert (entry.usercode, entry.username) == (str(link.pk), "")
    assert entry.subjects.get().subject == str(case.pk)
    assert page.status_code == 200


def test_no_entry_no_page(anu, case, monkeypatch):
    link = link_for(case, anu)
    browser = Client(raise_request_exception=False)
    browser.get(address(link), follow=True)
    browser.post(LOG)

    def fail(*args, **kwargs):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(person_log, "record", fail)
    answer = browser.get(LOG)
    assert answer.status_code == 500
    assert anu.organisation.name not in answer.text


def test_the_log_is_read_for_half_an_hour_in_that_browser_alone(anu, case):
    link = link_for(case, anu)
    person = Client()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert read(link, person).status_code == 200
    with time_machine.travel(now + dt.timedelta(minutes=29), tick=False):
        assert person.get(LOG).status_code == 200
        assert Client().get(LOG).status_code == 404
    with time_machine.travel(now + dt.timedelta(minutes=30), tick=False):
        assert person.get(LOG).status_code == 404


def test_the_session_has_another_key_after_the_secret_was_used(anu, case):
    link = link_for(case, anu)
    person = Client()
    person.get(address(link), follow=True)
    before = person.session.session_key
    person.post(LOG)
    assert person.session.session_key != before


def test_every_link_that_opens_nothing_is_answered_alike(anu, case):
    now = timezone.now()
    old, used, ended = (link_for(case, anu) for _one in range(3))
    CaseLink.objects.filter(pk=old.pk).update(
        made_at=now - dt.timedelta(days=8), expires_at=now - dt.timedelta(days=1)
    )
    read(used)
    CaseLink.objects.filter(pk=ended.pk).update(ended_at=now)
    paths = [
        *(address(link) for link in (old, used, ended)),
        f"{LOG}{'0' * 32}/",
        f"{LOG}ei-ole/",
        f"{LOG}%00%ff'/",
        f"{LOG}{'a' * 5000}/",
    ]
    answers, counts = [], []
    for path in paths:
        browser = Client()
        with CaptureQueriesContext(connection) as asked:
            answers.append(browser.get(path, follow=True))
        counts.append(len(asked))
        answers.append(browser.post(LOG))
    answers += [Client().get(LOG), Client().post(LOG)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len(set(counts)) == 1


def test_of_two_who_press_the_button_at_once_one_reads(anu, case):
    link = link_for(case, anu)
    open_case_link(token_of(link))
    with pytest.raises(NotOpen):
        open_case_link(token_of(link))


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_one_opens_the_link():
    anu = Net().worker()
    token = token_of(link_for(open_case_of(anu), anu))

    def try_it():
        try:
            open_case_link(token)
        except NotOpen:
            return 0
        return 1

    assert sum(at_once(try_it, 10)) == 1
    assert AccessEvent.objects.filter(actioncode="case_link_open").count() == 1


def test_the_same_link_again_in_the_same_browser_goes_on_reading(anu, case):
    link = link_for(case, anu)
    person = Client()
    read(link, person)
    assert person.get(address(link), follow=True).status_code == 200
    # The button sent twice, too.
    assert person.post(LOG, follow=True).status_code == 200


def test_a_strange_link_ends_the_reading_of_another(anu, case):
    person = Client()
    read(link_for(case, anu), person)
    assert person.get(f"{LOG}{'0' * 32}/", follow=True).status_code == 404


def test_the_button_needs_a_token_of_the_form(anu, case):
    strict = Client(enforce_csrf_checks=True)
    link = link_for(case, anu)
    strict.get(address(link), follow=True)
    assert strict.post(LOG).status_code == 403
    link.refresh_from_db()
    assert link.used_at is None


def test_whoever_tries_many_has_to_wait(anu, case):
    guesser = Client()
    found = {guesser.get(f"{LOG}{place:032x}/").status_code for place in range(130)}
    assert found == {302, 429}


@pytest.mark.parametrize(("prefix", "words"), [("/en", "Who has looked"), ("/ru", "Кто")])
def test_it_speaks_three_languages(anu, case, prefix, words):
    person = Client()
    link = link_for(case, anu)
    asked = person.get(f"{prefix}{address(link)}", follow=True)
    assert asked.redirect_chain == [(f"{prefix}{LOG}", 302)]
    page = person.post(f"{prefix}{LOG}", follow=True)
    assert words in page.text
    assert page["Content-Language"] == prefix[1:]
    gone = Client().get(f"{prefix}{LOG}")
    assert gone.status_code == 404
    assert gone["Cache-Control"] == "no-store"


# --- what it says --------------------------------------------------------------------------------


def entry_about(case, moment, *, code="case_view", role=Role.BASE_SUPPORT, **fields):
    actor = Actor("x", "Anu Näidis", "1", "Asutus", role)
    return record(actor, [Subject(str(case.pk), case.number)], actioncode=code, now=moment)


def test_alike_things_of_a_day_are_one_line_with_their_times(anu, case):
    noon = dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC)
    for minutes in (0, 5, 90):
        entry_about(case, noon + dt.timedelta(minutes=minutes))
    entry_about(case, noon + dt.timedelta(minutes=100), code="case_note_add")
    entry_about(case, dt.datetime(2026, 12, 1, 22, 30, tzinfo=dt.UTC))
    days = person_log_of(case).days
    # Half past midnight here is the next day.
    assert [one.day.day for one in days[:2]] == [2, 1]
    notes, looks = days[1].lines
    assert (len(notes.times), len(looks.times)) == (1, 3)
    assert looks.who == "Asutus"
    assert looks.reason


def test_every_role_that_reaches_a_case_has_a_reason(anu, case):
    roles = {
        *(Role.BASE_SUPPORT, Role.CASE_MANAGER, Role.ADDITIONAL_SUPPORT, Role.PARTNER),
        *(Role.ORGANISATION_LEAD, Role.AUDITOR, Role.ADMINISTRATOR, Role.PERSON),
    }
    assert roles <= set(REASONS)


def test_a_refused_try_says_that_nothing_was_shown(client, anu, case):
    client.force_login(Net().worker().user)
    client.get(reverse("case_detail", args=[case.pk]))
    line = person_log_of(case).days[0].lines[0]
    assert line.is_refused
    assert line.reason
    assert "Näidis" not in line.who


def test_a_long_log_is_read_in_pages_and_costs_the_same(anu, case, monkeypatch):
    begin = dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC)
    for hours in range(12):
        entry_about(case, begin + dt.timedelta(hours=hours))
    monkeypatch.setattr(log_reports, "PAGE", 5)
    with CaptureQueriesContext(connection) as asked:
        first = person_log_of(case)
    assert len(asked) == 1
    assert first.older
    assert sum(len(line.times) for day in first.days for line in day.lines) == 5
    second = person_log_of(case, first.older)
    assert second.days[0].lines[0].times[-1] < first.days[-1].lines[-1].times[0]


def test_the_paper_is_in_the_language_of_the_person_and_names_no_worker(client, anu, case):
    client.force_login(anu.user)
    page = client.get(reverse("case_log_print", args=[case.pk]), {"keel": "ru"})
    paper = page.text.partition('lang="ru">')[2]
    assert anu.organisation.name in page.text
    body = page.text.partition("<main")[2]
    assert anu.user.last_name not in body
    assert paper
    assert (last_entry().actioncode, last_entry().channel) == ("case_log_print", "print")
    odd = client.get(reverse("case_log_print", args=[case.pk]), {"keel": "'x", "before": "-1"})
    assert odd.status_code == 200
