"""Two at once, twice the same, and the last question before closing. PLAN-10."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.cases.models import Case, CaseListing
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.base.together import at_once
from tests.cases.factories import Net, invite, join, open_case_of

WRITES = {"actioncode": "case_change", "outcome": "allowed"}


@pytest.fixture
def here(db):
    return Net()


@pytest.fixture
def anu(here):
    return here.worker()


@pytest.fixture
def case(anu):
    return open_case_of(anu, text="Esimene tekst.", phone="5550 1234")


def typed(case, **fields):
    values = {
        "key": str(uuid.uuid4()),
        "version": str(case.version),
        "state": "assessed",
        "next_review": f"{timezone.localdate() + dt.timedelta(days=30):%d.%m.%Y}",
        "noticing": "Teine tekst.",
        "phone": "5550 9999",
    }
    return values | fields


def save(client, user, case, form):
    client.force_login(user)
    return client.post(reverse("case_change", args=[case.pk]), form)


def test_a_saved_change_shows_on_the_page_and_in_the_list(client, anu, case):
    answer = save(client, anu.user, case, typed(case))
    assert answer["Location"] == reverse("case_detail", args=[case.pk])
    case.refresh_from_db()
    assert (case.state, case.noticing, case.version) == ("assessed", "Teine tekst.", 2)
    assert case.person.phone == "5550 9999"
    listing = CaseListing.objects.get()
    assert (listing.state, listing.next_review) == ("assessed", case.next_review)
    assert AccessEvent.objects.filter(**WRITES).count() == 1


def test_the_second_of_two_gets_both_texts_and_decides(client, here, anu, case):
    eve = here.worker(Role.CASE_MANAGER)
    join(case, eve, by=anu)
    save(client, eve.user, case, typed(case, noticing="Eve tekst.", phone="5550 1111"))
    answer = save(client, anu.user, case, typed(case, noticing="Anu tekst.", state="planned"))
    assert answer.status_code == 409
    for words in ("Eve tekst.", "Anu tekst.", "5550 1111", "5550 9999", str(eve.user)):
        assert words in answer.text
    case.refresh_from_db()
    assert case.noticing == "Eve tekst."
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert str(again["version"]) == "2"
    again |= {"noticing": "Mõlemad koos.", "confirmed": "", "next_review": "1.12.2026"}
    again["next_review"] = f"{timezone.localdate():%d.%m.%Y}"
    assert save(client, anu.user, case, again).status_code == 302
    case.refresh_from_db()
    assert (case.noticing, case.version) == ("Mõlemad koos.", 3)


def test_the_same_form_twice_is_one_change(client, anu, case):
    form = typed(case)
    answers = [save(client, anu.user, case, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    case.refresh_from_db()
    assert case.version == 2
    assert AccessEvent.objects.filter(**WRITES).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_five_times_at_once_is_one_change(client, anu, case):
    from django.test import Client

    form = typed(case)
    answers = at_once(lambda: save(Client(), anu.user, case, form), 5)
    assert {answer.status_code for answer in answers} == {302}
    case.refresh_from_db()
    assert case.version == 2
    assert AccessEvent.objects.filter(**WRITES).count() == 1


def test_closing_asks_once_more_and_keeps_what_was_typed(client, here, anu, case):
    waiting = here.worker(Role.ADDITIONAL_SUPPORT)
    member = invite(case, waiting, by=anu)
    form = typed(case, state="closed", noticing="Viimane sõna.")
    answer = save(client, anu.user, case, form)
    assert answer.status_code == 200
    assert 'name="confirmed" value="on"' in answer.text
    assert "Viimane sõna." in answer.text
    case.refresh_from_db()
    assert case.state != "closed"
    sure = form | {"confirmed": "on"}
    for _ in range(2):
        # The second is the impatient thumb: the page is closed to it, the answer is the same.
        again = save(client, anu.user, case, sure)
        assert again["Location"] == reverse("case_detail", args=[case.pk])
    case.refresh_from_db()
    assert (case.state, case.closed_on) == ("closed", timezone.localdate())
    client.force_login(waiting.user)
    assert client.get(reverse("team_member_answer", args=[member.pk])).status_code == 404


def test_a_case_closed_meanwhile_gives_the_text_back(client, here, anu, case):
    Case.objects.filter(pk=case.pk).update(state="closed", closed_on=timezone.localdate())
    answer = save(client, anu.user, case, typed(case, noticing="Minu pikk tekst."))
    assert answer.status_code == 403
    assert "Minu pikk tekst." in answer.text
    # Not the role: the case is closed, and the fields have the names of the form.
    assert f"{timezone.localdate():%d.%m.%Y}" in answer.text
    assert "roll seda ei luba" not in answer.text
    assert "Mida märgati?" in answer.text
    assert ">noticing<" not in answer.text
    assert "assessed" not in answer.text
    assert "next_review" not in answer.text


def test_a_refused_role_is_told_so_also_of_a_closed_case(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_on=timezone.localdate())
    answer = save(client, tiit.user, case, typed(case))
    assert answer.status_code == 403
    assert "roll seda ei luba" in answer.text


def test_who_was_signed_out_finds_the_labels_of_the_form(client, case):
    answer = client.post(reverse("case_change", args=[case.pk]), typed(case, unknown="Muu jutt."))
    assert "Mida märgati?" in answer.text
    assert "Muu jutt." in answer.text
    for name in (">noticing<", ">next_review<", ">unknown<", "assessed"):
        assert name not in answer.text


@pytest.mark.parametrize("days", [-1, 400])
def test_a_review_is_due_within_a_year(client, anu, case, days):
    review = timezone.localdate() + dt.timedelta(days=days)
    answer = save(client, anu.user, case, typed(case, next_review=f"{review:%d.%m.%Y}"))
    assert set(answer.context["form"].errors) == {"next_review"}
    assert "Teine tekst." in answer.text
    case.refresh_from_db()
    assert case.version == 1


def test_a_form_with_errors_leaves_an_entry_of_the_look(client, anu, case):
    save(client, anu.user, case, typed(case, next_review="kunagi"))
    event = AccessEvent.objects.order_by("-sequence").first()
    assert event.actioncode == "case_change_form"
