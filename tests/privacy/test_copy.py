"""The copy: everything of theirs, nothing of others, for eyes and for machines."""

import datetime as dt
import io
import json
import zipfile

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from network.cases.models import Case
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.base import personal
from portal.privacy.copying import copy_of, readable, write_zip
from tests.cases.factories import Net, join, open_case_of
from tests.factories import UserFactory
from tests.privacy.factories import CODES, close, somebody

pytestmark = pytest.mark.django_db
WORD, OTHER = "Kanaarik", "Tihane"


def unpacked(subject) -> dict[str, bytes]:
    out = io.BytesIO()
    write_zip(copy_of(subject, timezone.now()), out)
    return files_in(out.getvalue())


def files_in(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


PLACES = (
    *("eesnimi", "perenimi", "5123", "@naidis.example", "tänav 1", "märkamine", "ülesanne"),
    *("kutse", "märge", "koht", "kellega", "parandus", "tiidu märge", "fail.txt", "erakorraline"),
)


@pytest.fixture
def both(net):
    return somebody(net, WORD, CODES[0]), somebody(Net(), OTHER, CODES[1])


def test_everything_of_theirs_and_nothing_of_others(both):
    first, second = both
    files = unpacked(personal.find("case", first.case.number))
    assert set(files) == {
        "valjavote.html",
        "valjavote.css",
        "andmed.json",
        "andmed.schema.json",
        "failid/01-Kanaarikfail.txt",
    }
    for name in ("valjavote.html", "andmed.json"):
        text = files[name].decode()
        for place in PLACES:
            word = WORD.lower() if place.startswith("@") else WORD
            assert f"{word}{place}" in text, (name, place)
        assert CODES[0] in text
        assert OTHER not in text
        assert CODES[1] not in text
    assert files["failid/01-Kanaarikfail.txt"].decode() == f"{WORD}faili sisu"


def test_workers_are_organisations_and_roles(both):
    first, _second = both
    files = unpacked(personal.find("case", first.case.number))
    for name in ("valjavote.html", "andmed.json"):
        text = files[name].decode()
        assert first.anu.organisation.name in text
        for worker in (first.anu, first.tiit):
            assert worker.user.last_name not in text
            assert worker.user.email not in text


def test_the_machine_half_keeps_its_schema(both):
    first, _second = both
    files = unpacked(personal.find("case", first.case.number))
    data, schema = json.loads(files["andmed.json"]), json.loads(files["andmed.schema.json"])
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    assert data["subject"] == "person"
    assert data["numbers"] == [first.case.number]
    by_key = {section["key"]: section["records"] for section in data["sections"]}
    assert len(by_key["cases.CaseNote"]) == 3
    assert len(by_key["cases.TeamMember"]) == 3
    assert list(by_key)[0] == "cases.Person"
    assert list(by_key)[-1] == "audit.AccessSubject"
    looks = AccessEvent.objects.filter(subjects__subject=str(first.case.pk)).count()
    assert len(by_key["audit.AccessSubject"]) == looks


def test_the_page_is_whole_valid_and_has_no_script(both, check_html):
    first, _second = both
    page = readable(copy_of(personal.find("case", first.case.number), timezone.now()))
    assert "<script" not in page
    assert "style=" not in page
    check_html({"/copy": page})


def test_what_somebody_wrote_is_text_in_the_page(net):
    anu = net.worker()
    case = open_case_of(anu, text="<script>alert(1)</script>")
    page = readable(copy_of(personal.find("case", case.number), timezone.now()))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_of_two_cases_the_copy_of_one_has_that_one(net):
    made = somebody(net, WORD)
    second = open_case_of(made.anu, first_name="A", last_name="B", text="Teine lugu.")
    Case.objects.filter(pk=second.pk).update(person=made.person)
    one = unpacked(personal.find("case", made.case.number))["andmed.json"].decode()
    assert "Teine lugu." not in one
    both = unpacked(personal.find("person", str(made.person.pk)))["andmed.json"].decode()
    assert "Teine lugu." in both
    assert f"{WORD}märge" in both


def test_a_worker_gets_what_is_theirs_and_no_word_of_a_case(both):
    first, _second = both
    data = unpacked(personal.find("worker", first.anu.user.email))
    for name in ("valjavote.html", "andmed.json"):
        text = data[name].decode()
        assert first.anu.user.email in text
        assert WORD not in text
        assert first.case.number not in text
        assert first.tiit.user.email not in text
    keys = {one["key"] for one in json.loads(data["andmed.json"])["sections"]}
    assert {"accounts.User", "network.Holding", "cases.CaseNote", "audit.AccessEvent"} <= keys


def test_the_command_writes_a_file_for_its_owner_alone_and_an_entry(both, tmp_path):
    first, _second = both
    path = tmp_path / "copy.zip"
    call_command("export_subject", "--case", first.case.number, "--out", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert "andmed.json" in files_in(path.read_bytes())
    entry = AccessEvent.objects.order_by("sequence").last()
    assert (entry.actioncode, entry.channel) == ("subject_export", "command")
    assert [row.subject for row in entry.subjects.all()] == [str(first.case.pk)]
    with pytest.raises(CommandError, match="there already"):
        call_command("export_subject", "--case", first.case.number, "--out", str(path))
    nowhere = str(tmp_path / "none" / "x.zip")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_subject", "--case", first.case.number, "--out", nowhere)
    assert AccessEvent.objects.order_by("sequence").last() == entry


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--case", "AAA-AAA"),
        ("--case", "'; --"),
        ("--person", "not an id"),
        ("--worker", "nobody@naidis.example"),
    ],
)
def test_nobody_is_said_so(db, tmp_path, option, value):
    with pytest.raises(CommandError, match="No|Nobody"):
        call_command("export_subject", option, value, "--out", str(tmp_path / "x.zip"))


# Who asks for the copy of a case, and what they get; foreign and unknown are the same.
WHO = {"anu": 200, "tiit": 403, "lead": 403, "former": 404, "stranger": 404, "elsewhere": 404}


@pytest.fixture
def people(net):
    made = somebody(net, WORD)
    former = net.worker(Role.ADDITIONAL_SUPPORT)
    member = join(made.case, former, by=made.anu)
    today = timezone.localdate()
    type(member).objects.filter(pk=member.pk).update(
        valid_from=today - dt.timedelta(days=9), valid_until=today
    )
    lead = net.worker(Role.ORGANISATION_LEAD, organisation=made.anu.organisation)
    elsewhere = Net()
    return made, {
        "anu": made.anu.user,
        "tiit": made.tiit.user,
        "lead": lead.user,
        "former": former.user,
        "stranger": UserFactory(),
        "elsewhere": elsewhere.worker().user,
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_makes_a_copy(client, people, method):
    made, users = people
    path = reverse("case_extract", args=[made.case.pk])
    found = {}
    for name, user in users.items():
        client.force_login(user)
        found[name] = getattr(client, method)(path).status_code
    assert found == WHO
    client.logout()
    assert getattr(client, method)(path).status_code == (302 if method == "get" else 403)


def test_the_copy_is_saved_kept_nowhere_and_written_down(client, people):
    made, users = people
    client.force_login(users["anu"])
    path = reverse("case_extract", args=[made.case.pk])
    page = client.get(path)
    assert AccessEvent.objects.order_by("sequence").last().actioncode == "case_extract_form"
    assert made.person.last_name not in page.content.decode()
    answer = client.post(path)
    entry = AccessEvent.objects.order_by("sequence").last()
    assert (entry.actioncode, entry.channel) == ("case_extract", "export")
    assert answer["Content-Disposition"].startswith('attachment; filename="valjavote-')
    assert answer["Cache-Control"] == "no-store"
    assert made.case.number not in answer["Content-Disposition"]
    files = files_in(b"".join(answer.streaming_content))
    assert f"{WORD}märge" in files["andmed.json"].decode()


def test_a_closed_case_can_still_be_copied(client, people):
    made, users = people
    close(made.case, timezone.localdate())
    client.force_login(users["anu"])
    assert client.post(reverse("case_extract", args=[made.case.pk])).status_code == 200


def test_if_the_log_cannot_be_written_nothing_is_given(client, people, monkeypatch):
    made, users = people
    client.force_login(users["anu"])

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("network.cases.services.extract.record", fail)
    client.raise_request_exception = False
    assert client.post(reverse("case_extract", args=[made.case.pk])).status_code == 500
