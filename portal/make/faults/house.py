"""The portal as it really runs, in a folder of its own: web server and worker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from portal.make import environment
from portal.make.demo import demo_environment, wait_until_ready, web_command
from portal.make.processes import Children
from portal.make.stamps import ROOT
from portal.make.terminal import Trouble

# Two processes with four threads each, as in production.
WORKERS = 2


class House:
    """A prepared DATA_DIR and what runs on it."""

    def __init__(self, folder: Path, logs: Path, port: int, url: str = "") -> None:
        self.folder, self.port, self.url = folder, port, url
        self.env = demo_environment(port, folder)
        self.env.pop("REDIS_URL", None)
        self.env.pop("DATABASE_URL", None)
        if url:
            self.env["DATABASE_URL"] = url
        # Apart from the data: that disk will be full, and not to be written to.
        self.children = Children(logs)

    @property
    def kind(self) -> str:
        return "PostgreSQL" if self.url else "SQLite"

    @property
    def database(self) -> Path:
        """The file, where the database is one."""
        return self.folder / "tugivork.sqlite3"

    @property
    def password(self) -> str:
        return (self.folder / "demo-password").read_text().strip()

    def prepare_quietly(self) -> None:
        """Files, database, starter content; what it says is shown only if it fails."""
        said = subprocess.run(
            [str(environment.PYTHON), "manage.py", "prepare"],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode:
            raise Trouble(f"The portal could not be prepared: {said.stderr[-800:]}")

    def start(self, more: Mapping[str, str] | None = None, *, wait: bool = True) -> None:
        """Start web server and worker, with `more` in their environment."""
        env = {**self.env, **(more or {})}
        self.children.start("web", web_command(self.port, WORKERS), env, ROOT)
        self.start_worker(more)
        if wait:
            wait_until_ready(self.children, self.port)

    def start_worker(self, more: Mapping[str, str] | None = None) -> None:
        env = {**self.env, **(more or {})}
        command = [str(environment.PYTHON), "manage.py", "work", "--interval", "0.5"]
        self.children.start("worker", command, env, ROOT)

    def restart(self, more: Mapping[str, str] | None = None) -> None:
        self.stop()
        self.start(more)

    def stop(self) -> None:
        self.children.stop()

    def kill(self, *names: str) -> None:
        """kill -9 what is named (web, worker) and everything it has started; both by default."""
        for name in names or tuple(self.children.running):
            process = self.children.running.pop(name, None)
            if process is None:
                continue
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def web_workers(self) -> list[int]:
        """The processes that answer: the children of the web server's master."""
        master = self.children.running["web"].pid
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[1]) == master:
                    found.append(int(stat.parent.name))
        return sorted(found)

    def production(self, **more: str) -> dict[str, str]:
        """The environment of a worker with production settings: it sends real mail."""
        keys = json.loads((self.folder / "secrets.json").read_text())
        as_text = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in keys.items()
        }
        return {
            **as_text,
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            "ALLOWED_HOSTS": "localhost",
            "BASE_URL": "https://localhost",
            **more,
        }

    def manage(self, *command: str) -> str:
        """Run a command of the portal beside the server and return what it said."""
        done = subprocess.run(
            [str(environment.PYTHON), "manage.py", *command],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr if done.returncode else done.stdout

    def ask_ledger(self, *arguments: str, given: str = "") -> str:
        """Let `ledger` look into the database; return its answer or raise what it says."""
        done = subprocess.run(
            [str(environment.PYTHON), "-m", "portal.make.faults.ledger", *arguments],
            env=self.env,
            cwd=ROOT,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:] or done.stdout[-2000:])
        return done.stdout

    def log(self, name: str = "web") -> str:
        return self.children.log_of(name).read_text(errors="replace")
