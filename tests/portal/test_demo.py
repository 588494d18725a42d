"""`make demo` from start to Ctrl-C, and the settings that it and production run with."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.make.check import PRODUCTION
from portal.make.stamps import ROOT
from portal.settings.keys import kept_keys, kept_password
from tests.plugins import templates
from tests.plugins.site import free_port

# What the product promises for a first run, also on a machine with other work.
READY_WITHIN = 300


# --- The running demo ------------------------------------------------------------------------


class Demo:
    """One run of the demo, in a session of its own as from a terminal."""

    def __init__(self, port: int, folder: Path, **env: str) -> None:
        self.port = port
        self.output = folder.parent / f"output-{time.monotonic_ns()}"
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.make.demo"],
                cwd=ROOT,
                env={**os.environ, "PORT": str(port), "DATA_DIR": str(folder), **env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_it_invites(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while "Ctrl-C stops" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def press_ctrl_c(self) -> int:
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)


def _who_runs_with(folder: Path) -> list[str]:
    """Return the command lines of all processes that were given this DATA_DIR."""
    mark = f"DATA_DIR={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """An empty database on the server of this test run; nothing for SQLite, whose file is made."""
    if not templates.on_postgres():
        yield {}
        return
    here = templates.server()
    name = here.name(f"demo-{os.getpid()}")
    here.create(name)
    yield {"DATABASE_URL": here.url(name)}
    here.drop(name)


def test_demo_starts_twice_loses_nothing_and_leaves_nothing_running(
    tmp_path: Path, database: dict[str, str]
) -> None:
    folder, port = tmp_path / "data", free_port()
    first = Demo(port, folder, **database)
    first.wait_until_it_invites()
    assert f"http://localhost:{port}" in first.said()
    password = (folder / "demo-password").read_text()
    assert password in first.said()
    assert "toimetaja@tugivork.example" in first.said()
    assert json.loads(first.get("/readyz"))
    components = re.findall(r'href="(/teenused/[a-z0-9-]+/)"', first.get("/teenused/"))
    assert components
    assert first.press_ctrl_c() == 130
    assert _who_runs_with(folder) == []

    second = Demo(port, folder, **database)
    second.wait_until_it_invites()
    assert "already loaded" in second.said()
    assert password in second.said()
    seen = re.findall(r'href="(/teenused/[a-z0-9-]+/)"', second.get("/teenused/"))
    assert seen == components
    # Whoever looks at the port first reads the sentence, and the first demo goes on.
    other = Demo(port, tmp_path / "other", **database)
    assert other.process.wait(30) == 1
    assert f"Port {port} is taken" in other.said()
    assert second.process.poll() is None
    assert second.press_ctrl_c() == 130
    assert _who_runs_with(folder) == []


def test_demo_says_when_the_database_does_not_answer(tmp_path: Path) -> None:
    nowhere = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    demo = Demo(free_port(), tmp_path / "data", DATABASE_URL=nowhere)
    assert demo.process.wait(60) == 1
    assert "The database does not answer" in demo.said()
    assert "Traceback" not in demo.said()


# --- Keys that are made once -----------------------------------------------------------------


def test_keys_are_made_once_and_read_by_their_owner_alone(tmp_path: Path) -> None:
    keys = kept_keys(tmp_path)
    assert kept_keys(tmp_path) == keys
    assert set(keys) == {"SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY"}
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.json"]


def test_two_folders_have_different_keys_and_passwords(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    for name, value in kept_keys(one).items():
        assert kept_keys(two)[name] != value
    assert kept_password(one) != kept_password(two)
    assert kept_password(one) == kept_password(one)


# --- Production ------------------------------------------------------------------------------


def _settings(tmp_path: Path, expression: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Evaluate `expression` in the production settings, in a process of its own."""
    clean = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", f"from portal.settings import production as p; print({expression})"],
        cwd=ROOT,
        env={**clean, **PRODUCTION, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY", "ALLOWED_HOSTS", "BASE_URL"]
)
def test_production_refuses_to_start_without(tmp_path: Path, name: str) -> None:
    done = _settings(tmp_path, "p.DEBUG", **{name: ""})
    assert done.returncode == 1
    assert f"ImproperlyConfigured: {name} is missing: " in done.stderr


@pytest.mark.parametrize("value", ["not json", "[]", "{}", '{"1": "c2hvcnQ="}', '{"1": "%%%"}'])
def test_production_refuses_keys_that_are_no_keys(tmp_path: Path, value: str) -> None:
    done = _settings(tmp_path, "p.DEBUG", FIELD_ENCRYPTION_KEYS=value)
    assert done.returncode == 1
    assert "ImproperlyConfigured: FIELD_ENCRYPTION_KEYS " in done.stderr
    # The value may be a real key with a slip in it: it is not for the log.
    assert value not in done.stderr.splitlines()[-1]


def test_production_cookies_are_bound_to_host_and_tls(tmp_path: Path) -> None:
    done = _settings(
        tmp_path,
        "p.SESSION_COOKIE_NAME, p.CSRF_COOKIE_NAME, p.SESSION_COOKIE_SECURE, p.CSRF_COOKIE_SECURE,"
        " p.SESSION_COOKIE_HTTPONLY, p.SECURE_SSL_REDIRECT",
    )
    assert done.stdout.strip() == "__Host-sessionid __Host-csrftoken True True True True"


def test_forwarded_header_counts_only_behind_a_proxy_of_ours(tmp_path: Path) -> None:
    ask = "getattr(p, 'SECURE_PROXY_SSL_HEADER', None)"
    assert _settings(tmp_path, ask).stdout.strip() == "None"
    behind = _settings(tmp_path, ask, TRUSTED_PROXIES="1")
    assert "HTTP_X_FORWARDED_PROTO" in behind.stdout
