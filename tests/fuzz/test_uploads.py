"""Files that somebody sends who means no good: kept harmless or refused with a sentence."""

import random

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.base.uploads import clean_upload
from tests.fuzz.fill import filled
from tests.fuzz.judge import wrong
from tests.fuzz.page import Page
from tests.fuzz.uploads import HOSTILE, mutated, picture

IDS = [name for name, *_rest in HOSTILE]
TEXT = "Leppisime kokku, et helistame."


def form_of(forms, route):
    return next(offered for offered in forms if offered.route == route)


@pytest.mark.parametrize(("name", "called", "make", "may_stay"), HOSTILE, ids=IDS)
def test_a_hostile_file_in_a_note(town, forms, name, called, make, may_stay):
    offered = form_of(forms, "case_note_add")
    file = SimpleUploadedFile("x", make(), content_type="image/png")
    # The name as it is sent, which SimpleUploadedFile would tidy.
    file.__dict__["_name"] = called
    data = {key: values[0] for key, values in filled(offered).items()} | {"attachments": file}
    answer = town.post(offered.persona, offered.form.path, data)
    assert wrong(answer, [TEXT]) == []
    if answer.status == 302:
        assert may_stay is not False
    else:
        assert may_stay is not True
        page = Page(answer.body)
        assert page.errors
        assert TEXT in page.copies


@pytest.mark.parametrize("where", ["wagtailimages:add", "wagtaildocs:add"])
@pytest.mark.parametrize(("name", "called", "make", "may_stay"), HOSTILE, ids=IDS)
def test_a_hostile_file_in_the_cms(town, where, name, called, make, may_stay):
    file = SimpleUploadedFile(called.replace("\0", ""), make(), content_type="image/png")
    data = {"title": "Uus", "file": file, "collection": 1}
    path = "/cms/images/add/" if where == "wagtailimages:add" else "/cms/documents/add/"
    answer = town.post("editor", path, data)
    assert not [one for one in wrong(answer) if not one.startswith("not in Estonian")]
    if answer.status == 302:
        assert may_stay is not False
    assert answer.status in (200, 302)


def test_a_broken_picture_is_refused_in_our_words(town):
    half = SimpleUploadedFile("pilt.jpg", picture()[:200])
    answer = town.post("editor", "/cms/images/add/", {"title": "Uus", "file": half})
    assert "Pilt on rikutud ja seda ei saa avada." in answer.body


def test_files_with_some_bytes_changed():
    outcomes = set()
    for seed in range(400):
        upload = SimpleUploadedFile("pilt.png", mutated(random.Random(seed)))
        try:
            outcomes.add(clean_upload(upload).content_type)
        except ValidationError:
            outcomes.add("refused")
    assert "refused" in outcomes
    assert len(outcomes) > 3


def test_a_file_where_text_belongs_and_text_where_a_file_belongs(town, forms):
    offered = form_of(forms, "case_note_add")
    for name in ("text", "key", "kind", "day", "zq"):
        file = SimpleUploadedFile("x.txt", b"tere")
        data = {key: values[0] for key, values in filled(offered).items()} | {name: file}
        assert wrong(town.post(offered.persona, offered.form.path, data), [TEXT]) == []
    data = {key: values[0] for key, values in filled(offered).items()} | {"attachments": "x"}
    assert wrong(town.post(offered.persona, offered.form.path, data), [TEXT]) == []
    files = [SimpleUploadedFile(f"{number}.txt", b"tere") for number in range(40)]
    data["attachments"] = files
    answer = town.post(offered.persona, offered.form.path, data)
    assert wrong(answer, [TEXT]) == []
    assert answer.status == 200
