"""A file over the limit is dropped on arrival; the fields around it arrive."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from portal.base.upload_limit import dropped_files
from portal.base.uploads import MAX_BYTES

SMALL, LARGE = b"x" * 10, b"x" * (MAX_BYTES + 1)


@pytest.fixture
def temp(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


def sent(path, *files):
    uploads = [SimpleUploadedFile(f"{n}.txt", data) for n, data in enumerate(files)]
    return RequestFactory().post(path, {"before": "a", "files": uploads, "text": "pikk jutt"})


def test_the_large_file_is_dropped_and_everything_else_arrives(temp):
    request = sent("/intranet/x/", SMALL, LARGE, SMALL)
    assert request.POST["text"] == "pikk jutt"
    assert [file.name for file in request.FILES.getlist("files")] == ["0.txt", "2.txt"]
    assert [file.read() for file in request.FILES.getlist("files")] == [SMALL, SMALL]
    assert dropped_files(request) == ["1.txt"]


def test_nothing_of_a_dropped_file_stays_on_the_disk(temp):
    request = sent("/intranet/x/", LARGE)
    assert dropped_files(request) == ["0.txt"]
    assert os.listdir(temp) == []


def test_a_file_at_the_limit_arrives(temp):
    request = sent("/intranet/x/", LARGE[:-1])
    assert dropped_files(request) == []
    assert request.FILES["files"].size == MAX_BYTES


@pytest.mark.parametrize("path", ["/cms/images/add/", "/"])
def test_the_cms_and_the_public_site_keep_their_own_limits(temp, path):
    request = sent(path, LARGE)
    assert dropped_files(request) == []
    assert request.FILES["files"].size == len(LARGE)
