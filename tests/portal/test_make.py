"""What stands behind the Makefile: one clear sentence for every trouble, nothing left running."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from portal.make import check, demo, environment, postgres
from portal.make.processes import Children
from portal.make.stamps import ROOT, Stamp, fingerprint
from portal.make.terminal import Trouble

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc who is running")


# --- Wishes of the person at the terminal ----------------------------------------------------


def test_free_port_is_taken_as_it_is() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert demo.chosen_port(str(port)) == port


def test_taken_port_gets_one_sentence_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Port {port} is taken .*make demo PORT={port + 1}"):
            demo.chosen_port(str(port))


@pytest.mark.parametrize("text", ["", "eight", "0", "-1", "65536", "80.5", "²"])
def test_port_that_is_no_port_gets_one_sentence(text: str) -> None:
    with pytest.raises(Trouble, match="PORT must be a number"):
        demo.chosen_port(text)


def test_missing_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = demo.chosen_folder(str(tmp_path / "data"))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_data_folder_whose_parent_is_missing_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="there is no folder"):
        demo.chosen_folder(str(tmp_path / "typing" / "error"))


def test_data_folder_that_is_a_file_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(Trouble, match="is a file"):
        demo.chosen_folder(str(tmp_path / "data"))


@linux_only
def test_data_folder_that_cannot_be_written_gets_one_sentence() -> None:
    # Not even root may make anything here.
    with pytest.raises(Trouble, match="cannot be written"):
        demo.chosen_folder("/proc/tugivork")


@pytest.mark.parametrize("version", [(3, 10, 4), (3, 13, 0), (2, 7, 18)])
def test_wrong_python_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(Trouble, match=r"Python 3\.11 or 3\.12 is needed"):
        environment.refuse_wrong_python()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("... NewConnectionError: Failed to establish", "connect this machine to the network"),
        ("ERROR: No matching distribution found for django", "connect this machine"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that the lock names"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: something nobody has thought of", "something nobody has thought of"),
    ],
)
def test_failed_install_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, sentence: str
) -> None:
    pip = tmp_path / "python"
    pip.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    pip.chmod(0o755)
    monkeypatch.setattr(environment, "PYTHON", pip)
    monkeypatch.setattr(environment, "LOG", tmp_path / "install.log")
    with pytest.raises(Trouble, match=sentence):
        environment._install(tmp_path / "requirements.lock")


# --- Stamps ----------------------------------------------------------------------------------


def test_stamp_fits_until_a_file_changes(tmp_path: Path) -> None:
    source = tmp_path / "sources" / "a.txt"
    source.parent.mkdir()
    source.write_text("one")
    Stamp(tmp_path / "stamp", fingerprint([source.parent])).set()
    assert Stamp(tmp_path / "stamp", fingerprint([source.parent])).fits()
    source.write_text("two")
    assert not Stamp(tmp_path / "stamp", fingerprint([source.parent])).fits()


def test_stamp_notices_a_renamed_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("same")
    before = fingerprint([tmp_path])
    (tmp_path / "a").rename(tmp_path / "b")
    assert fingerprint([tmp_path]) != before


# --- Children --------------------------------------------------------------------------------

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(condition: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_child_that_ends_by_itself_is_told_with_its_last_words(tmp_path: Path) -> None:
    children = Children(tmp_path)
    children.start("web", [sys.executable, "-c", "exit('no room left')"], os.environ, tmp_path)
    children.running["web"].wait(10)
    with pytest.raises(Trouble, match="web process ended by itself .*no room left"):
        children.check()


@linux_only
def test_stopping_also_ends_children_of_a_child_that_will_not_listen(tmp_path: Path) -> None:
    children = Children(tmp_path)
    children.start("web", [sys.executable, "-c", STUBBORN], os.environ, tmp_path)
    pid = children.running["web"].pid
    assert _until(lambda: children.last_words("web").isdigit())
    grandchild = int(children.last_words("web"))
    assert _lives(grandchild)
    children.stop(patience=0.2)
    assert _until(lambda: not _lives(pid) and not _lives(grandchild))


@linux_only
def test_children_end_even_when_the_runner_is_killed_outright(tmp_path: Path) -> None:
    runner = f"""
import os, sys, time
from pathlib import Path
from portal.make.processes import Children
children = Children(Path({str(tmp_path)!r}))
children.start("web", [sys.executable, "-c", "import time; time.sleep(600)"], os.environ, ".")
print(children.running["web"].pid, flush=True)
time.sleep(600)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", runner], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    assert _lives(child)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert _until(lambda: not _lives(child))


# --- PostgreSQL of our own -------------------------------------------------------------------


def _postgres_is_here() -> bool:
    try:
        return bool(postgres.find_binaries())
    except Trouble:
        return False


def test_missing_postgresql_gets_one_sentence_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "PLACES", ())
    with pytest.raises(Trouble, match="apt install postgresql"):
        postgres.find_binaries()


@pytest.mark.skipif(not _postgres_is_here(), reason="no PostgreSQL is installed")
def test_cluster_is_gone_after_a_failure() -> None:
    folders: list[str] = []

    def use_it() -> None:
        with postgres.cluster() as url:
            match = re.search(r":5432/(.+)/postgres$", url)
            assert match
            folders.append(match[1])
            assert Path(match[1], ".s.PGSQL.5432").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use_it()
    assert not Path(folders[0]).exists()


# --- make check, make lock -------------------------------------------------------------------


@pytest.mark.parametrize(("script", "code"), [("pass", 0), ("exit('a fault')", 1)])
def test_check_fails_when_one_of_its_parts_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], script: str, code: int
) -> None:
    parts = [check.Check("First", ["-c", script]), check.Check("Second", ["-c", "pass"])]
    monkeypatch.setattr(check, "CHECKS", parts)
    assert check.main() == code
    said = capsys.readouterr().out
    assert ("a fault" in said) == bool(code)
    assert f"{2 - code} checks passed, {code} failed" in said


@pytest.mark.parametrize("lock", [f"requirements{kind}.lock" for kind in ("", "-dev", "-prod")])
def test_lock_has_a_hash_for_every_package_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 50
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_locks_hold_every_package_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    core = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    extras = project["project"]["optional-dependencies"]
    for lock, wanted in (
        ("requirements.lock", core),
        ("requirements-prod.lock", [*core, *extras["prod"]]),
        ("requirements-dev.lock", [*core, *groups["test"], *groups["lint"]]),
    ):
        locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / lock).read_text(), re.MULTILINE))
        names = {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in wanted}
        assert names - locked == set(), lock
