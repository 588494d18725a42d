"""What a thief of the database finds: no name, no code, no text, no name of a file."""

import contextlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from portal.base.uploads import CleanFile
from tests.cases.factories import PERSONAL_CODE, Net, open_case_of, write_note
from tests.cases.note_help import typed

# In capitals nowhere else in the code or in the starter content.
CANARIES = {
    "first_name": "Kanaarieesnimi",
    "last_name": "Kanaariperenimi",
    "phone": "5550 9876",
    "email": "kanaari@naidis.example",
    "address": "Kanaari tee 17",
    "text": "Kanaarimärkamine esimesel päeval",
}
NOTE = {"text": "Kanaarimärge köögilauas", "place": "Kanaarikodu", "with_whom": "Kanaariema"}
FILE = "kanaarifail.txt"


def everything_stored():
    """All bytes that the database keeps, on the disk or in the rows."""
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        parts = [file, *(file.with_name(file.name + end) for end in ("-wal", "-journal"))]
        return b"".join(part.read_bytes() for part in parts if part.exists())
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows).encode()


@pytest.mark.django_db(transaction=True)
def test_names_codes_texts_and_file_names_are_not_readable_at_rest(client):
    anu = Net().worker()
    case = open_case_of(anu, personal_code=PERSONAL_CODE, **CANARIES)
    content = ContentFile(b"sisu")
    note = write_note(case, by=anu, **NOTE, files=[CleanFile(FILE, content, "text/plain")])
    client.force_login(anu.user)
    client.get(reverse("case_note_list", args=[case.pk]))
    client.post(reverse("case_note_list", args=[case.pk]), {"words": "kanaarimärge"})
    client.post(reverse("case_note_add", args=[case.pk]), typed(text="Kanaarivorm"))
    secrets = [*CANARIES.values(), *NOTE.values(), FILE, PERSONAL_CODE, "Kanaarivorm"]
    secrets += [part for secret in secrets for part in secret.split() if len(part) > 7]
    stored = everything_stored()
    # The search itself works: what is public stands there in plain.
    assert case.number.encode() in stored
    for secret in secrets:
        assert secret.encode() not in stored
        assert secret.casefold().encode() not in stored.lower()
    file = note.files.get()
    assert "kanaari" not in Path(file.file.path).as_posix()
    with contextlib.suppress(OSError):
        Path(file.file.path).unlink()
