"""The administrator's pages: terms and holds; nobody else finds them."""

import datetime as dt
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.base import personal
from portal.privacy.models import LegalHold, RetentionChange, RetentionClass
from portal.starter.retention import load_retention
from tests.cases.factories import LONG_AGO, Net, auditor, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db):
    load_retention()
    user = UserFactory()
    PortalRole.objects.create(user=user, role=Role.ADMINISTRATOR, valid_from=LONG_AGO)
    return user


@pytest.fixture
def reader(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def case(net):
    return open_case_of(net.worker(), first_name="Kanaarik", last_name="Tihane")


def term() -> RetentionClass:
    return RetentionClass.objects.get(code="juhtum")


def hold_of(case) -> LegalHold:
    return LegalHold.objects.create(
        kind="case",
        subject_id=case.pk,
        number=case.number,
        reason="Kohtuasi 2-26-1",
        valid_from=timezone.localdate(),
    )


def test_nobody_else_finds_the_pages(client, administrator, case, net):
    hold = hold_of(case)
    former = UserFactory()
    PortalRole.objects.create(
        user=former,
        role=Role.ADMINISTRATOR,
        valid_from=LONG_AGO,
        valid_until=timezone.localdate(),
    )
    pages = [
        reverse("retention_list"),
        reverse("retention_change", args=[term().pk]),
        reverse("hold_list"),
        reverse("hold_add"),
        reverse("hold_lift", args=[hold.pk]),
    ]
    others = (
        former,
        auditor(),
        UserFactory(is_superuser=True, is_staff=True),
        net.worker().user,
        Net().seat().user,
    )
    for user in others:
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [404] * 5
        assert client.post(pages[4], {"why": "Las olla"}).status_code == 404
    client.logout()
    assert [client.get(page).status_code for page in pages] == [302] * 5
    client.force_login(administrator)
    assert [client.get(page).status_code for page in pages] == [200] * 5
    assert client.get(reverse("hold_lift", args=[uuid.uuid4()])).status_code == 404
    assert client.get(reverse("retention_change", args=[uuid.uuid4()])).status_code == 404


def test_terms_are_found_narrowed_down_and_taken_along(reader, django_assert_num_queries):
    path = reverse("retention_list")
    assert len(reader.get(path).context["rows"]) == 11
    found = reader.get(path, {"q": "LAHKUNUD töötaja"}).context["rows"]
    assert [row.code for row, _term in found] == ["tootaja"]
    assert len(reader.get(path, {"state": "open"}).context["rows"]) == 4
    assert len(reader.get(path, {"state": "on", "sort": "state"}).context["rows"]) == 7
    assert "Ühtegi" in reader.get(path, {"q": "xyzzy"}).content.decode()
    for odd in ({"state": "'"}, {"sort": "pk; --"}, {"page": "x"}):
        assert reader.get(path, odd).status_code == 200
    table = reader.get(path, {"format": "csv", "state": "open"})
    assert table["Content-Disposition"] == 'attachment; filename="sailitamine.csv"'
    assert len(table.content.decode().strip().splitlines()) == 5


def sent(page, **fields):
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value in (None, False) else value for name, value in data.items()}
    return data | fields


def test_a_term_is_set_and_its_history_told(reader, administrator):
    path = reverse("retention_change", args=[term().pk])
    page = reader.get(path)
    answer = reader.post(path, sent(page, length="60", is_active="on"))
    assert answer.status_code == 302
    assert (term().length, term().is_active) == (60, True)
    assert RetentionChange.objects.count() == 1
    assert AccessEvent.objects.order_by("sequence").last().actioncode == "retention_change"
    text = reader.get(path).content.decode()
    assert "– → 60" in text
    assert str(administrator) in text


def test_two_who_change_it_at_once_lose_nothing(reader):
    path = reverse("retention_change", args=[term().pk])
    first, second = reader.get(path), reader.get(path)
    reader.post(path, sent(first, length="60"))
    answer = reader.post(path, sent(second, length="84", ground="Minu põhjendus"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Minu põhjendus" in text
    assert "60 kuud" in text
    assert term().length == 60
    assert reader.post(path, sent(answer, length="84")).status_code == 302
    assert term().length == 84


@pytest.mark.parametrize("length", ["sada", "-1", "0", "99999", "1;2"])
def test_a_length_that_is_none_is_said_beside_the_field(reader, length):
    path = reverse("retention_change", args=[term().pk])
    answer = reader.post(path, sent(reader.get(path), length=length, ground="Kirjutatu"))
    assert answer.status_code == 200
    assert "length" in answer.context["form"].errors
    assert "Kirjutatu" in answer.content.decode()
    assert term().length is None


def test_a_case_is_held_by_its_number_and_let_go_again(reader, case):
    path = reverse("hold_add")
    typed = case.number.replace("-", " ").lower()
    answer = reader.post(path, sent(reader.get(path), what=typed, reason="Kohtuasi 2-26-1"))
    assert answer.status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.subject_id, hold.number, hold.set_by is not None) == (case.pk, case.number, True)
    entry = AccessEvent.objects.order_by("sequence").last()
    assert entry.actioncode == "hold_add"
    assert [row.subject for row in entry.subjects.all()] == [str(case.pk)]
    page = reader.get(reverse("hold_list")).content.decode()
    assert case.number in page
    assert "Kanaarik" not in page
    again = reader.post(path, sent(reader.get(path), what=case.number, reason="Teine kord"))
    assert again.context["form"].non_field_errors()
    lift = reverse("hold_lift", args=[hold.pk])
    assert reader.post(lift, sent(reader.get(lift), why="")).context["form"].errors
    assert reader.post(lift, sent(reader.get(lift), why="Kohtuasi lõppes")).status_code == 302
    hold.refresh_from_db()
    assert hold.lifted_at
    assert reader.get(lift).status_code == 302
    assert case.number not in reader.get(reverse("hold_list")).content.decode()
    lifted = reader.get(reverse("hold_list"), {"state": "lifted"}).content.decode()
    assert "Kohtuasi lõppes" in lifted


def test_an_account_is_held_by_its_address(reader, net):
    worker = net.worker()
    path = reverse("hold_add")
    reader.post(path, sent(reader.get(path), what=worker.user.email, reason="Järelevalve"))
    assert LegalHold.objects.get().subject_id == worker.user.pk
    assert str(worker.user) in reader.get(reverse("hold_list")).content.decode()
    table = reader.get(reverse("hold_list"), {"format": "csv"}).content.decode()
    assert str(worker.user) in table


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"what": "AAA-AAA"}, "what"),
        ({"what": "keegi@naidis.example"}, "what"),
        ({"what": "' OR 1=1"}, "what"),
        ({"what": ""}, "what"),
        ({"reason": "Mari Maasikas palus"}, "reason"),
        ({"reason": "kood 60001019906"}, "reason"),
        ({"reason": "x"}, "reason"),
        ({"valid_until": "eile"}, "valid_until"),
        ({"valid_until": "01.01.2020"}, "valid_until"),
    ],
)
def test_what_cannot_be_held_is_said_beside_its_field(reader, case, fields, field):
    path = reverse("hold_add")
    values = {"what": case.number, "reason": "Kohtuasi 2-26-1"} | fields
    answer = reader.post(path, sent(reader.get(path), **values))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not LegalHold.objects.exists()


def test_a_hold_that_is_over_holds_nothing_and_makes_room(reader, case):
    hold = hold_of(case)
    today = timezone.localdate()
    LegalHold.objects.filter(pk=hold.pk).update(
        valid_from=today - dt.timedelta(days=9), valid_until=today
    )
    path = reverse("hold_add")
    answer = reader.post(path, sent(reader.get(path), what=case.number, reason="Uus asi"))
    assert answer.status_code == 302
    assert LegalHold.objects.count() == 2


def test_lists_ask_the_same_number_of_times_whatever_they_hold(
    reader, net, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asking:
            assert reader.get(reverse("hold_list")).status_code == 200
        return len(asking)

    def hold_workers(count: int) -> None:
        for _one in range(count):
            LegalHold.objects.create(
                kind="worker",
                subject_id=UserFactory().pk,
                reason="Järelevalve",
                valid_from=timezone.localdate(),
                set_by=UserFactory(),
            )

    hold_workers(1)
    asked()
    few = asked()
    hold_workers(8)
    assert asked() == few


def test_the_same_by_command(case, capsys):
    call_command("legal_hold", "--case", case.number, "--reason", "Kohtuasi 2-26-1")
    hold = LegalHold.objects.get()
    assert hold.set_by is None
    call_command("legal_hold", "--list")
    assert case.number in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("legal_hold", "--case", case.number, "--reason", "Teine")
    call_command("legal_hold", "--lift", str(hold.pk), "--reason", "Lõppes")
    with pytest.raises(CommandError, match="No hold"):
        call_command("legal_hold", "--lift", str(hold.pk), "--reason", "Lõppes")
    with pytest.raises(CommandError, match="No hold"):
        call_command("legal_hold", "--lift", "midagi", "--reason", "Lõppes")
    assert personal.find("case", case.number)
