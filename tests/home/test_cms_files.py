"""What editors upload is known by its content, and photos lose where they were taken."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image

from tests.base.test_files import EXIF_GPS, EXIF_MAKE, PAGE, PDF, SVG, picture
from tests.factories import UserFactory
from tests.home.factories import SmallSite

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    SmallSite()
    client = Client()
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def send(client, where, name, data):
    """Through the page for one file, as its form does it."""
    file = SimpleUploadedFile(name, data, content_type="application/octet-stream")
    return client.post(reverse(where), {"title": "Uus", "file": file, "collection": 1})


def photo():
    exif = Picture.Exif()
    exif[EXIF_MAKE] = "Kaamera"
    exif[EXIF_GPS] = {1: "N", 2: (58.0, 0.0, 0.0)}
    return picture("JPEG", exif=exif.tobytes())


def test_a_photo_loses_place_and_camera(editor):
    assert send(editor, "wagtailimages:add", "pilt.jpg", photo() + PAGE).status_code == 302
    image = Image.objects.get()
    assert (image.width, image.height) == (40, 20)
    kept = Path(image.file.path).read_bytes()
    assert b"Kaamera" not in kept
    assert b"script" not in kept
    assert not Picture.open(io.BytesIO(kept)).getexif()


def test_a_photo_chosen_with_many_others_does_too(editor):
    answer = editor.post(
        reverse("wagtailimages:add_multiple"),
        {"files[]": SimpleUploadedFile("pilt.jpg", photo()), "title": "Uus", "collection": 1},
    )
    assert answer.json()["success"] is True
    assert b"Kaamera" not in Path(Image.objects.get().file.path).read_bytes()


def test_a_new_title_leaves_the_picture_alone(editor):
    send(editor, "wagtailimages:add", "pilt.png", picture("PNG"))
    image = Image.objects.get()
    before = image.file.name
    way = reverse("wagtailimages:edit", args=[image.pk])
    answer = editor.post(way, {"title": "Teine", "collection": 1, "tags": "", "description": ""})
    image.refresh_from_db()
    assert (answer.status_code, image.title, image.file.name) == (302, "Teine", before)


@pytest.mark.parametrize(
    ("name", "data"),
    [("pilt.svg", SVG), ("pilt.png", SVG), ("pilt.jpg", PAGE), ("pilt.gif", b"GIF89a")],
)
def test_what_is_no_picture_is_refused(editor, name, data):
    assert send(editor, "wagtailimages:add", name, data).status_code == 200
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("leht.pdf", PAGE),
        ("leht.txt", SVG),
        ("leht.html", b"tekst"),
        ("leht.svg", SVG),
        ("leht.docx", b"PK\x03\x04 broken"),
        ("pilt.pdf", picture("PNG")),
    ],
)
def test_a_document_that_is_not_what_it_says_is_refused(editor, name, data):
    answer = send(editor, "wagtaildocs:add", name, data)
    kept = Document.objects.first()
    # A name alone harms nobody: plain text is kept as text.
    assert kept is None or kept.filename == "leht.txt" and data == b"tekst"
    assert answer.status_code == (302 if kept else 200)


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [("../leht.pdf", PDF, "leht.pdf"), ("tabel.csv", b"a;b\n", "tabel.csv")],
)
def test_documents_are_kept_under_a_clean_name(editor, name, data, kept):
    assert send(editor, "wagtaildocs:add", name, data).status_code == 302
    assert Document.objects.get().filename == kept
