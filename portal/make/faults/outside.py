"""Stand-ins for what the portal talks to: a mail server and a cache, well or ill."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator


class MailServer:
    """Speaks as much SMTP as is needed. `mood`: takes, refuses, later, silent or slow.

    `slow` takes a letter and waits before it says so, so that a sender can be killed in between.
    """

    def __init__(self) -> None:
        self.mood = "takes"
        # Message-ID of every letter for which we said 250.
        self.taken: list[str] = []
        self.half_taken: list[str] = []
        self.tried = threading.Event()
        self.hold = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _address = self._socket.accept()
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        self.tried.set()
        with contextlib.suppress(OSError), peer, peer.makefile("rb") as lines:
            if self.mood == "silent":
                peer.settimeout(120)
                peer.recv(1)
                return
            peer.sendall(b"220 mail\r\n")
            for line in lines:
                word = line.strip().upper()
                if word.startswith(b"DATA"):
                    peer.sendall(b"354 go\r\n")
                    self._take(peer, lines)
                elif word.startswith(b"RCPT") and self.mood in ("refuses", "later"):
                    said = b"550 no" if self.mood == "refuses" else b"451 later"
                    peer.sendall(said + b"\r\n")
                elif word.startswith(b"QUIT"):
                    peer.sendall(b"221 bye\r\n")
                    return
                else:
                    peer.sendall(b"250 ok\r\n")

    def _take(self, peer: socket.socket, lines: Iterator[bytes]) -> None:
        letter = b""
        for line in lines:
            if line == b".\r\n":
                break
            letter += line
        found = re.search(rb"^Message-ID: <([^@>]+)", letter, re.MULTILINE | re.IGNORECASE)
        name = found[1].decode() if found else "?"
        if self.mood == "slow":
            self.half_taken.append(name)
            self.hold.wait(60)
            if _has_hung_up(peer):
                # Nobody was told that the letter is here, so it is not.
                return
        self.taken.append(name)
        peer.sendall(b"250 taken\r\n")


def _has_hung_up(peer: socket.socket) -> bool:
    try:
        return peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


class SmallCache:
    """Speaks as much of Redis as Django's cache asks for. `mood`: alive or frozen."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.kept: dict[bytes, bytes] = {}
        self.mood = "alive"
        self.asked = 0
        self._socket: socket.socket | None = None
        self._held: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def go(self) -> None:
        """Away, with every connection."""
        for one in [*self._held, *([self._socket] if self._socket else [])]:
            # Somebody may wait on it: closing alone would leave the port taken.
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._socket, self._held = None, []

    def serve(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._socket,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer = listener.accept()[0]
                self._held.append(peer)
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), peer.makefile("rb") as lines:
            while head := lines.readline():
                words = []
                for _ in range(int(head[1:])):
                    length = int(lines.readline()[1:])
                    words.append(lines.read(length + 2)[:-2])
                if self.mood == "frozen":
                    threading.Event().wait(120)
                    return
                self.asked += 1
                peer.sendall(self._answer(words))

    def _answer(self, words: list[bytes]) -> bytes:
        name, *given = words
        match name.upper():
            case b"GET":
                return _bulk(self.kept.get(given[0]))
            case b"MGET":
                found = [_bulk(self.kept.get(key)) for key in given]
                return b"*%d\r\n" % len(found) + b"".join(found)
            case b"SET":
                if b"NX" in [word.upper() for word in given] and given[0] in self.kept:
                    return b"_\r\n"
                self.kept[given[0]] = given[1]
                return b"+OK\r\n"
            case b"DEL":
                return b":%d\r\n" % sum(self.kept.pop(key, None) is not None for key in given)
            case b"PING":
                return b"+PONG\r\n"
            case b"HELLO":
                return b"%1\r\n$5\r\nproto\r\n:3\r\n"
            case _:
                return b"+OK\r\n"


def _bulk(value: bytes | None) -> bytes:
    return b"_\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value), value)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
