"""The pages of notes are sound HTML in every state."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from network.cases.services.notes import NoteText, add_case_note
from portal.access.roles import Role
from portal.base.uploads import CleanFile
from tests.cases.factories import Net, join, open_case_of, write_note
from tests.cases.note_help import page_of, typed


@pytest.mark.java
@pytest.mark.django_db
def test_the_pages_of_notes_are_sound_html(client, check_html):
    here = Net()
    anu = here.worker()
    case = open_case_of(anu)
    join(case, here.worker(Role.PARTNER), by=anu, parts=["contact"])
    file = CleanFile("märkmed.txt", ContentFile(b"sisu"), "text/plain")
    first = write_note(case, by=anu, place="Kodus", with_whom="Ema", files=[file])
    secret = write_note(case, by=anu, audience="leads")
    new = NoteText("phone", first.happened_at, 15, "Parandus", "team")
    add_case_note(case, new, by=anu.user, key=typed()["key"], corrects=first)
    client.force_login(anu.user)
    at = {name: reverse(name, args=[case.pk]) for name in ("case_note_list", "case_note_add")}
    correct = [reverse("case_note_correct", args=[case.pk, one.pk]) for one in (first, secret)]
    again = typed()
    client.post(at["case_note_add"], again)
    check_html(
        {
            "list": page_of(client.get(at["case_note_list"])),
            "list saved": page_of(client.get(at["case_note_list"], {"valmis": again["key"]})),
            "list narrowed": page_of(client.get(at["case_note_list"], {"kind": "message"})),
            "list searched": page_of(client.post(at["case_note_list"], {"words": "kodus"})),
            "add": page_of(client.get(at["case_note_add"])),
            "add wrong": page_of(client.post(at["case_note_add"], {"day": "eile"})),
            "add repeated": page_of(client.post(at["case_note_add"], again | {"text": "Muu"})),
            "corrected already": page_of(client.get(correct[0])),
            "correct": page_of(client.get(correct[1])),
        }
    )
