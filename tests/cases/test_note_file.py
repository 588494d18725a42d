"""A file of a note: for its readers, saved and not shown, with an entry in the log."""

import datetime as dt
import uuid

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from network.cases.models import CaseNoteFile
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.base.uploads import CleanFile
from tests.cases.factories import Net, join, open_case_of, write_note

pytestmark = pytest.mark.django_db

CONTENT = "Ohumärgid: uni kaob.".encode()


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker(Role.BASE_SUPPORT)


@pytest.fixture
def case(anu):
    return open_case_of(anu)


def with_file(case, by, audience="team"):
    file = CleanFile("Mall Näidis.txt", ContentFile(CONTENT), "text/plain; charset=utf-8")
    note = write_note(case, by=by, audience=audience, files=[file])
    return CaseNoteFile.objects.get(note=note)


def address(case, file):
    return reverse("case_note_file", args=[case.pk, file.pk])


def test_a_reader_saves_the_file_and_no_script_of_it_runs(client, case, anu):
    file = with_file(case, anu)
    client.force_login(anu.user)
    response = client.get(address(case, file))
    assert b"".join(response) == CONTENT
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("default-src 'none';")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    event = AccessEvent.objects.first()
    assert (event.actioncode, event.channel, event.outcome) == ("case_note_file", "file", "allowed")


def test_whoever_may_not_read_the_note_gets_no_file(client, here, case, anu, time_machine):
    provider, partner = here.worker(Role.ADDITIONAL_SUPPORT), here.worker(Role.PARTNER)
    join(case, provider, by=anu)
    join(case, partner, by=anu, parts=["contact"])
    file = with_file(case, anu, audience="leads")
    for worker in (provider, partner, here.worker(), here.seat(), Net().worker()):
        client.force_login(worker.user)
        foreign = client.get(address(case, file))
        unknown = client.get(reverse("case_note_file", args=[case.pk, uuid.uuid4()]))
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert foreign.content == unknown.content
        assert AccessEvent.objects.first().outcome == "refused"


def test_a_file_opens_under_its_own_case_only(client, case, anu):
    file = with_file(case, anu)
    other = open_case_of(anu)
    client.force_login(anu.user)
    assert client.get(address(other, file)).status_code == 404


def test_the_link_of_a_former_member_is_dead_on_the_next_request(
    client, here, case, anu, time_machine
):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu, valid_until=timezone.localdate() + dt.timedelta(days=1))
    file = with_file(case, anu)
    client.force_login(tiit.user)
    assert client.get(address(case, file)).status_code == 200
    time_machine.move_to(timezone.now() + dt.timedelta(days=1))
    client.force_login(tiit.user)
    assert client.get(address(case, file)).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(client, case, anu):
    file = with_file(case, anu)
    file.file.storage.delete(file.file.name)
    client.force_login(anu.user)
    assert client.get(address(case, file)).status_code == 404


def test_a_file_is_only_read(client, case, anu):
    client.force_login(anu.user)
    assert client.post(address(case, with_file(case, anu))).status_code == 405
