"""The page of living examples: for staff, with every piece on it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import UserFactory

PIECES = Path(settings.BASE_DIR) / "templates" / "ui"
# Shown by the frame of the pages or inside another piece, or drawn by a tag.
ELSEWHERE = {"hills", "mark", "messages", "callbar"}


def test_somebody_who_is_not_signed_in_is_led_to_the_sign_in(client):
    answer = client.get(reverse("style"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/sisse/")


@pytest.mark.django_db
def test_staff_see_the_living_examples(client):
    client.force_login(UserFactory())
    answer = client.get(reverse("style"))
    assert answer.status_code == 200
    assert 'class="meter"' in answer.text
    assert answer.text.count("<h1") == 1


def test_every_piece_stands_on_the_page_of_examples():
    shown = (Path(settings.BASE_DIR) / "templates" / "portal" / "style.html").read_text()
    used = set(re.findall(r"ui/(\w+)\.html", shown))
    for name in list(used):
        used |= set(re.findall(r"ui/(\w+)\.html", (PIECES / f"{name}.html").read_text()))
    used |= {"ceiling_meter"} if "{% ceiling_meter" in shown else set()
    assert {path.stem for path in PIECES.glob("*.html")} - used - ELSEWHERE == set()


def test_every_piece_says_what_it_takes():
    for path in PIECES.glob("*.html"):
        assert path.read_text().startswith("{# "), path.name
