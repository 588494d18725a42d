import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.base.checks import keys_are_usable, private_files_are_apart
from portal.base.files import PrivateFileSystemStorage, serve_private
from portal.base.uploads import MAX_ENTRIES, clean_upload

EXIF_MAKE, EXIF_ORIENTATION, EXIF_GPS = 0x010F, 0x0112, 0x8825


def sent(data, name="fail.bin"):
    return SimpleUploadedFile(name, data, content_type="application/x-whatever")


def picture(kind="JPEG", mode="RGB", size=(40, 20), **options):
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode == "P" else None).save(out, format=kind, **options)
    return out.getvalue()


def office(*names, **contents):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, contents.get(name, "<xml/>"))
    return out.getvalue()


DOCX = ("[Content_Types].xml", "word/document.xml")
XLSX = ("[Content_Types].xml", "xl/workbook.xml")


# --- Where they lie -------------------------------------------------------------------------


@pytest.fixture
def private(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    return PrivateFileSystemStorage()


def test_private_storage_is_the_one_of_the_settings():
    assert isinstance(storages["private"], PrivateFileSystemStorage)


def test_private_file_lies_outside_the_public_folder_under_a_random_name(private, settings):
    name = private.save("Mari Maasikas.pdf", ContentFile(b"sisu"))
    assert "Mari" not in name
    assert Path(private.path(name)).is_relative_to(settings.PRIVATE_FILES_ROOT)
    assert private.save("Mari Maasikas.pdf", ContentFile(b"sisu")) != name
    assert private.open(name).read() == b"sisu"


def test_private_file_is_readable_by_our_user_only(private, settings):
    path = Path(private.path(private.save("x", ContentFile(b"sisu"))))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, Path(settings.PRIVATE_FILES_ROOT)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_private_file_has_no_address(private):
    with pytest.raises(ValueError):
        private.url("x")


@pytest.mark.parametrize("place", ["media", "media/private", "."])
def test_private_folder_in_a_served_one_stops_the_start(settings, tmp_path, place):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    assert private_files_are_apart() == []
    settings.PRIVATE_FILES_ROOT = tmp_path / place
    assert [error.id for error in private_files_are_apart()] == ["base.E002"]


def test_missing_or_short_keys_stop_the_start(settings):
    assert keys_are_usable() == []
    settings.FIELD_HASH_KEY = "AAAA"
    assert [error.id for error in keys_are_usable()] == ["base.E003"]
    del settings.FIELD_ENCRYPTION_KEYS
    assert [error.id for error in keys_are_usable()] == ["base.E003"]


def test_file_is_given_out_to_be_saved_and_never_shown():
    response = serve_private(io.BytesIO(b"<html>"), name="märge õ.html", content_type="text/html")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert response["Cache-Control"] == "no-store"


# --- What may be sent -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "ending", "content_type"),
    [
        (b"%PDF-1.7\n...\n%%EOF\n", "pdf", "application/pdf"),
        (picture("JPEG"), "jpg", "image/jpeg"),
        (picture("PNG"), "png", "image/png"),
        (picture("WEBP"), "webp", "image/webp"),
        ("tere, õhtu\r\n".encode(), "txt", "text/plain; charset=utf-8"),
        (
            office(*DOCX),
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            office(*XLSX),
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 5 else "",
)
def test_kind_is_told_by_content_and_not_by_name(data, ending, content_type):
    clean = clean_upload(sent(data, "minu fail.exe"))
    assert clean.name == f"minu fail.{ending}"
    assert clean.content_type == content_type
    assert clean.size == len(clean.content.read())


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00 program",
        b"%PDF-1.7 without its end",
        b"\x7fELF" + b"\0" * 50,
        b"GIF89a" + b"\0" * 50,
        office("readme.txt"),
        office("word/document.xml"),
        office(*DOCX, "word/vbaProject.bin"),
        b"PK\x03\x04 broken",
        b"\xff\xd8\xff broken",
        b"RIFF0000WEBP broken",
    ],
    ids=range(10),
)
def test_other_kinds_are_refused_in_a_sentence(data):
    with pytest.raises(ValidationError) as refusal:
        clean_upload(sent(data, "aruanne.pdf"))
    assert refusal.value.message.endswith(".")


def test_empty_and_large_files_are_refused():
    for data, code in ((b"", "empty"), (b"a" * 101, "too_large")):
        with pytest.raises(ValidationError) as refusal:
            clean_upload(sent(data), max_bytes=100)
        assert refusal.value.code == code
    assert clean_upload(sent(b"a" * 100), max_bytes=100).size == 100


def test_size_told_by_the_sender_is_not_believed():
    upload = sent(b"a" * 101)
    upload.size = 5
    with pytest.raises(ValidationError):
        clean_upload(upload, max_bytes=100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_loses_place_and_camera(kind):
    exif = Image.Exif()
    exif[EXIF_MAKE] = "Kaamera"
    exif[EXIF_GPS] = {1: "N", 2: (58.0, 0.0, 0.0)}
    data = picture(kind, exif=exif.tobytes(), icc_profile=b"Kaamera profile")
    assert b"Kaamera" in data
    clean = clean_upload(sent(data)).content.read()
    assert b"Kaamera" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


def test_comment_in_a_picture_goes_too():
    clean = clean_upload(sent(picture("JPEG", comment=b"Mari Maasikas"))).content.read()
    assert b"Mari" not in clean


def test_picture_taken_on_its_side_stays_upright():
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    clean = clean_upload(sent(picture("JPEG", exif=exif.tobytes(), size=(40, 20))))
    assert Image.open(clean.content).size == (20, 40)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "P"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "CMYK")],
)
def test_unusual_pictures_are_kept_whole(kind, mode):
    clean = clean_upload(sent(picture(kind, mode)))
    assert Image.open(clean.content).size == (40, 20)


def test_see_through_picture_stays_see_through():
    clean = clean_upload(sent(picture("PNG", "RGBA")))
    assert Image.open(clean.content).convert("RGBA").getpixel((0, 0))[3] == 0


def test_picture_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("portal.base.uploads.MAX_PIXELS", 100)
    with pytest.raises(ValidationError) as refusal:
        clean_upload(sent(picture("PNG")))
    assert refusal.value.code == "too_large"


def test_office_file_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr("portal.base.uploads.MAX_UNPACKED", 1_000)
    swelling = office(*DOCX, **{"word/document.xml": "0" * 2_000})
    assert len(swelling) < 1_000
    with pytest.raises(ValidationError):
        clean_upload(sent(swelling))


def test_office_file_of_countless_parts_is_refused():
    with pytest.raises(ValidationError):
        clean_upload(sent(office(*DOCX, *(f"part{n}.xml" for n in range(MAX_ENTRIES)))))


def test_older_baltic_text_becomes_utf8():
    clean = clean_upload(sent("märge õhtust".encode("cp1257"), "märge.txt"))
    assert clean.content.read().decode() == "märge õhtust"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\kaust\\leping.doc", "leping.txt"),
        ('a"b\r\nc.txt', "a_b__c.txt"),
        ("....", "file.txt"),
        ("õ" * 300 + ".txt", "õ" * 96 + ".txt"),
    ],
)
def test_name_is_made_harmless(name, expected):
    upload = sent(b"tekst")
    # Past Django's own cleaning, as a device's interface may hand it over.
    upload._name = name
    assert clean_upload(upload).name == expected


# --- Files that are two things at once, and what swells -----------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!doctype html><script>alert(1)</script>"
PDF = b"%PDF-1.7\n...\n%%EOF\n"
ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"  \n" + SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"<!-- x -->" + SVG,
        PAGE,
        b"\xef\xbb\xbf" + PAGE,
        b"<HTML><body onload=alert(1)>",
        PDF + office(*DOCX),
        b"%PDF-1.7" + office("[Content_Types].xml") + b"%%EOF",
        office(*DOCX, "../../etc/cron.d/x"),
        office(*DOCX, "/etc/passwd"),
        office("mimetype", "content.xml", mimetype="text/html"),
        office("mimetype", "content.xml", "Basic/Standard/script.xml", mimetype=ODT),
    ],
    ids=range(13),
)
@pytest.mark.parametrize("name", ["pilt.png", "leht.pdf", "tekst.txt", "tabel.csv", "joonis.svg"])
def test_what_a_browser_or_a_packer_would_run_is_refused(data, name):
    with pytest.raises(ValidationError):
        clean_upload(sent(data, name))


def test_what_hangs_behind_a_picture_is_gone():
    for kind in ("JPEG", "PNG", "WEBP"):
        clean = clean_upload(sent(picture(kind) + PAGE + office(*DOCX))).content.read()
        assert b"script" not in clean
        assert not zipfile.is_zipfile(io.BytesIO(clean))


def test_a_part_that_is_longer_than_it_says_is_refused():
    data = office(*DOCX, **{"word/document.xml": "0" * 5_000})
    lying = data.replace((5_000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    assert lying != data
    with pytest.raises(ValidationError):
        clean_upload(sent(lying))


def test_parts_that_are_packed_over_one_another_are_refused():
    data = office(*DOCX, **{"word/document.xml": os.urandom(2_000).hex()})
    entry = data[data.index(b"PK\x01\x02") : data.index(b"PK\x05\x06")]
    end = data.index(b"PK\x05\x06")
    count = len(DOCX) * 40
    tail = bytearray(data[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * 40).to_bytes(4, "little")
    with pytest.raises(ValidationError):
        clean_upload(sent(data[:end] + entry * 39 + bytes(tail)))


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (office("mimetype", "content.xml", mimetype=ODT), "kiri.odt", ("kiri.odt", ODT)),
        (b"a;b\n1;2\n", "tabel.CSV", ("tabel.csv", "text/csv; charset=utf-8")),
        (b"5 < 7, ja <nii> edasi", "m.txt", ("m.txt", "text/plain; charset=utf-8")),
    ],
)
def test_open_documents_and_tables_are_taken(data, name, expected):
    clean = clean_upload(sent(data, name))
    assert (clean.name, clean.content_type) == expected
