"""Minutes: read as a page and as a PDF, approved, and from then on as they are. REG-08."""

import io
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from network.meetings.minutes import minutes_of, pdf_of
from network.meetings.models import AgendaItem, Attendance, Meeting
from network.meetings.services.approval import approve_minutes
from network.services.people import end_holding, start_holding
from portal.accounts.models import User
from portal.base.versions import VersionConflict
from tests.factories import UserFactory
from tests.meetings.factories import (
    Table,
    action_of,
    decision_of,
    ended_meeting,
    guest_at,
    note_of,
    planned_meeting,
    running_meeting,
    topic,
)

pytestmark = pytest.mark.django_db
# Each of them means something in Typst.
MARKUP = '#panic("x") [*_` <märk> @viide = pealkiri $x^2$ // \\ ~ "jutt" \' https://näidis.ee'


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def meeting(table) -> Meeting:
    """Held three weeks ago, with something of everything in its minutes."""
    meeting = ended_meeting(table.steering, place="Antsla vallamaja")
    item = topic(meeting, title="Transport töökotta", owner=table.member.position)
    note_of(item, table.coordinator, "Buss ei sõida laupäeval.")
    decision_of(item, text="Küsida lisapeatust.")
    action_of(item, table.outsider, text="Kirjutada maakonnaliinile")
    Attendance.objects.filter(position=table.member.position).update(status="present")
    Attendance.objects.filter(position=table.coordinator.position).update(status="excused")
    Attendance.objects.create(
        meeting=meeting, guest_name="Külaline Valgast", is_guest=True, status="present"
    )
    return meeting


def text_of(pdf: bytes) -> str:
    """The words of a PDF, each once apart."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def approve(client, worker, meeting, **fields):
    client.force_login(worker.user)
    form = {"seen": minutes_of(meeting).fingerprint}
    return client.post(reverse("minutes_approve", args=[meeting.pk]), form | fields)


def test_the_page_holds_everything_that_was_written(client, table, meeting):
    client.force_login(table.member.user)
    page = client.get(reverse("minutes", args=[meeting.pk])).text
    decision = meeting.items.get(title="Transport töökotta").decisions.get()
    for words in (
        "Antsla vallamaja",
        "Transport töökotta",
        "Buss ei sõida laupäeval.",
        "Küsida lisapeatust.",
        decision.number,
        "Kirjutada maakonnaliinile",
        table.outsider.organisation.name,
        "Külaline Valgast",
    ):
        assert words in page


def test_attendance_tells_present_guests_excused_and_the_rest_apart(table, meeting):
    Attendance.objects.filter(position=table.member.position).update(status="absent")
    parts = {part.label: part.people for part in minutes_of(meeting).attendance}
    assert [len(people) for people in parts.values()] == [1, 1, 1]
    assert ["Külaline Valgast"] in parts.values()
    Attendance.objects.update(status="unknown")
    assert [len(part.people) for part in minutes_of(meeting).attendance] == [3]


def test_minutes_name_whoever_held_the_position_on_the_day_of_the_meeting(table, meeting):
    then = table.member.user
    User.objects.filter(pk=then.pk).update(first_name="Endine", last_name="Hoidja")
    today = timezone.localdate()
    end_holding(table.member.position.holdings.get(), valid_until=today)
    successor = UserFactory(first_name="Uus", last_name="Hoidja")
    start_holding(position=table.member.position, user=successor, valid_from=today)
    people = [person for part in minutes_of(meeting).attendance for person in part.people]
    assert any("Endine Hoidja" in person for person in people)
    assert not any("Uus Hoidja" in person for person in people)


def test_who_reads_minutes_and_who_approves_them(client, table, meeting):
    """A table of who: the page, the PDF, approval."""
    guest, former, other = table.worker(), table.seat("steering"), Table()
    guest_at(meeting, guest)
    end_holding(former.position.holdings.get(), valid_until=timezone.localdate())
    expected = {
        table.member: (200, 200, 302),
        table.coordinator: (200, 200, 302),
        guest: (200, 200, 403),
        table.partner: (404, 404, 404),
        table.outsider: (404, 404, 404),
        former: (404, 404, 404),
        other.coordinator: (404, 404, 404),
        other.partner: (404, 404, 404),
    }
    for worker, statuses in expected.items():
        client.force_login(worker.user)
        seen = (
            client.get(reverse("minutes", args=[meeting.pk])).status_code,
            client.get(reverse("minutes_pdf", args=[meeting.pk])).status_code,
            client.post(reverse("minutes_approve", args=[meeting.pk]), {"seen": "x"}).status_code,
        )
        # What was not read is not approved.
        statuses = tuple(409 if status == 302 else status for status in statuses)
        assert seen == statuses, worker.position.title
    client.logout()
    assert client.get(reverse("minutes", args=[meeting.pk])).status_code == 302
    assert client.get(reverse("minutes_pdf", args=[meeting.pk])).status_code == 302
    assert client.post(reverse("minutes_approve", args=[meeting.pk])).status_code == 403
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.ENDED


def test_a_foreign_meeting_is_like_none(client, table, meeting):
    client.force_login(Table().coordinator.user)
    for name in ("minutes", "minutes_pdf"):
        foreign, unknown = (
            client.get(reverse(name, args=[pk])) for pk in (meeting.pk, uuid.uuid4())
        )
        assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_before_the_meeting_there_are_no_minutes(client, table):
    meeting = planned_meeting(table.steering)
    client.force_login(table.member.user)
    for name in ("minutes", "minutes_pdf"):
        answer = client.get(reverse(name, args=[meeting.pk]))
        assert answer["Location"] == reverse("meeting_detail", args=[meeting.pk])


def test_minutes_are_approved_once_and_say_when(client, table, meeting):
    for _ in range(2):
        answer = approve(client, table.coordinator, meeting)
        assert answer["Location"] == reverse("minutes", args=[meeting.pk])
    meeting.refresh_from_db()
    today = timezone.localdate()
    assert (meeting.state, meeting.approved_on) == (Meeting.State.APPROVED, today)
    page = client.get(reverse("minutes", args=[meeting.pk]))
    assert f"{today:%d.%m.%Y}" in page.text
    assert reverse("minutes_approve", args=[meeting.pk]) not in page.text


def test_minutes_that_changed_since_they_were_read_are_shown_again_first(client, table, meeting):
    seen = minutes_of(meeting).fingerprint
    note_of(meeting.items.first(), table.member, "Lisatud pärast lugemist.")
    answer = approve(client, table.coordinator, meeting, seen=seen)
    assert answer.status_code == 409
    assert "Lisatud pärast lugemist." in answer.text
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.ENDED
    with pytest.raises(VersionConflict):
        approve_minutes(meeting, by=table.member.user, day=timezone.localdate(), seen=seen)
    assert approve(client, table.coordinator, meeting).status_code == 302


def test_approval_leads_back_to_the_item_of_the_next_meeting(client, table, meeting):
    following = running_meeting(table.steering)
    item = AgendaItem.objects.get(meeting=following, about=meeting)
    client.force_login(table.coordinator.user)
    page = client.get(reverse("minutes", args=[meeting.pk]), {"punkt": str(item.pk)})
    assert f'value="{item.pk}"' in page.text
    answer = approve(client, table.coordinator, meeting, punkt=str(item.pk))
    assert f"?punkt={item.pk}" in answer["Location"]


@pytest.mark.parametrize("state", ["planned", "running", "cancelled"])
def test_a_meeting_that_has_not_ended_has_nothing_to_approve(table, meeting, state):
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    with pytest.raises(ValidationError):
        approve_minutes(meeting, by=table.coordinator.user, day=timezone.localdate())


def test_the_pdf_holds_the_minutes_tagged_in_estonian_and_names_nobody(client, table, meeting):
    client.force_login(table.member.user)
    answer = client.get(reverse("minutes_pdf", args=[meeting.pk]))
    pdf = answer.getvalue()
    day = timezone.localdate(meeting.started_at)
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="protokoll-{day:%Y-%m-%d}.pdf"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("et")
    assert root["/MarkInfo"]["/Marked"]
    assert f"{day:%d.%m.%Y}" in reader.metadata.title
    # The mark of PDF/UA in the description of the file.
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    words = text_of(pdf)
    for said in ("Buss ei sõida laupäeval.", "Küsida lisapeatust.", "Kirjutada maakonnaliinile"):
        assert said in words


def test_what_people_type_is_never_markup(table, meeting):
    item = meeting.items.get(title="Transport töökotta")
    AgendaItem.objects.filter(pk=item.pk).update(title=MARKUP)
    note_of(item, table.member, MARKUP)
    Meeting.objects.filter(pk=meeting.pk).update(place=MARKUP)
    words = text_of(pdf_of(minutes_of(meeting)))
    assert words.replace(" ", "").count(MARKUP.replace(" ", "")) == 3


@pytest.mark.parametrize("text", ["😀", "\ufffe\ue000", "\x07\x1b[0m", "א ب", "x" * 2000, "\r\n\r"])
def test_no_sign_leaves_anybody_without_paper(table, meeting, text):
    note_of(meeting.items.first(), table.member, f"Enne {text} pärast")
    words = text_of(pdf_of(minutes_of(meeting)))
    assert "Enne" in words
    assert "pärast" in words


def test_minutes_cost_the_same_whatever_was_written(client, table, meeting):
    client.force_login(table.member.user)
    address = reverse("minutes", args=[meeting.pk])
    client.get(address)
    counted = set()
    for _ in range(3):
        item = topic(meeting, owner=table.member.position)
        for _ in range(4):
            note_of(item, table.member)
            decision_of(item)
            action_of(item, table.worker())
        Attendance.objects.create(meeting=meeting, position=table.worker().position)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counted.add(len(queries))
    assert len(counted) == 1
