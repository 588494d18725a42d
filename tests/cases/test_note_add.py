"""Writing a note: fast, once, for the right readers, and nothing typed is lost. CASE-12."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from network.cases.models import CaseNote, CaseNoteFile
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.base.uploads import MAX_BYTES
from tests.base.together import at_once
from tests.cases.factories import Net, invite, join, open_case_of
from tests.cases.note_help import TEXT, close, page_of, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker(Role.BASE_SUPPORT, title="Baastoetuse spetsialist")


@pytest.fixture
def case(anu):
    return open_case_of(anu)


def address(case):
    return reverse("case_note_add", args=[case.pk])


def send(client, case, worker, **other):
    client.force_login(worker.user)
    return client.post(address(case), typed(**other))


# --- The ordinary way ---


def test_a_worker_writes_a_note_in_one_form(client, case, anu):
    client.force_login(anu.user)
    form = client.get(address(case))
    assert form.status_code == 200
    response = client.post(address(case), typed(place="Kodus", with_whom="Õega"))
    note = CaseNote.objects.get()
    assert (note.kind, note.minutes, note.audience) == ("visit", 45, "team")
    assert (note.text, note.place, note.with_whom) == (TEXT, "Kodus", "Õega")
    assert (note.author, note.position) == (anu.user, anu.position)
    assert response.status_code == 302
    shown = client.get(response["Location"])
    assert "Hommikud on rasked" in page_of(shown)
    assert "no-store" in shown["Cache-Control"]


def test_the_form_knows_day_and_hour(client, case, anu):
    client.force_login(anu.user)
    now = timezone.localtime()
    form = client.get(address(case)).context["form"]
    assert f'value="{now:%d.%m.%Y}"' in str(form["day"])
    assert form["time"].value().hour in (now.hour, timezone.localtime().hour)


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ("3.2.2026", "9.05", dt.datetime(2026, 2, 3, 9, 5)),
        ("03,02,2026", "9:05", dt.datetime(2026, 2, 3, 9, 5)),
        ("2026-02-03", "09.05", dt.datetime(2026, 2, 3, 9, 5)),
        ("3.2.26", "9", dt.datetime(2026, 2, 3, 9, 0)),
        # The hour that the clocks leave out in spring.
        ("29.3.2026", "3.30", dt.datetime(2026, 3, 29, 3, 30)),
    ],
)
def test_day_and_hour_are_taken_as_people_here_write_them(client, case, anu, day, time, moment):
    assert send(client, case, anu, day=day, time=time).status_code == 302
    assert CaseNote.objects.get().happened_at == timezone.make_aware(moment).astimezone(dt.UTC)


def test_another_length_is_typed_in_minutes(client, case, anu):
    assert send(client, case, anu, duration="other", other_minutes="75").status_code == 302
    assert CaseNote.objects.get().minutes == 75


def test_leftover_minutes_beside_a_chosen_length_are_no_mistake(client, case, anu):
    assert send(client, case, anu, other_minutes="tuhat").status_code == 302
    assert CaseNote.objects.get().minutes == 45


def test_writing_is_one_entry_of_the_log(client, case, anu):
    before = AccessEvent.objects.count()
    send(client, case, anu)
    event = AccessEvent.objects.first()
    assert AccessEvent.objects.count() == before + 1
    assert (event.actioncode, event.outcome) == ("case_note_add", "allowed")
    assert [one.number for one in event.subjects.all()] == [case.number]


def test_title_and_address_say_nothing_of_the_person(client, case, anu):
    client.force_login(anu.user)
    response = client.get(address(case))
    title = page_of(response).partition("<title>")[2].partition("</title>")[0]
    assert case.number not in title
    assert "M. N." not in title
    saved = client.post(address(case), typed())["Location"]
    assert case.number not in saved
    assert "Mall" not in page_of(response)


# --- Who will read it stands beside the button ---


def test_the_form_names_who_will_read_the_note_and_who_will_not(client, here, case, anu):
    join(case, here.worker(Role.CASE_MANAGER, title="Juhtumikorraldaja"), by=anu)
    join(case, here.worker(Role.ADDITIONAL_SUPPORT, title="Töötegevuse juhendaja"), by=anu)
    join(case, here.worker(Role.PARTNER, title="Perearst"), by=anu, parts=["contact"])
    join(case, here.worker(Role.PARTNER, title="Koolipsühholoog"), by=anu, parts=["notes"])
    client.force_login(anu.user)
    readers = client.get(address(case)).context["form"].readers
    assert [one.title for one in readers.of_team_notes] == [
        "Baastoetuse spetsialist",
        "Juhtumikorraldaja",
        "Koolipsühholoog",
        "Töötegevuse juhendaja",
    ]
    assert [one.title for one in readers.not_of_team_notes] == ["Perearst"]
    assert [one.title for one in readers.leads_besides_me] == ["Juhtumikorraldaja"]


def test_who_was_asked_but_has_not_answered_is_no_reader(client, here, case, anu):
    invite(case, here.worker(Role.ADDITIONAL_SUPPORT, title="Juhendaja"), by=anu)
    client.force_login(anu.user)
    assert len(client.get(address(case)).context["form"].readers.all) == 1


# --- Bad input: a sentence beside the field, nothing lost ---


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "gossip"}, "kind"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"duration": ""}, "duration"),
        ({"duration": "other", "other_minutes": ""}, "other_minutes"),
        ({"duration": "other", "other_minutes": "0"}, "other_minutes"),
        ({"duration": "other", "other_minutes": "1441"}, "other_minutes"),
        ({"day": "31.02.2026"}, "day"),
        ({"day": "eile"}, "day"),
        ({"day": "24.03.0226"}, "day"),
        ({"time": "25.10"}, "time"),
        ({"audience": "everybody"}, "audience"),
        ({"place": "x" * 201}, "place"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(client, case, anu, wrong, field):
    other = {"with_whom": "Õega", **wrong}
    response = send(client, case, anu, **other)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "Õega" in page_of(response)
    if field != "text":
        assert TEXT in page_of(response)
    assert f'href="#id_{field}"' in page_of(response)
    assert f'id="id_{field}_error"' in page_of(response)
    assert not CaseNote.objects.exists()


def test_a_note_from_the_future_is_refused_beside_the_day(client, case, anu):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    response = send(client, case, anu, day=f"{tomorrow:%d.%m.%Y}")
    assert "day" in response.context["form"].errors
    assert TEXT in page_of(response)
    assert not CaseNote.objects.exists()


def test_a_day_to_come_and_missing_minutes_are_said_together(client, case, anu):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    answer = send(client, case, anu, day=f"{tomorrow:%d.%m.%Y}", duration="other")
    assert set(answer.context["form"].errors) == {"day", "other_minutes"}


def test_a_note_from_later_today_is_refused_beside_the_hour(client, case, anu, time_machine):
    time_machine.move_to(dt.datetime(2031, 1, 10, 10, 0, tzinfo=dt.UTC), tick=False)
    response = send(client, case, anu, day="10.01.2031", time="13.30")
    assert "time" in response.context["form"].errors
    # Twelve in Tallinn, with a clock that goes a little ahead.
    assert send(client, case, anu, day="10.01.2031", time="12.04").status_code == 302


def test_a_form_that_comes_back_is_logged_as_a_look_at_the_case(client, case, anu):
    send(client, case, anu, text="")
    assert AccessEvent.objects.first().actioncode == "case_note_add_form"


def test_a_sign_that_no_database_keeps_is_dropped_from_the_text(client, case, anu):
    assert send(client, case, anu, text="Üks\0kaks").status_code == 302
    assert CaseNote.objects.get().text == "Ükskaks"


@pytest.mark.parametrize("key", ["", "no uuid", "\0"])
def test_a_form_without_its_key_is_saved_all_the_same(client, case, anu, key):
    assert send(client, case, anu, key=key).status_code == 302
    assert CaseNote.objects.count() == 1


# --- Files ---


def upload(data=b"Ohumargid: uni kaob.", name="märkmed.txt"):
    return SimpleUploadedFile(name, data, content_type="text/plain")


def test_a_file_is_kept_with_the_note_under_a_random_name(client, case, anu):
    assert send(client, case, anu, attachments=[upload(), upload()]).status_code == 302
    files = CaseNoteFile.objects.all()
    assert [file.name for file in files] == ["märkmed.txt", "märkmed.txt"]
    assert all("rkmed" not in file.file.name for file in files)
    assert len({file.file.name for file in files}) == 2


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"MZ\x90\x00\x03", "arve.pdf"), (b"", "tyhi.txt"), (b"%PDF-1.7 pooleli", "pool.pdf")],
)
def test_a_file_of_a_forbidden_kind_is_refused_by_name_and_the_text_stays(
    client, case, anu, data, name
):
    response = send(client, case, anu, attachments=upload(data, name))
    assert response.status_code == 200
    assert name in str(response.context["form"].errors["attachments"])
    assert TEXT in page_of(response)
    assert response.context["form"].had_files
    assert not CaseNote.objects.exists()


def test_a_file_of_a_hundred_megabytes_is_refused_and_the_text_stays(client, case, anu):
    response = send(client, case, anu, attachments=upload(b"0" * (100 * 1024 * 1024), "film.txt"))
    assert response.status_code == 200
    assert "film.txt" in str(response.context["form"].errors["attachments"])
    assert TEXT in page_of(response)
    assert not CaseNote.objects.exists()


def test_a_file_at_the_limit_is_taken(client, case, anu):
    assert send(client, case, anu, attachments=upload(b"0" * MAX_BYTES)).status_code == 302
    assert CaseNoteFile.objects.get().size == MAX_BYTES


def test_a_note_saved_without_its_too_large_file_says_so(client, case, anu):
    answer = send(client, case, anu, left_out="on")
    assert answer.status_code == 302
    assert "liiga suur" in client.get(answer["Location"]).text


def test_too_many_files_are_refused_in_a_sentence(client, case, anu):
    response = send(client, case, anu, attachments=[upload() for _ in range(6)])
    assert "attachments" in response.context["form"].errors


def test_a_note_that_could_not_be_logged_leaves_no_file_behind(
    client, case, anu, monkeypatch, settings, tmp_path
):
    def locked(*args, **kwargs):
        raise RuntimeError("The log is locked.")

    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    monkeypatch.setattr("network.cases.services.notes.record", locked)
    with pytest.raises(RuntimeError):
        send(client, case, anu, attachments=upload())
    assert not CaseNote.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


# --- Twice is once ---


def test_the_same_form_sent_twice_is_one_note_and_one_entry(client, case, anu):
    form = typed()
    client.force_login(anu.user)
    before = AccessEvent.objects.count()
    answers = [client.post(address(case), form) for _ in range(2)]
    assert CaseNote.objects.count() == 1
    assert AccessEvent.objects.count() == before + 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_ten_times_at_once_is_one_note_and_one_entry(client, case, anu):
    client.force_login(anu.user)
    cookies = client.cookies
    form, before = typed(), AccessEvent.objects.count()

    def post():
        one = type(client)()
        one.cookies = cookies
        return one.post(address(case), form | {"attachments": upload()})

    answers = at_once(post, 10)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert CaseNote.objects.count() == 1
    assert CaseNoteFile.objects.count() == 1
    assert AccessEvent.objects.count() == before + 1


def test_saved_gone_back_changed_and_sent_again_loses_nothing(client, case, anu):
    form = typed()
    client.force_login(anu.user)
    client.post(address(case), form)
    response = client.post(address(case), form | {"text": "Midagi muud."})
    assert response.status_code == 200
    assert response.context["is_repeat"]
    assert "Midagi muud." in page_of(response)
    assert CaseNote.objects.count() == 1
    again = response.context["form"]["key"].value()
    assert again != form["key"]
    client.post(address(case), form | {"text": "Midagi muud.", "key": again})
    assert {note.text for note in CaseNote.objects.all()} == {TEXT, "Midagi muud."}


def test_a_key_belongs_to_its_case(client, case, anu):
    other, form = open_case_of(anu), typed()
    client.force_login(anu.user)
    client.post(address(case), form)
    client.post(address(other), form)
    assert {note.case_id for note in CaseNote.objects.all()} == {case.pk, other.pk}


# --- Who may ---


def test_whoever_may_not_write_finds_no_form(client, here, case, anu):
    partner = here.worker(Role.PARTNER)
    join(case, partner, by=anu, parts=["notes"])
    strangers = [here.worker(Role.BASE_SUPPORT), here.seat(), Net().worker()]
    for worker, status in [(partner, 403), *((one, 404) for one in strangers)]:
        client.force_login(worker.user)
        assert client.get(address(case)).status_code == status
        assert client.post(address(case), typed()).status_code == status
    assert not CaseNote.objects.exists()


def test_nobody_writes_into_a_closed_case(client, case, anu):
    close(case, by=anu)
    assert send(client, case, anu).status_code == 403
    assert not CaseNote.objects.exists()


def test_signed_out_the_text_comes_back_and_nothing_is_saved(client, case):
    response = client.post(address(case), typed())
    assert response.status_code == 403
    assert TEXT in page_of(response)
    assert not CaseNote.objects.exists()
