"""From a case to the region without a trace of the person, and the answer back. CASE-16."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from network.cases.gap_reports import answered_gaps, gaps_of
from network.cases.models import Case, CaseGap
from network.cases.services.gaps import add_case_gap
from network.cases.services.team import end_membership
from network.models import Gap, Seat
from network.services.gaps import decide_gap, take_to_agenda
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import Net, auditor, invite, join, open_case_of
from tests.factories import UserFactory
from tests.network.factories import ComponentFactory, LifeDomainFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker()


@pytest.fixture
def case(anu):
    return open_case_of(anu, first_name="Mari", last_name="Kask", phone="5550 1234")


@pytest.fixture
def component():
    return ComponentFactory(
        slug="kogemus", name="Kogemusnõustamine", domain__name="Vaimne tervis", domain__slug="v"
    )


def typed(here, **fields):
    values = {
        "key": str(uuid.uuid4()),
        "words": "",
        "subject": "muu",
        "kind": "missing",
        "municipality": here.municipality.slug,
        "text": "Lähim rühm on liiga kaugel.",
    }
    return values | fields


def tell(client, worker, case, here, **fields):
    client.force_login(worker.user)
    return client.post(reverse("case_gap_add", args=[case.pk]), typed(here, **fields))


def told(case, by, here, **fields):
    values = {
        "kind": "missing",
        "municipality": here.municipality,
        "by": by.user,
        "key": uuid.uuid4(),
        "text": "Lähim rühm on liiga kaugel.",
    }
    return add_case_gap(case, **values | fields)


def entries(code):
    return AccessEvent.objects.filter(actioncode=code, outcome="allowed").count()


def test_a_worker_finds_the_service_by_a_word_and_tells_the_region(
    client, here, anu, case, component
):
    answer = tell(client, anu, case, here, subject="", words="kogemus", otsi="1")
    assert answer.status_code == 200
    assert not answer.context["form"].errors
    assert "Kogemusnõustamine" in answer.text
    # What was typed before the search is still there.
    assert "Lähim rühm on liiga kaugel." in answer.text
    answer = tell(client, anu, case, here, subject="teenus:kogemus", words="kogemus")
    assert answer["Location"] == reverse("case_detail", args=[case.pk])
    gap = Gap.objects.get()
    assert (gap.component, gap.domain, gap.kind) == (component, None, "missing")
    assert (gap.region, gap.municipality) == (here.region, here.municipality)
    assert gap.month == timezone.localdate().replace(day=1)
    noted = CaseGap.objects.get()
    assert (noted.case, noted.gap, noted.noted_by) == (case, gap, anu.user)
    assert entries("case_gap_add") == 1


def test_a_whole_life_domain_or_something_else_may_be_told(client, here, anu, case):
    domain = LifeDomainFactory(slug="eluase")
    tell(client, anu, case, here, subject="valdkond:eluase")
    tell(client, anu, case, here, subject="muu", kind="practice", text="")
    assert {gap.domain for gap in Gap.objects.all()} == {domain, None}
    assert Gap.objects.filter(kind="practice", component=None, domain=None).exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "teenus:tundmatu"}, "subject"),
        ({"subject": "valdkond:tundmatu"}, "subject"),
        ({"kind": ""}, "kind"),
        ({"kind": "something"}, "kind"),
        ({"municipality": ""}, "municipality"),
        ({"municipality": "kuskil-mujal"}, "municipality"),
        ({"text": "a" * 401}, "text"),
        ({"text": "Maril ei ole bussi."}, "text"),
        ({"text": "Kase pere on hädas."}, "text"),
        ({"text": "ma\u200bri"}, "text"),
        ({"text": "Helista 5550 1234."}, "text"),
        ({"text": "Isikukood 60001019906."}, "text"),
        ({"text": "Naaber Kalmer Tamm aitab."}, "text"),
        ({"text": "Elab Kase tn 4."}, "text"),
        ({"text": "Kirjuta mari@naide.ee"}, "text"),
    ],
)
def test_what_is_wrong_has_its_sentence_and_nothing_is_lost(client, here, anu, case, fields, wrong):
    answer = tell(client, anu, case, here, **fields)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {wrong}
    if wrong == "text":
        assert fields["text"][:390] in answer.text
    assert not Gap.objects.exists()
    assert entries("case_gap_add") == 0


def test_a_refused_text_names_the_word_and_says_what_to_do(client, here, anu, case):
    answer = tell(client, anu, case, here, text="Maril ei ole bussi.")
    sentence = answer.context["form"].errors["text"][0]
    assert "Maril" in sentence
    assert answer.text.count(sentence) == 2  # on top and beside the field


def test_all_that_is_wrong_is_said_at_once(client, here, anu, case):
    answer = tell(client, anu, case, here, subject="", kind="", text="Maril ei ole bussi.")
    assert set(answer.context["form"].errors) == {"subject", "kind", "text"}


def test_the_service_itself_lets_no_name_out(here, anu, case):
    with pytest.raises(ValidationError) as refused:
        told(case, anu, here, text="Maril ei ole bussi.")
    assert set(refused.value.error_dict) == {"text"}
    assert not Gap.objects.exists()


def test_the_number_of_the_case_does_not_leave_it_however_it_is_typed(client, here, anu, case):
    for number in (case.number, case.number.lower(), case.number.replace("-", " ")):
        answer = tell(client, anu, case, here, text=f"Juhtum {number} ootab")
        assert set(answer.context["form"].errors) == {"text"}


def test_the_names_of_the_team_do_not_leave_the_case(client, here, anu, case):
    anu.user.first_name, anu.user.last_name = "Brünhilde", "Ilves"
    anu.user.save()
    answer = tell(client, anu, case, here, text="Brünhildel ja Ilvesel pole aega")
    assert set(answer.context["form"].errors) == {"text"}


def test_a_municipality_of_another_region_is_not_offered_and_not_taken(client, here, anu, case):
    there = Net()
    client.force_login(anu.user)
    page = client.get(reverse("case_gap_add", args=[case.pk]))
    assert there.municipality.slug not in page.text
    answer = tell(client, anu, case, here, municipality=there.municipality.slug)
    assert set(answer.context["form"].errors) == {"municipality"}
    with pytest.raises(ValidationError):
        told(case, anu, here, municipality=there.municipality)


def test_the_same_key_twice_is_one_gap_and_one_entry(client, here, anu, case):
    key = str(uuid.uuid4())
    answers = [tell(client, anu, case, here, key=key) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert (Gap.objects.count(), CaseGap.objects.count()) == (1, 1)
    assert entries("case_gap_add") == 1
    # Gone back and changed: nothing is lost, and saved only when asked for.
    answer = tell(client, anu, case, here, key=key, text="Buss ei sõida.")
    assert answer.status_code == 200
    assert answer.context["is_repeat"]
    assert "Buss ei sõida." in answer.text
    assert Gap.objects.count() == 1
    new = answer.context["form"]["key"].value()
    assert tell(client, anu, case, here, key=new, text="Buss ei sõida.").status_code == 302
    assert Gap.objects.count() == 2


def test_two_workers_who_tell_the_same_are_two_voices_and_one_case_is_one(
    client, here, anu, case, component
):
    tiit = here.worker()
    other = open_case_of(tiit)
    for worker, of in ((anu, case), (tiit, other)):
        tell(client, worker, of, here, subject="teenus:kogemus")
    assert Gap.objects.count() == 2
    answer = tell(client, anu, case, here, subject="teenus:kogemus")
    assert answer.context["form"].non_field_errors()
    assert Gap.objects.count() == 2


def people(here, anu, case):
    """Who opens the page, and what they get."""
    tiit, doctor, former = (
        here.worker(Role.ADDITIONAL_SUPPORT),
        here.worker(Role.PARTNER),
        here.worker(Role.ADDITIONAL_SUPPORT),
    )
    join(case, tiit, by=anu)
    join(case, doctor, by=anu, parts=["notes"])
    invited = here.worker(Role.ADDITIONAL_SUPPORT)
    invite(case, invited, by=anu)
    end_membership(join(case, former, by=anu), by=anu.user)
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation)
    return [
        (anu.user, 200),
        (tiit.user, 200),
        (doctor.user, 403),
        (lead.user, 403),
        (invited.user, 404),
        (former.user, 404),
        (here.worker().user, 404),
        (Net().worker().user, 404),
        (here.seat(Seat.Body.STEERING).user, 404),
        (here.seat(Seat.Body.COORDINATOR).user, 404),
        (auditor(), 404),
        (UserFactory(is_superuser=True), 404),
        (None, 302),
    ]


def test_whoever_may_write_notes_may_tell_the_region(client, here, anu, case):
    url = reverse("case_gap_add", args=[case.pk])
    for user, status in people(here, anu, case):
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(url).status_code == status, user
        if status != 200:
            posted = client.post(url, typed(here))
            assert posted.status_code == (403 if status == 302 else status)
    assert not Gap.objects.exists()


def test_a_closed_case_tells_nothing_more(client, here, anu, case):
    Case.objects.filter(pk=case.pk).update(state="closed", closed_on=timezone.localdate())
    assert tell(client, anu, case, here).status_code == 403
    assert not Gap.objects.exists()


def test_the_case_shows_what_was_told_and_what_became_of_it(client, here, anu, case, component):
    gap = told(case, anu, here, component=component).gap
    url = reverse("case_detail", args=[case.pk])
    client.force_login(anu.user)
    assert "Kogemusnõustamine" in client.get(url).text
    decide_gap(gap, number="2026-07", day=timezone.localdate(), answer="Avame rühma kevadel.")
    page = client.get(url).text
    assert "2026-07" in page
    assert "Avame rühma kevadel." in page
    doctor = here.worker(Role.PARTNER)
    join(case, doctor, by=anu, parts=["notes"])
    client.force_login(doctor.user)
    assert "Avame rühma kevadel." not in client.get(url).text


def test_what_was_told_is_one_statement_however_much_it_is(
    here, anu, case, django_assert_num_queries
):
    for _ in range(5):
        gap = told(case, anu, here, component=ComponentFactory()).gap
        decide_gap(gap, number="2026-07", day=timezone.localdate(), answer="Avame rühma.")
    with django_assert_num_queries(1):
        rows = gaps_of(case)
        words = {render_to_string("cases/_gap_answer.html", {"row": row}) for row in rows}
    assert len(words) == 5
    with django_assert_num_queries(1):
        assert len([row.title for row in answered_gaps(anu.user, timezone.localdate())]) == 5


def test_an_answer_comes_to_whoever_noted_it_and_stays_until_it_was_seen(client, here, anu, case):
    day = timezone.localdate()
    noted = told(case, anu, here)
    assert answered_gaps(anu.user, day) == []
    take_to_agenda(noted.gap)
    [row] = answered_gaps(anu.user, day)
    assert row.gap.state == "agenda"
    client.force_login(anu.user)
    assert reverse("case_detail", args=[case.pk]) in client.get(reverse("desk")).text
    # A decision made after the desk was shown is not lost with it.
    decide_gap(noted.gap, number="2026-07", day=day, answer="Avame rühma.")
    assert client.post(reverse("case_gap_seen"), {"gap": row.mark})["Location"] == reverse("desk")
    [row] = answered_gaps(anu.user, day)
    assert (row.gap.decision_number, row.gap.answer) == ("2026-07", "Avame rühma.")
    client.post(reverse("case_gap_seen"), {"gap": row.mark})
    assert answered_gaps(anu.user, day) == []


def test_only_whoever_noted_it_marks_it_seen_and_nonsense_changes_nothing(client, here, anu, case):
    day = timezone.localdate()
    noted = told(case, anu, here)
    take_to_agenda(noted.gap)
    [row] = answered_gaps(anu.user, day)
    client.force_login(here.worker().user)
    assert client.post(reverse("case_gap_seen"), {"gap": row.mark}).status_code == 302
    client.force_login(anu.user)
    for mark in ("", "x", f"{noted.pk}", f"{noted.pk}:", f"{noted.pk}:-3", "1:2", f"{noted.pk}:٣x"):
        assert client.post(reverse("case_gap_seen"), {"gap": mark}).status_code == 302
    assert client.get(reverse("case_gap_seen")).status_code == 405
    assert len(answered_gaps(anu.user, day)) == 1
    client.logout()
    assert client.post(reverse("case_gap_seen"), {"gap": row.mark}).status_code == 403
    assert len(answered_gaps(anu.user, day)) == 1


def test_whoever_lost_the_case_learns_the_answer_and_sees_no_case(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(case, tiit, by=anu)
    noted = told(case, tiit, here)
    end_membership(member, by=anu.user)
    decide_gap(noted.gap, number="2026-07", day=timezone.localdate(), answer="Avame rühma.")
    [row] = answered_gaps(tiit.user, timezone.localdate())
    assert row.gap.answer == "Avame rühma."
    client.force_login(tiit.user)
    assert str(case.pk) not in client.get(reverse("desk")).text
    assert client.get(reverse("case_detail", args=[case.pk])).status_code == 404
