"""From a noticing to a case. CASE-01, PLAN-01."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.cases.models import Case, CaseGrant, Person, TeamMember
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import PERSONAL_CODE, Net, open_case_of
from tests.factories import UserFactory
from tests.network.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


def typed(here, **fields):
    values = {
        "key": str(uuid.uuid4()),
        "first_name": "Mall",
        "last_name": "Näidis",
        "personal_code": PERSONAL_CODE,
        "municipality": here.municipality.slug,
        "noticed_on": f"{timezone.localdate():%d.%m.%Y}",
        "noticed_how": "relative",
        "phone": "5550 1234",
        "text": "Ei ole nädal aega uksest väljas käinud.",
    }
    return values | fields


def test_a_noticing_becomes_a_case_with_its_writer_on_the_team(here, client):
    anu = here.worker()
    client.force_login(anu.user)
    answer = client.post(reverse("case_open"), typed(here))
    case = Case.objects.get()
    assert answer["Location"] == reverse("case_detail", args=[case.pk])
    assert case.person.name == "Mall Näidis"
    assert case.region == here.region
    assert TeamMember.objects.get().position == anu.position
    assert CaseGrant.objects.get().user == anu.user
    assert AccessEvent.objects.get().actioncode == "case_open"
    assert "Mall Näidis" in client.get(answer["Location"]).text


def test_the_same_form_sent_twice_opens_one_case(here, client):
    client.force_login(here.worker().user)
    form = typed(here)
    first, second = (client.post(reverse("case_open"), form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == Person.objects.count() == AccessEvent.objects.count() == 1


def test_a_day_is_typed_as_estonians_type_it(here, client):
    client.force_login(here.worker().user)
    for day in ("4.3.2026", "04.03.2026", "4,3,2026", " 4.3.26 "):
        client.post(reverse("case_open"), typed(here, noticed_on=day, personal_code=""))
    assert set(Case.objects.values_list("noticed_on", flat=True)) == {dt.date(2026, 3, 4)}
    assert Case.objects.count() == 4


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"noticed_on": "homme"}, "noticed_on"),
        ({"noticed_on": "tomorrow"}, "noticed_on"),
        ({"first_name": " "}, "first_name"),
        ({"personal_code": "60001019907"}, "personal_code"),
        ({"personal_code": "kuuskümmend"}, "personal_code"),
        ({"municipality": "olematu"}, "municipality"),
        ({"municipality": ""}, "municipality"),
        ({"email": "mall"}, "email"),
        ({"text": ""}, "text"),
        ({"noticed_how": "unes"}, "noticed_how"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(here, client, fields, wrong):
    if fields.get("noticed_on") == "tomorrow":
        fields = {"noticed_on": f"{timezone.localdate() + dt.timedelta(days=1):%d.%m.%Y}"}
    client.force_login(here.worker().user)
    form = typed(here, **fields)
    answer = client.post(reverse("case_open"), form)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {wrong}
    assert f'id="id_{wrong}_error"' in answer.text
    assert "data-errors" in answer.text
    for name, value in form.items():
        if name not in {wrong, "municipality", "noticed_how"}:
            assert value in answer.text
    assert not Case.objects.exists()


def test_a_municipality_of_no_region_is_not_offered(here, client):
    outside = MunicipalityFactory()
    client.force_login(here.worker().user)
    assert outside.name not in client.get(reverse("case_open")).text
    answer = client.post(reverse("case_open"), typed(here, municipality=outside.slug))
    assert "municipality" in answer.context["form"].errors


def test_a_code_that_another_team_knows_changes_nothing_in_the_answer(here, client):
    open_case_of(here.worker(), personal_code=PERSONAL_CODE)
    client.force_login(here.worker().user)
    known = client.post(reverse("case_open"), typed(here))
    unknown = client.post(reverse("case_open"), typed(here, personal_code="37605030299"))
    assert known.status_code == unknown.status_code == 302
    assert Case.objects.count() == 3


def test_a_broken_key_is_no_error(here, client):
    client.force_login(here.worker().user)
    assert client.post(reverse("case_open"), typed(here, key="katki")).status_code == 302


def test_whoever_holds_two_positions_says_which_one_opens_the_case(here, client):
    anu = here.worker()
    second = here.worker(Role.CASE_MANAGER, user=anu.user)
    client.force_login(anu.user)
    assert "position" in client.post(reverse("case_open"), typed(here)).context["form"].errors
    client.post(reverse("case_open"), typed(here, position=str(second.position.pk)))
    assert TeamMember.objects.get().position == second.position
    foreign = typed(here, position=str(here.worker().position.pk))
    assert "position" in client.post(reverse("case_open"), foreign).context["form"].errors


def test_only_base_support_and_case_managers_open_cases(here, client):
    users = [here.worker(role).user for role in (Role.ADDITIONAL_SUPPORT, Role.PARTNER)]
    users += [here.seat().user, UserFactory(), UserFactory(is_superuser=True, is_staff=True)]
    for user in users:
        client.force_login(user)
        assert client.get(reverse("case_open")).status_code == 403
        assert client.post(reverse("case_open"), typed(here)).status_code == 403
    assert not Case.objects.exists()


def test_a_former_holder_opens_no_case(here, client):
    yesterday = timezone.localdate()
    client.force_login(here.worker(valid_until=yesterday).user)
    assert client.get(reverse("case_open")).status_code == 403


def test_a_form_sent_after_the_session_ended_gives_the_text_back_and_nothing_else(here, client):
    form = typed(here, text="Uks oli lukus, <b>koer</b> haukus.")
    answer = client.post(reverse("case_open"), form)
    assert answer.status_code == 403
    assert "Uks oli lukus, &lt;b&gt;koer&lt;/b&gt; haukus." in answer.text
    assert f"/konto/sisse/?next={reverse('case_open')}" in answer.text
    assert form["key"] not in answer.text
    assert answer["Cache-Control"] == "no-store"
    client.force_login(here.worker().user)
    assert "koer" not in client.get(reverse("case_open")).text
    assert not Case.objects.exists()


def test_an_own_open_case_with_the_same_code_is_shown_before_another_is_opened(here, client):
    anu = here.worker()
    first = open_case_of(anu, personal_code=PERSONAL_CODE)
    client.force_login(anu.user)
    form = typed(here)
    asked = client.post(reverse("case_open"), form)
    assert asked.status_code == 200
    assert set(asked.context["form"].errors) == {"anew"}
    assert reverse("case_detail", args=[first.pk]) in asked.text
    assert AccessEvent.objects.filter(actioncode="case_search").count() == 1
    for _ in range(2):
        assert client.post(reverse("case_open"), form | {"anew": "on"}).status_code == 302
    assert Case.objects.count() == 2


def test_all_that_is_wrong_is_said_at_once(here, client):
    client.force_login(here.worker().user)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    form = typed(here, noticed_on=f"{tomorrow:%d.%m.%Y}", phone="abc", email="olga@näide")
    answer = client.post(reverse("case_open"), form)
    assert set(answer.context["form"].errors) == {"noticed_on", "phone", "email"}
    assert 'value="olga@näide"' in answer.text
    old = client.post(reverse("case_open"), typed(here, noticed_on="01.01.0026"))
    assert set(old.context["form"].errors) == {"noticed_on"}
