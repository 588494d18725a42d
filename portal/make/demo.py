"""`make demo`: from a fresh clone to a running site, and nothing left running after Ctrl-C.

The environment is made and filled, `manage.py prepare` makes files and database ready, then
gunicorn and the worker run as children until somebody asks us to stop.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from portal.make import environment
from portal.make.processes import Children
from portal.make.stamps import ROOT
from portal.make.terminal import Trouble, say, step

READY_WITHIN = 90


class Stop(BaseException):
    """Somebody asked us to end."""


def chosen_port(text: str) -> int:
    """Return the port named by `text`, once it is sure that we may listen there."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT must be a number from 1 to 65535, not “{text}”.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} needs an administrator: choose one from 1024 up.") from None
        except OSError:
            raise Trouble(
                f"Port {port} is taken by another program: stop that one,"
                f" or choose another with `make demo PORT={port + 1 if port < 65535 else 8000}`."
            ) from None
    return port


def chosen_folder(text: str) -> Path:
    """Return the folder for everything that is kept; the last part of it is made if missing."""
    folder = Path(text).expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise Trouble(f"DATA_DIR {folder} is a file: name a folder.")
    if not folder.exists() and not folder.parent.is_dir():
        raise Trouble(f"DATA_DIR: there is no folder {folder.parent}: make it first.")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"DATA_DIR {folder} cannot be written ({error.strerror}): choose another folder."
        ) from None
    return folder


def demo_environment(port: int, folder: Path) -> dict[str, str]:
    """Return the environment of every child process."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "DATA_DIR": str(folder),
        "BASE_URL": f"http://localhost:{port}",
        "PYTHONUNBUFFERED": "1",
    }


def prepare(env: dict[str, str]) -> None:
    """Run `manage.py prepare`, which tells its steps: files, database, starter content."""
    done = subprocess.run(
        [str(environment.PYTHON), "manage.py", "prepare"], env=env, cwd=ROOT, check=False
    )
    if done.returncode:
        raise Trouble("The demo could not be prepared: the reason stands above.")


def web_command(port: int, workers: int = 2) -> list[str]:
    """Return the command line of the web server."""
    return [
        *(str(environment.PYTHON), "-m", "gunicorn", "portal.wsgi:application"),
        *("--config", "python:portal.settings.gunicorn"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(workers)),
    ]


def serve(children: Children, port: int, env: dict[str, str]) -> None:
    """Start the web server and the worker."""
    children.start("web", web_command(port), env, ROOT)
    children.start("worker", [str(environment.PYTHON), "manage.py", "work"], env, ROOT)


def wait_until_ready(children: Children, port: int) -> None:
    """Return when the site says that it is ready; raise Trouble when it does not."""
    deadline = time.monotonic() + READY_WITHIN
    said = "no answer"
    while time.monotonic() < deadline:
        children.check()
        try:
            # The address is our own; nothing else is ever opened here.
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            said = error.read(500).decode(errors="replace")
        except OSError:
            pass
        time.sleep(0.3)
    raise Trouble(f"The site did not get ready within {READY_WITHIN} seconds: {said}")


def invitation(port: int, folder: Path) -> str:
    """Return the last words: where it is and whom to sign in as."""
    address = f"http://localhost:{port}"
    lines = ["", f"  {address}", ""]
    try:
        people = json.loads((folder / "demo-people.json").read_text())
        password = (folder / "demo-password").read_text().strip()
    except (OSError, ValueError):
        people, password = [], ""
    if people:
        lines.append(f"  Sign in at {address}/konto/sisse/ with the password  {password}")
        width = max(len(person["email"]) for person in people)
        for person in people:
            lines.append(f"    {person['email']:<{width}}  {person['role']}")
            if person.get("story"):
                lines.append(f"    {'':<{width}}  {person['story']}")
    lines += ["", f"  Everything is kept in {folder}. Ctrl-C stops."]
    return "\n".join(lines)


def watch(children: Children) -> None:
    """Stay until a child dies (Trouble) or whoever started us is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        children.check()
        time.sleep(0.5)


def run() -> None:
    """The whole way, from checking the wishes to Ctrl-C."""
    environment.refuse_wrong_python()
    port = chosen_port(os.environ.get("PORT", "").strip() or "8000")
    folder = chosen_folder(os.environ.get("DATA_DIR", "").strip() or str(ROOT / "data"))
    say("Tugivõrk demo")
    environment.ensure()
    env = demo_environment(port, folder)
    prepare(env)
    children = Children(folder / "logs")
    try:
        with step("Web server and worker"):
            serve(children, port, env)
            wait_until_ready(children, port)
        say(invitation(port, folder))
        watch(children)
    finally:
        # From here on nothing may interrupt: a second Ctrl-C would leave orphans.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        children.stop()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def main() -> int:
    # Set by hand, because a shell without job control starts us with Ctrl-C ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        run()
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except Stop:
        say("\nStopped; everything is kept.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
