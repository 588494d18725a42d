"""Pictures of the public pages are served in the demo too; nothing else of the folder is."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def folder() -> Path:
    root = Path(settings.MEDIA_ROOT)
    for name in ("images/seat.txt", "documents/minutes.txt", "secret.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("content")
    return root


@pytest.mark.django_db
def test_picture_is_sent_with_a_policy_of_its_own(client: Client, folder: Path) -> None:
    answer = client.get("/media/images/seat.txt")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"content"  # type: ignore[attr-defined]
    assert answer["Content-Security-Policy"].startswith("default-src 'none';")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["documents/minutes.txt", "secret.txt", "images/../secret.txt", "images/", "images/none.png"],
)
def test_anything_else_is_not_found(client: Client, folder: Path, path: str) -> None:
    assert client.get(f"/media/{path}").status_code == 404
