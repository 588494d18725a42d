"""Run a command with DATABASE_URL pointing at a PostgreSQL that lives only as long as it does.

`python -m portal.make.postgres COMMAND …`: a cluster is made in a temporary folder, listens on a
socket in there and nowhere else, and is gone afterwards whatever happened.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from portal.make.processes import die_with_parent
from portal.make.terminal import Trouble, say, step

OLDEST = 15
PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora and kin
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
# Speed instead of safety: after a crash nobody wants this data back.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "autovacuum": "off",
}


def find_binaries() -> Path:
    """Return the folder with the newest initdb and postgres; raise Trouble where there is none."""
    folders = {Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder}
    for place in PLACES:
        folders |= set(Path("/").glob(place.lstrip("/")))
    # A link in PATH stands for the folder behind it, where its neighbours are.
    real = {(folder / "initdb").resolve().parent for folder in folders}
    found = [(_version(folder / "postgres"), folder) for folder in real]
    version, folder = max(found, default=(0, Path()))
    if version < OLDEST:
        raise Trouble(
            f"PostgreSQL {OLDEST} or newer is needed for this: install it"
            " (Debian and Ubuntu: apt install postgresql; macOS: brew install postgresql@16)."
        )
    return folder


def _version(postgres: Path) -> int:
    """Return the major version, 0 where there is no such program."""
    if not postgres.is_file() or not postgres.with_name("initdb").is_file():
        return 0
    told = subprocess.run([str(postgres), "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\d+", told.stdout)
    return int(match[0]) if match else 0


def servant() -> dict[str, Any]:
    """Return Popen's user arguments: initdb refuses root, so root steps down for it."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Trouble("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


class Cluster:
    """A PostgreSQL in `folder`, with a socket in there; started, killed and started again."""

    def __init__(self, folder: Path, options: Mapping[str, str] = OPTIONS) -> None:
        self.folder, self.options = folder, options
        self.binaries, self.who = find_binaries(), servant()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://tugivork@:5432/{self.folder}/postgres"

    def make(self) -> None:
        """Fill the folder; once in its life."""
        if self.who:
            os.chown(self.folder, self.who["user"], self.who["group"])
        _initdb(self.binaries, self.folder, self.who)

    def start(self) -> None:
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in self.options.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(str(self.binaries / "postgres"), "-D", str(self.folder / "data")),
                    *(f"--unix-socket-directories={self.folder}", *arguments),
                ],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
                **self.who,
            )
        _wait(self.binaries, self.folder, self.process)

    def kill(self) -> None:
        """kill -9, as a machine that loses its power would; `start` brings it back."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def psql(self, statement: str) -> list[str]:
        """The command line that runs one statement."""
        place = ["-h", str(self.folder), "-U", "tugivork", "-d", "postgres", "-X", "-q"]
        return [str(self.binaries / "psql"), *place, "-c", statement]

    def sql(self, statement: str) -> None:
        subprocess.run(self.psql(statement), check=True, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()


@contextmanager
def cluster() -> Iterator[str]:
    """Start an empty cluster and give its DATABASE_URL; stop and delete it in the end."""
    # Socket paths may have some hundred letters at most, so not under the project.
    folder = Path(tempfile.mkdtemp(prefix="tv-pg-", dir="/tmp"))  # noqa: S108
    server: Cluster | None = None
    try:
        server = Cluster(folder)
        server.make()
        server.start()
        yield server.url
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _initdb(binaries: Path, folder: Path, who: dict[str, Any]) -> None:
    said = ""
    # Lower case of õ and ž needs a locale that knows Unicode; not every system has the first.
    for locale in ("C.UTF-8", "en_US.UTF-8", "et_EE.UTF-8"):
        done = subprocess.run(
            [
                *(str(binaries / "initdb"), "-D", str(folder / "data"), "--username=tugivork"),
                *("--auth=trust", "--encoding=UTF8", f"--locale={locale}", "--no-sync"),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            **who,
        )
        if done.returncode == 0:
            return
        said = (done.stderr or done.stdout).strip()
        shutil.rmtree(folder / "data", ignore_errors=True)
    raise Trouble(f"PostgreSQL could not make its folder: {said.splitlines()[-1] if said else ''}")


def _wait(binaries: Path, folder: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        ready = subprocess.run(
            [str(binaries / "pg_isready"), "-q", "-h", str(folder), "-U", "tugivork"], check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    log = (folder / "log").read_text(errors="replace").strip()
    raise Trouble(f"PostgreSQL did not start: {log.splitlines()[-1] if log else 'it said nothing'}")


def main() -> int:
    """Run the command of the arguments and return its exit code."""
    # The same way out for both: the finally blocks run, nothing stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            with step("PostgreSQL of our own"):
                url = stack.enter_context(cluster())
            return subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
