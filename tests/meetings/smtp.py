"""A mail server for tests: takes letters on a port of its own, and may be down.

with MailServer() as server:      # settings.EMAIL_HOST = server.host, EMAIL_PORT = server.port
    …
    server.letters                # what was accepted, as email.message.EmailMessage
"""

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage
from typing import Any


class _Session(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 for one client that behaves."""

    def handle(self) -> None:
        owner: Any = self.server
        self._say("220 test ready")
        while line := self.rfile.readline():
            word = line[:4].decode("ascii").upper()
            if word == "DATA":
                self._say("354 go on")
                owner.letters.append(self._letter())
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            elif word == "EHLO":
                self._say("250-test\r\n250 8BITMIME")
            else:
                self._say("250 fine")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        self.letters: list[EmailMessage] = []
        super().__init__(("127.0.0.1", port), _Session)
        self.host, self.port = self.server_address[:2]

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()
