import pytest

from tests.cases.factories import Net


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path):
    """Files and the list of erasures of this test alone."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def net(db) -> Net:
    return Net()
