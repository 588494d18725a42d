"""The real thing for browser tests: gunicorn, production-like, with the starter content."""

import os
import shutil
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.make.demo import demo_environment, web_command
from portal.make.processes import Children
from portal.make.stamps import ROOT
from tests.plugins import templates

READY_WITHIN = 60


@dataclass(frozen=True)
class Site:
    """A running site: where it answers, what it keeps, and the sign-ins it knows."""

    url: str
    folder: Path

    @property
    def password(self) -> str:
        """The one password of all its people."""
        return (self.folder / "demo-password").read_text().strip()

    def log(self) -> str:
        return (self.folder / "logs" / "web.log").read_text(errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, word: str) -> Iterator[Site]:
    """Serve a copy of the starter content from `folder`; `word` names its database."""
    template, data = templates.starter()
    shutil.copytree(data, folder, dirs_exist_ok=True)
    here = templates.server(folder)
    name = here.name(word)
    here.copy(template, name)
    port = free_port()
    env = {
        **demo_environment(port, folder),
        "DATABASE_URL": here.url(name),
        "STATIC_ROOT": str(templates.static_root()),
    }
    children = Children(folder / "logs")
    try:
        children.start("web", web_command(port, workers=1), env, ROOT)
        _wait(children, port)
        yield Site(f"http://localhost:{port}", folder)
    finally:
        children.stop()
        here.drop(name)


def _wait(children: Children, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        children.check()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the site did not answer within {READY_WITHIN} seconds")


def _word(request: pytest.FixtureRequest, kind: str) -> str:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    return f"{kind}-{worker}-{os.getpid()}"


@pytest.fixture(scope="session")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One site for all tests that only read."""
    with running(tmp_path_factory.mktemp("site"), _word(request, "site")) as this:
        yield this


@pytest.fixture
def own_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A fresh site for one test that changes something."""
    with running(tmp_path / "site", _word(request, "own")) as this:
        yield this
