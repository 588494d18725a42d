"""What people write: forms opened while all is well, sent with a key of their own each time."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from portal.make.faults.browser import Answer, Browser, Form, form_with
from portal.make.faults.house import House

SUPPORT = "tugi@tugivork.example"
COORDINATOR = "koordinaator@tugivork.example"
ID = "([0-9a-f-]{36})"
# Marks what we have written, so that it is found again and told from the starter content.
MARK = "rikkekatse"


def letters(key: str) -> str:
    """The key in letters alone: numbers are refused where they could be somebody's."""
    return "".join(chr(ord("a") + int(sign, 16)) for sign in key.replace("-", ""))


@dataclass
class Write:
    """One thing to be written once: `key` and `text` stay the same at every try."""

    kind: str
    key: str
    text: str
    path: str
    fields: list[tuple[str, str]]
    file: tuple[str, str, bytes] | None = None
    # What came back, in order; 302 is "done".
    statuses: tuple[int, ...] = ()

    @property
    def is_acknowledged(self) -> bool:
        return 302 in self.statuses

    def send(self, browser: Browser) -> Answer:
        answer = browser.post(self.path, self.fields, self.file)
        self.statuses += (answer.status,)
        return answer

    def told(self) -> dict[str, Any]:
        """As the ledger takes it."""
        facts = asdict(self)
        kept = {name: facts[name] for name in ("kind", "key", "text")}
        return kept | {"done": self.is_acknowledged, "has_file": self.file is not None}


class Desk:
    """Two people signed in, with the forms they will send."""

    def __init__(self, house: House) -> None:
        self.support = self._signed_in(house, SUPPORT)
        self.coordinator = self._signed_in(house, COORDINATOR)
        listed = self.support.get("/intranet/juhtumid/").body
        self.cases = list(dict.fromkeys(re.findall(f"/intranet/juhtumid/{ID}/", listed)))
        self.case = f"/intranet/juhtumid/{self.cases[0]}/"
        self.note_path = f"{self.case}markmed/lisa/"
        self.note = form_with(self.support.get(self.note_path).body, "key", "text", "duration")
        self.gap_path = "/intranet/vajadused/lisa/"
        self.gap = form_with(self.coordinator.get(self.gap_path).body, "key", "subject")
        self.invite_path = "/intranet/liitumised/kutsu/"
        self.invite = form_with(self.coordinator.get(self.invite_path).body, "key", "name")
        self.action = self._action_form()

    @staticmethod
    def _signed_in(house: House, email: str) -> Browser:
        browser = Browser(house.port)
        answer = browser.sign_in(email, house.password)
        if answer.status != 302:
            raise RuntimeError(f"{email} could not sign in: {answer.status}")
        return browser

    def _action_form(self) -> Form:
        """The small form of an action, from the meeting that is going on."""
        listed = self.coordinator.get("/intranet/kohtumised/").body
        for meeting in dict.fromkeys(re.findall(f"/intranet/kohtumised/{ID}/", listed)):
            page = self.coordinator.get(f"/intranet/kohtumised/{meeting}/").body
            try:
                return form_with(page, "key", "text", "due", "position")
            except LookupError:
                continue
        raise RuntimeError("No meeting of the starter content is going on.")

    def browser_of(self, write: Write) -> Browser:
        return self.support if write.kind.startswith("note") else self.coordinator

    def send(self, write: Write) -> Answer:
        """With a browser of its own: threads must not share one's cookies."""
        owner = self.browser_of(write)
        browser = Browser(owner.port, owner.patience)
        browser.cookies = dict(owner.cookies)
        return write.send(browser)

    def write(self, kind: str) -> Write:
        """A new thing of this kind: note, note with file, gap, action, invite."""
        key = str(uuid.uuid4())
        text = f"{MARK} {letters(key)}"
        file = None
        if kind in ("note", "note with file"):
            path, form = self.note_path, self.note
            typed = {"text": text, "kind": "phone", "duration": "15"}
            if kind == "note with file":
                file = ("attachments", "leht.txt", f"{text}\n".encode() * 40)
        elif kind == "gap":
            path, form = self.gap_path, self.gap
            town = [value for value in form.choices["municipality"] if value][0]
            typed = {"text": text, "kind": "missing", "subject": "muu", "municipality": town}
        elif kind == "action":
            path, form = self.action.action, self.action
            position = [value for value in form.choices["position"] if value][0]
            due = (dt.date.today() + dt.timedelta(days=20)).strftime("%d.%m.%Y")  # noqa: DTZ011, TID251
            typed = {"text": text, "position": position, "due": due}
        else:
            path, form = self.invite_path, self.invite
            town = [value for value in form.choices["municipality"] if value][0]
            what = [value for value in form.choices["kind"] if value][0]
            typed = {"name": text, "municipality": town, "kind": what}
        return Write(kind, key, text, path, form.filled(key=key, **typed), file)
