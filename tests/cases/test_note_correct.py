"""A note is written once; its writer corrects it by a further note that points at it. CASE-12."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from network.cases.models import CaseNote
from network.cases.services.notes import NoteText, add_case_note
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.base.together import at_once
from tests.cases.factories import Net, join, open_case_of, write_note
from tests.cases.note_help import close, page_of, typed

pytestmark = pytest.mark.django_db

NEW = "Hommikud on head. Õhtud on rasked."


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker(Role.BASE_SUPPORT)


@pytest.fixture
def case(anu):
    return open_case_of(anu)


def address(case, note):
    return reverse("case_note_correct", args=[case.pk, note.pk])


def correct(note, by, text=NEW, audience="team", key=None):
    return add_case_note(
        note.case,
        NoteText("visit", timezone.now(), 30, text, audience),
        by=by.user,
        key=key or uuid.uuid4(),
        corrects=note,
    )


def test_the_form_begins_with_what_was_written(client, case, anu):
    note = write_note(case, by=anu, place="Kodus", minutes=50)
    client.force_login(anu.user)
    form = client.get(address(case, note)).context["form"]
    assert form["text"].value() == note.text
    assert (form["duration"].value(), form["other_minutes"].value()) == ("other", 50)
    assert form["place"].value() == "Kodus"
    assert form["day"].value() == timezone.localtime(note.happened_at).date()


def test_the_first_note_stays_struck_through_and_leads_to_the_new_one(client, case, anu):
    note = write_note(case, by=anu, text="Vale mulje.")
    client.force_login(anu.user)
    response = client.post(address(case, note), typed(text=NEW))
    new = CaseNote.objects.get(corrects=note)
    assert response.status_code == 302
    note.refresh_from_db()
    assert note.text == "Vale mulje."
    page = page_of(client.get(reverse("case_note_list", args=[case.pk])))
    assert "<del>Vale mulje.</del>" in page
    assert f"?marge={new.pk}#n-{new.pk}" in page
    assert f"?marge={note.pk}#n-{note.pk}" in page
    assert AccessEvent.objects.filter(actioncode="case_note_correct").count() == 1


def test_a_note_is_corrected_once(client, case, anu):
    note = write_note(case, by=anu)
    new = correct(note, anu)
    client.force_login(anu.user)
    shown = client.get(address(case, note))
    assert shown.context["correction"] == new
    assert address(case, new) in page_of(shown)
    assert 'name="text"' not in page_of(shown)
    response = client.post(address(case, note), typed(text="Veel kord."))
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert "Veel kord." in page_of(response)
    assert CaseNote.objects.filter(corrects=note).count() == 1


def test_the_same_correction_sent_twice_is_one(client, case, anu):
    note = write_note(case, by=anu)
    client.force_login(anu.user)
    form = typed(text=NEW)
    answers = [client.post(address(case, note), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert CaseNote.objects.filter(corrects=note).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_written_and_the_other_is_told(case, anu):
    note = write_note(case, by=anu)

    def attempt():
        try:
            correct(note, anu)
        except ValidationError:
            return "told"
        return "written"

    assert sorted(at_once(attempt, 4)) == ["told", "told", "told", "written"]


def test_a_correction_can_be_corrected(client, case, anu):
    newest = correct(correct(write_note(case, by=anu), anu), anu, text="Kolmas.")
    client.force_login(anu.user)
    page = client.get(reverse("case_note_list", args=[case.pk])).context["page"]
    by_note = {row.note.pk: row for row in page.rows}
    assert by_note[newest.pk].may_correct
    assert [row.may_correct for row in page.rows].count(True) == 1


def test_nobody_corrects_what_somebody_else_wrote(client, here, case, anu):
    tiit = here.worker(Role.CASE_MANAGER)
    join(case, tiit, by=anu)
    note = write_note(case, by=anu)
    client.force_login(tiit.user)
    assert client.get(address(case, note)).status_code == 404
    assert client.post(address(case, note), typed()).status_code == 404
    with pytest.raises(PermissionDenied):
        correct(note, tiit)
    assert CaseNote.objects.count() == 1


def test_a_note_of_another_case_is_not_corrected_here(client, case, anu):
    note = write_note(open_case_of(anu), by=anu)
    client.force_login(anu.user)
    assert client.get(address(case, note)).status_code == 404
    with pytest.raises(PermissionDenied):
        add_case_note(
            case,
            NoteText("visit", timezone.now(), 30, NEW),
            by=anu.user,
            key=uuid.uuid4(),
            corrects=note,
        )


def test_a_correction_is_read_by_whoever_read_the_first(client, here, case, anu):
    note = write_note(case, by=anu, audience="team")
    client.force_login(anu.user)
    response = client.post(address(case, note), typed(audience="leads"))
    assert "audience" in response.context["form"].errors
    assert not CaseNote.objects.filter(corrects=note).exists()


def test_a_correction_for_more_readers_does_not_show_them_the_first(client, here, case, anu):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)
    note = write_note(case, by=anu, audience="leads", text="Ainult meile.")
    correct(note, anu, audience="team")
    client.force_login(tiit.user)
    page = page_of(client.get(reverse("case_note_list", args=[case.pk])))
    assert NEW in page
    assert "Ainult meile." not in page
    assert str(note.pk) not in page


def test_in_a_closed_case_nothing_is_corrected(client, case, anu):
    note = write_note(case, by=anu)
    close(case, by=anu)
    client.force_login(anu.user)
    assert client.get(address(case, note)).status_code == 403
    listed = client.get(reverse("case_note_list", args=[case.pk]))
    assert not listed.context["page"].rows[0].may_correct
