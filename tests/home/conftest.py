import pytest

from tests.home.factories import SmallSite


@pytest.fixture
def site(db: None) -> SmallSite:
    """A published site with its fixed pages and nothing else."""
    return SmallSite()
