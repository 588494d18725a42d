"""Reading the notes of a case: what one may, newest first, by page, choice and words. CASE-12."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.cases import note_reports
from network.cases.models import CaseNote
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import Net, join, open_case_of, write_note
from tests.cases.note_help import page_of

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


def address(case):
    return reverse("case_note_list", args=[case.pk])


def seen(client, worker, case, **query):
    """The texts on the page as `worker` sees it."""
    client.force_login(worker.user)
    response = client.get(address(case), query)
    assert response.status_code == 200
    return [row.note.text for row in response.context["page"].rows]


def found(client, worker, case, words, **other):
    client.force_login(worker.user)
    response = client.post(address(case), {"words": words, **other})
    assert response.status_code == 200
    return [row.note.text for row in response.context["page"].rows]


@pytest.fixture
def team(here, case, anu):
    """Everybody who may be on a team, and a note of each kind of audience."""
    people = {
        "anu": anu,
        "manager": here.worker(Role.CASE_MANAGER),
        "provider": here.worker(Role.ADDITIONAL_SUPPORT),
        "reader": here.worker(Role.PARTNER),
        "partner": here.worker(Role.PARTNER),
    }
    join(case, people["manager"], by=anu)
    join(case, people["provider"], by=anu)
    join(case, people["reader"], by=anu, parts=["notes"])
    join(case, people["partner"], by=anu, parts=["contact"])
    write_note(case, by=anu, text="Anu tiimile", audience="team")
    write_note(case, by=anu, text="Anu juhtidele", audience="leads")
    write_note(case, by=people["provider"], text="Pakkuja juhtidele", audience="leads")
    return people


@pytest.mark.parametrize(
    ("who", "texts"),
    [
        ("anu", {"Anu tiimile", "Anu juhtidele", "Pakkuja juhtidele"}),
        ("manager", {"Anu tiimile", "Anu juhtidele", "Pakkuja juhtidele"}),
        ("provider", {"Anu tiimile", "Pakkuja juhtidele"}),
        ("reader", {"Anu tiimile"}),
        ("partner", set()),
    ],
)
def test_everybody_reads_what_they_may_and_finds_nothing_else(client, case, team, who, texts):
    worker = team[who]
    assert set(seen(client, worker, case)) == texts
    assert set(found(client, worker, case, "")) == texts
    for word, text in [("tiimile", "Anu tiimile"), ("anu juht", "Anu juhtidele")]:
        assert set(found(client, worker, case, word)) == ({text} & texts)


def test_the_choices_name_no_writer_whose_notes_are_hidden(client, case, team):
    client.force_login(team["reader"].user)
    page = page_of(client.get(address(case)))
    assert str(team["anu"].position.pk) in page
    assert str(team["provider"].position.pk) not in page


def test_strangers_and_former_members_find_no_page(client, here, case, anu, time_machine):
    former = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, former, by=anu, valid_until=timezone.localdate() + dt.timedelta(days=2))
    strangers = [here.worker(), here.seat(), Net().worker()]
    time_machine.move_to(timezone.now() + dt.timedelta(days=3))
    for worker in [former, *strangers]:
        client.force_login(worker.user)
        foreign, unknown = (
            client.get(address(case)),
            client.get(f"/intranet/juhtumid/{uuid.uuid4()}/markmed/"),
        )
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert foreign.content == unknown.content


def test_newest_comes_first_and_pages_go_by_key(client, case, anu):
    now = timezone.now()
    for number in range(25):
        # Some of them at the very same time.
        write_note(
            case, by=anu, text=f"{number}", happened_at=now - dt.timedelta(hours=number // 3)
        )
    client.force_login(anu.user)
    first = client.get(address(case))
    second = client.get(address(case) + first.context["next"])
    pages = [[row.note for row in one.context["page"].rows] for one in (first, second)]
    assert [len(page) for page in pages] == [20, 5]
    together = pages[0] + pages[1]
    assert len({note.pk for note in together}) == 25
    moments = [note.happened_at for note in together]
    assert moments == sorted(moments, reverse=True)
    assert second.context["next"] == ""


def test_a_note_that_is_pointed_at_stands_first_among_those_of_its_minute(client, case, anu):
    moment = timezone.now() - dt.timedelta(hours=1)
    notes = [write_note(case, by=anu, text=f"{n}", happened_at=moment) for n in range(9)]
    for note in notes:
        assert seen(client, anu, case, marge=str(note.pk))[0] == note.text


def test_the_list_costs_the_same_for_two_notes_and_for_forty(client, case, anu, here):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements():
        client.force_login(anu.user)
        client.get(address(case))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(case))
        return len(queries)

    write_note(case, by=anu)
    write_note(case, by=anu)
    few = statements()
    for _ in range(38):
        write_note(case, by=anu)
    assert statements() == few


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ({"kind": "phone"}, {"Kõne"}),
        ({"audience": "leads"}, {"Kõne"}),
        ({"kind": "visit", "audience": "team"}, {"Külastus"}),
        ({"kind": "phone", "audience": "team"}, set()),
        # What is not on offer counts as nothing.
        ({"kind": "gossip'"}, {"Kõne", "Külastus"}),
        ({"position": "no uuid"}, {"Kõne", "Külastus"}),
        ({"position": str(uuid.uuid4())}, {"Kõne", "Külastus"}),
        ({"enne": "no uuid", "marge": "'"}, {"Kõne", "Külastus"}),
        ({"enne": str(uuid.uuid4())}, {"Kõne", "Külastus"}),
    ],
)
def test_the_list_is_narrowed_by_kind_and_audience(client, case, anu, query, texts):
    write_note(case, by=anu, kind="phone", text="Kõne", audience="leads")
    write_note(case, by=anu, kind="visit", text="Külastus")
    assert set(seen(client, anu, case, **query)) == texts


def test_the_list_is_narrowed_by_the_writers_position(client, here, case, anu):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)
    write_note(case, by=anu, text="Anu")
    write_note(case, by=tiit, text="Tiit")
    assert seen(client, anu, case, position=str(tiit.position.pk)) == ["Tiit"]


def test_the_key_of_a_note_that_is_not_mine_to_read_opens_no_page(client, here, case, anu):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)
    hidden = write_note(
        case, by=anu, audience="leads", happened_at=timezone.now() - dt.timedelta(days=9)
    )
    write_note(case, by=anu, text="Nähtav")
    # Were the key of the hidden note taken, the page would begin before it and be empty.
    assert seen(client, tiit, case, enne=str(hidden.pk)) == ["Nähtav"]


def test_words_are_found_in_text_place_and_people_whatever_their_case(client, case, anu):
    write_note(case, by=anu, text="Uus ravim teeb uniseks.", place="Antsla", with_whom="Ema")
    write_note(case, by=anu, text="Midagi muud")
    for words in ("RAVIM", "unise antsla", "ema", "ravim  uus"):
        assert found(client, anu, case, words) == ["Uus ravim teeb uniseks."]
    assert found(client, anu, case, "ravim muud") == []


def test_words_stand_in_no_address(client, case, anu):
    client.force_login(anu.user)
    page = page_of(client.get(address(case)))
    form = page[page.index('role="search"') - 200 : page.index('name="words"')]
    assert 'method="post"' in form
    write_note(case, by=anu, text="Saladus")
    assert seen(client, anu, case, words="midagi") == []


def test_a_search_ends_somewhere_and_says_so(client, case, anu, monkeypatch):
    monkeypatch.setattr(note_reports, "SEARCHED_AT_MOST", 3)
    for number in range(5):
        write_note(case, by=anu, text=f"Sõna {number}")
    client.force_login(anu.user)
    response = client.post(address(case), {"words": "sõna"})
    assert len(response.context["page"].rows) == 3
    assert response.context["page"].is_cut


def test_a_text_is_text(client, case, anu):
    write_note(case, by=anu, text="<script>alert(1)</script>")
    client.force_login(anu.user)
    page = page_of(client.get(address(case)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_each_look_and_each_search_is_one_entry(client, case, anu):
    client.force_login(anu.user)
    before = AccessEvent.objects.count()
    client.get(address(case))
    client.post(address(case), {"words": "uni"})
    events = AccessEvent.objects.all()[: AccessEvent.objects.count() - before]
    assert [event.actioncode for event in events] == ["case_note_list", "case_note_list"]


def test_an_id_of_a_note_is_not_enough_elsewhere(client, case, anu):
    note = write_note(case, by=anu, text="Ühe juhtumi märge")
    other = open_case_of(anu)
    assert seen(client, anu, other, marge=str(note.pk)) == []
    assert CaseNote.objects.count() == 1
