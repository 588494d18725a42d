"""What two save at the same time: nobody's untouched field wipes what the other wrote."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.cases.models import CaseListing, Person
from network.cases.models.person import code_hash, surname_hash
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.base.versions import as_shown, put_together
from tests.cases.factories import PERSONAL_CODE, Net, join, open_case_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker()


@pytest.fixture
def case(anu):
    return open_case_of(anu, text="Esimene tekst.", phone="5550 1234")


def opened(client, worker, case):
    """The form as the browser has it: every field with what it shows."""
    client.force_login(worker.user)
    form = client.get(reverse("case_change", args=[case.pk])).context["form"]
    return sent(form)


def sent(form):
    values = {name: form[name].value() for name in form.fields}
    return {
        name: f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else str(value or "")
        for name, value in values.items()
    } | {"confirmed": "", "key": str(uuid.uuid4())}


def save(client, worker, case, form):
    client.force_login(worker.user)
    return client.post(reverse("case_change", args=[case.pk]), form)


def test_a_field_that_only_the_other_changed_keeps_what_the_other_wrote(client, here, anu, case):
    eve = here.worker(Role.CASE_MANAGER)
    join(case, eve, by=anu)
    hers, mine = opened(client, eve, case), opened(client, anu, case)
    assert save(client, eve, case, hers | {"address": "Pargi 1"}).status_code == 302
    answer = save(client, anu, case, mine | {"phone": "5550 7777"})
    assert answer.status_code == 409
    assert answer.context["clashes"] == []
    assert "Pargi 1" in answer.text
    assert str(eve.user) in answer.text
    assert save(client, anu, case, sent(answer.context["form"])).status_code == 302
    person = Person.objects.get()
    assert (person.address, person.phone) == ("Pargi 1", "5550 7777")


def test_only_what_both_changed_is_asked_about(client, here, anu, case):
    eve = here.worker(Role.CASE_MANAGER)
    join(case, eve, by=anu)
    hers, mine = opened(client, eve, case), opened(client, anu, case)
    save(client, eve, case, hers | {"address": "Pargi 1", "phone": "5550 8888"})
    answer = save(client, anu, case, mine | {"phone": "5550 7777", "email": "m@naidis.example"})
    assert [one["name"] for one in answer.context["clashes"]] == ["phone"]
    assert "5550 8888" in answer.text
    again = sent(answer.context["form"])
    assert (again["address"], again["email"]) == ("Pargi 1", "m@naidis.example")


def test_ones_own_other_window_is_not_called_somebody_else(client, anu, case):
    first, second = opened(client, anu, case), opened(client, anu, case)
    save(client, anu, case, first | {"address": "Pargi 1"})
    answer = save(client, anu, case, second | {"phone": "5550 7777"})
    assert answer.context["is_mine"]
    assert "Keegi teine" not in answer.text


def test_the_ends_of_lines_are_no_change():
    shown = as_shown({"text": "üks\nkaks"})
    both, clashes = put_together({"text": "üks\r\nkaks"}, {"text": "kolm"}, shown)
    assert (both, clashes) == ({"text": "kolm"}, set())


def test_basics_are_corrected_found_again_and_named_in_the_log(client, here, anu, case):
    elsewhere = here.another_municipality()
    basics = {"first_name": "Malle", "last_name": "Kask", "personal_code": PERSONAL_CODE}
    form = opened(client, anu, case) | basics | {"municipality": elsewhere.slug}
    assert save(client, anu, case, form | {"noticed_on": "01.03.2026"}).status_code == 302
    case.refresh_from_db()
    person = case.person
    assert (person.name, person.personal_code) == ("Malle Kask", PERSONAL_CODE)
    assert person.last_name_hash == surname_hash("Kask")
    assert person.personal_code_hash == code_hash(PERSONAL_CODE)
    assert case.municipality == person.municipality == elsewhere
    assert case.noticed_on == dt.date(2026, 3, 1)
    assert CaseListing.objects.get().municipality == elsewhere
    codes = set(AccessEvent.objects.values_list("actioncode", flat=True))
    assert codes >= {f"case_change_{what}" for what in ("name", "code", "place", "noticed")}


def test_the_stored_personal_code_is_not_in_the_form_and_stays(client, anu):
    case = open_case_of(anu, personal_code=PERSONAL_CODE)
    form = opened(client, anu, case)
    assert PERSONAL_CODE not in form.values()
    save(client, anu, case, form | {"phone": "5550 7777"})
    assert Person.objects.get().personal_code == PERSONAL_CODE
    assert not AccessEvent.objects.filter(actioncode__startswith="case_change_c").exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"phone": "abc"}, "phone"),
        ({"phone": "55 50"}, "phone"),
        ({"noticed_on": "01.01.0026"}, "noticed_on"),
        ({"noticed_on": "01.01.2009"}, "noticed_on"),
        ({"last_name": ""}, "last_name"),
        ({"personal_code": "60001019907"}, "personal_code"),
        ({"municipality": "olematu"}, "municipality"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(client, anu, case, fields, wrong):
    answer = save(client, anu, case, opened(client, anu, case) | fields)
    assert set(answer.context["form"].errors) == {wrong}


def test_back_from_closing_keeps_what_was_typed(client, anu, case):
    form = opened(client, anu, case) | {"state": "closed", "noticing": "Viimane sõna."}
    asked = save(client, anu, case, form)
    assert 'name="back"' in asked.text
    back = save(client, anu, case, form | {"confirmed": "on", "back": "on"})
    assert "Viimane sõna." in back.text
    case.refresh_from_db()
    assert case.state != "closed"
    assert case.next_review > timezone.localdate()
