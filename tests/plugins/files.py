"""Translations and icons are made before the first test, where anything of theirs has changed."""

import contextlib
import io

import pytest

from portal.management.commands.prepare import build_assets, compile_translations


def pytest_sessionstart(session: pytest.Session) -> None:
    """Once for all workers: the one that hands out the tests comes first."""
    if hasattr(session.config, "workerinput"):
        return
    with contextlib.redirect_stdout(io.StringIO()):
        compile_translations()
        build_assets()
