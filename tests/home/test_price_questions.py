"""What is asked of an import: few at once, once for the same file, folded away when answered."""

import uuid
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from catalogue.importer.plan import LEAVE
from catalogue.models import Price, PriceImport
from home.reports.price_questions import SHOWN
from portal.access.cms_groups import ensure_cms_groups
from tests.factories import UserFactory
from tests.home.price_lists import (
    HEAD,
    act,
    fields_of,
    of,
    page_of,
    question,
    send,
    sent_to,
    take_back,
)
from tests.network.factories import ComponentFactory, PriceFactory, RoundFactory

pytestmark = pytest.mark.django_db

KNOWN = ["", "Töötamise toetamine", "", "35", "0", "35"]


@pytest.fixture
def publisher(client):
    user = UserFactory()
    user.groups.set([ensure_cms_groups()["publishers"]])
    client.force_login(user)
    return user


@pytest.fixture
def round_():
    return RoundFactory()


@pytest.fixture
def work():
    return ComponentFactory(code="H2", name="Töötamise toetamine")


def unknown(n, times=1):
    return [["", f"Tundmatu asi {i}", "", "20", "0", "20"] for i in range(n) for _ in range(times)]


def asked_on(page):
    return [name for name in fields_of(page) if name.startswith("q-")]


def test_of_many_questions_a_few_stand_on_the_page_those_of_most_rows_first(
    client, publisher, round_, work
):
    rows = [HEAD, KNOWN, *unknown(70), *[["", "Sage asi", "", "20", "0", "20"]] * 3]
    kept = sent_to(client, of(round_), rows)
    page = page_of(client, kept)
    asked = page.context["asked"]
    assert len(asked_on(page)) == len(asked.open) == SHOWN
    assert (asked.later, asked.open_components) == (71 - SHOWN, 71)
    assert "Sage asi" in asked.open[0].label
    assert len(page.content) < 300_000


def test_the_rest_is_left_out_at_once_and_asked_again_on_demand(client, publisher, round_, work):
    kept = sent_to(client, of(round_), [HEAD, KNOWN, *unknown(70)])
    page = page_of(client, kept)
    first = asked_on(page)[0]
    act(client, kept, "leave_rest", **{first: str(work.pk)})
    kept.refresh_from_db()
    assert kept.answers[first.removeprefix("q-")] == str(work.pk)
    assert list(kept.answers.values()).count(LEAVE) == 69
    page = page_of(client, kept)
    asked = page.context["asked"]
    assert asked.open == []
    assert len(asked_on(page)) == SHOWN
    assert (asked.answered_count, asked.left_out) == (70, 70 - SHOWN)
    # What was told stands before what was left out.
    assert asked.answered[0].value == str(work.pk)
    act(client, kept, "ask_again")
    kept.refresh_from_db()
    assert list(kept.answers.values()) == [str(work.pk)]


def test_a_question_that_comes_up_after_answers_is_marked_as_new(client, publisher, round_, work):
    rows = [["Teenus", "Hind"], ["Töötamise toetamine", "35"], ["Muu asi", "20"]]
    kept = sent_to(client, of(round_), rows)
    page = page_of(client, kept)
    assert not any(one.is_new for one in page.context["asked"].open)
    act(client, kept, "answer", **{question(page, "vat"): "24"})
    asked = page_of(client, kept).context["asked"]
    assert {one.name: one.is_new for one in asked.open} == {
        "q-price_kind": True,
        next(one.name for one in asked.open if "component" in one.name): False,
    }
    assert [one.name for one in asked.answered] == ["q-vat"]


def test_the_same_cells_sent_again_are_not_asked_about_again(client, publisher, round_, work):
    rows = [["Asi", "Hind"], ["Töötamise toetamine", "35"], ["Muu asi", "20"]]
    first = sent_to(client, of(round_), rows)
    act(client, first, "columns", **{"c-0-0": "component", "c-0-1": "gross:individual"})
    page = page_of(client, first)
    names = {question(page, "vat"): "exempt", question(page, "component"): LEAVE}
    act(client, first, "answer", **names)
    second = sent_to(client, of(round_), rows, name="teine nimi.csv")
    assert (second.answers, second.columns) != ({}, {})
    page = page_of(client, second)
    assert page.context["asked"].open == []
    assert page.context["same_taken_at"] is None
    assert second.answered_at < second.at
    act(client, second)
    third = sent_to(client, of(round_), rows)
    assert page_of(client, third).context["same_taken_at"]
    # Other cells, another target, another person: nothing is known.
    other = sent_to(client, of(round_), [*rows, ["Kolmas", "5"]])
    assert (other.answers, other.columns) == ({}, {})
    colleague = UserFactory()
    colleague.groups.set(publisher.groups.all())
    client.force_login(colleague)
    theirs = sent_to(client, of(round_), rows)
    assert (theirs.answers, theirs.answered_at) == ({}, None)
    assert page_of(client, theirs).context["same_taken_at"] is None


def test_what_a_name_means_is_told_once_for_all_files(client, publisher, round_, work):
    rows = [HEAD, ["", "Abi tööl", "", "35", "0", "35"], ["", "Muu asi", "", "20", "0", "20"]]
    first = sent_to(client, of(round_), rows)
    answers = {one.name: LEAVE for one in page_of(client, first).context["asked"].open}
    answers[next(iter(answers))] = str(work.pk)
    act(client, first, "answer", **answers)
    second = sent_to(client, of(round_), [*rows, ["", "Kolmas", "", "5", "0", "5"]])
    asked = page_of(client, second).context["asked"]
    assert [(one.label, one.value) for one in asked.answered] == [
        ("Mis teenuskomponent on „Abi tööl“?", str(work.pk))
    ]
    # A name that was left out may be wanted in the next file.
    assert len(asked.open) == 2
    assert "Vastused, mille andsite" in page_of(client, second).content.decode()


def test_a_question_shows_the_prices_of_its_rows_and_notes_stand_above_the_rows(
    client, publisher, round_, work
):
    note = ["", "* hind kehtib tööpäeviti kella 8–17", "", "", "", ""]
    rows = [HEAD, KNOWN, *unknown(1, times=2), note]
    page = page_of(client, sent_to(client, of(round_), rows))
    (asked,) = page.context["asked"].open
    assert asked.hint == "Read 3 (20), 4 (20)"
    assert page.context["notes"] == [("5", "* hind kehtib tööpäeviti kella 8–17")]


def test_a_file_with_the_day_of_every_price_needs_no_other(client, publisher, round_, work):
    head = [*HEAD, "Kehtivus"]
    rows = [head, [*KNOWN, "01.02.2026–31.12.2026"]]
    kept = sent_to(client, of(round_), rows, day="")
    assert str(kept.valid_from) == "2026-02-01"
    assert page_of(client, kept).context["ends"] == (1, "31.12.2026")
    answer = send(client, of(round_), [*rows, [*KNOWN, ""]], day="")
    assert "failis ei ole seda iga hinna juures" in answer.text
    unknown_table = [["Mis", "Eur", "Mis ajast"], ["Abi", "20", "1.3.2026"]]
    assert str(sent_to(client, of(round_), unknown_table, day="").valid_from) == "2026-03-01"
    other = sent_to(client, of(round_), [HEAD, KNOWN, KNOWN, ["", "Muu", "", "ei osuta", "", ""]])
    act(client, other)
    assert page_of(client, other).context["rest"] == (1, 1)


def test_columns_that_were_not_read_are_named_above_the_rows(client, publisher, round_, work):
    rows = [[*HEAD, "Oma asi", "Märkused"], [*KNOWN, "sinine", "hind osaleja kohta"]]
    page = page_of(client, sent_to(client, of(round_), rows))
    (group,) = page.context["groups"]
    assert group["rows"][0].beside == "sinine · hind osaleja kohta"
    assert "hind osaleja kohta" in page.text
    assert page.context["unknown"] == ["Oma asi"]
    assert "“Oma asi”" in page.text or "„Oma asi“" in page.text


def test_the_file_of_refused_rows_has_no_empty_column_that_nobody_read(
    client, publisher, round_, work
):
    rows = [["", *HEAD, "Oma asi"], ["", *KNOWN, ""], ["", "", "Muu", "", "20,005", "0", "", ""]]
    kept = sent_to(client, of(round_), rows)
    answer = client.get(reverse("price_import_refused", args=[kept.pk]), {"format": "csv"})
    heading = answer.content.decode().splitlines()[0]
    assert "Oma asi" not in heading
    assert heading.count(",") == len(HEAD) + 1
    sheet = load_workbook(
        BytesIO(client.get(reverse("price_import_refused", args=[kept.pk])).content)
    ).active
    assert sheet.column_dimensions["H"].width > 20


def test_whether_a_price_is_overwritten_is_asked_every_time(client, publisher, round_, work):
    PriceFactory(component=work, round=round_, net="10.00", gross="10.00")
    kept = sent_to(client, of(round_), [HEAD, KNOWN], day="01.01.2025")
    page = page_of(client, kept)
    (clash,) = page.context["asked"].open
    assert "01.01.2025" in clash.label
    act(client, kept, "answer", **{clash.name: "yes"})
    assert page_of(client, kept).context["overwritten"] == 1
    again = sent_to(client, of(round_), [HEAD, KNOWN], day="01.01.2025")
    assert again.answers == {}


def test_a_file_whose_headings_are_not_known_asks_for_its_columns_alone(
    client, publisher, round_, work
):
    kept = sent_to(client, of(round_), [["Tegevus", "Raha"], ["Töötamise toetamine", "35"]])
    text = page_of(client, kept).text
    assert 'name="c-0-0"' in text
    assert 'id="votta"' not in text
    assert 'id="read"' not in text


def test_an_import_that_is_taken_over_is_no_form_any_more(client, publisher, round_, work):
    rows = [HEAD, KNOWN, *unknown(2), ["", "Töötamise toetamine", "grupis", "9", "0", "9"]]
    kept = sent_to(client, of(round_), rows)
    form = fields_of(page_of(client, kept))
    act(client, kept)
    page = page_of(client, kept)
    assert "<select" not in page.text
    assert [row.after.replace("\xa0", " ") for row in page.context["taken"]] == ["35,00 €"]
    assert page.context["left"] == 3
    assert f"{reverse('round_table', args=[round_.slug])}?day=2026-01-01" in page.text
    url = reverse("price_import_detail", args=[kept.pk])
    answers = form | {asked: LEAVE for asked in form if asked.startswith("q-")}
    assert client.post(url, answers | {"do": "answer"}).status_code == 409
    other_key = answers | {"do": "apply", "key": str(uuid.uuid4())}
    assert client.post(url, other_key).status_code == 409
    kept.refresh_from_db()
    assert (kept.answers, kept.applied, Price.objects.count()) == ({}, 1, 1)


def test_what_stays_as_it_is_does_not_fill_the_table(client, publisher, round_, work):
    PriceFactory(component=work, round=round_, net="35.00", gross="35.00")
    kept = sent_to(client, of(round_), [HEAD, KNOWN])
    page = page_of(client, kept)
    (group,) = page.context["groups"]
    assert (group["value"], group["count"], group["is_open"]) == ("same", 1, False)
    url = reverse("price_import_detail", args=[kept.pk])
    assert len(client.get(url, {"seis": "same"}).context["rows"]) == 1


# --- The files that were sent ------------------------------------------------------------------


def test_a_file_that_was_not_taken_over_can_be_deleted_once(client, publisher, round_, work):
    kept = sent_to(client, of(round_), [HEAD, KNOWN])
    url = reverse("price_import_delete", args=[kept.pk])
    sent = {"key": str(uuid.uuid4()), "version": str(kept.version)}
    assert client.get(url).status_code == 405
    assert client.post(url, sent | {"version": "99"}).status_code == 409
    assert PriceImport.objects.exists()
    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert not PriceImport.objects.exists()
    assert client.post(url, sent | {"key": str(uuid.uuid4())}).status_code == 404


def test_a_file_that_was_taken_over_is_not_deleted(client, publisher, round_, work):
    kept = sent_to(client, of(round_), [HEAD, KNOWN])
    act(client, kept)
    kept.refresh_from_db()
    url = reverse("price_import_delete", args=[kept.pk])
    assert url not in client.get(reverse("price_import")).text
    sent = {"key": str(uuid.uuid4()), "version": str(kept.version)}
    assert client.post(url, sent).status_code == 409
    assert PriceImport.objects.exists()


def test_the_files_of_another_are_not_deleted(client, publisher, round_, work):
    kept = sent_to(client, of(round_), [HEAD, KNOWN])
    colleague = UserFactory()
    colleague.groups.set(publisher.groups.all())
    client.force_login(colleague)
    url = reverse("price_import_delete", args=[kept.pk])
    sent = {"key": str(uuid.uuid4()), "version": str(kept.version)}
    assert client.post(url, sent).status_code == 404
    assert PriceImport.objects.exists()


FOUND = [
    ({}, {"ootab.csv", "voetud.csv", "tagasi.csv"}),
    ({"q": "voet"}, {"voetud.csv"}),
    ({"state": "ootel"}, {"ootab.csv"}),
    ({"state": "voetud"}, {"voetud.csv"}),
    ({"state": "tagasi"}, {"tagasi.csv"}),
    ({"state": "nonsense", "q": "\0"}, {"ootab.csv", "voetud.csv", "tagasi.csv"}),
    ({"q": "ei ole"}, set()),
]


def test_sent_files_are_found_by_name_and_state(client, publisher, round_, work):
    sent_to(client, of(round_), [HEAD, KNOWN], name="ootab.csv")
    back = sent_to(client, of(round_), [HEAD, KNOWN], name="tagasi.csv")
    act(client, back)
    take_back(client, back)
    act(client, sent_to(client, of(round_), [HEAD, KNOWN], name="voetud.csv"))
    for asked, found in FOUND:
        page = client.get(reverse("price_import"), asked)
        assert {one.file_name for one, _label in page.context["sent"]} == found, asked
