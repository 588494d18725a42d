"""The translation files: brought in step with the messages, checked, compiled. No system tool."""

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import polib

from portal.management.messages import Key, Message

# Estonian is what users see; Russian is for what the public reads. English is the source.
PLURALS = {
    "et": "nplurals=2; plural=(n != 1);",
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    ),
}
ONLY_PUBLIC = frozenset({"ru"})
# Where the first plural form is for 1 alone; in Russian it is for 21 and 31 too.
ONE_MEANS_ONE = frozenset({"et"})
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{\w*\}")


def po_path(root: Path, language: str) -> Path:
    """The translation file of `language` below `root`."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def wanted(messages: dict[Key, Message], language: str) -> list[Message]:
    """The messages that `language` must have, in a steady order."""
    needs_all = language not in ONLY_PUBLIC
    rows = [message for message in messages.values() if needs_all or message.is_public]
    return sorted(rows, key=lambda message: (min(message.files), message.msgid))


def update(root: Path, language: str, messages: dict[Key, Message], more: Iterable[Path]) -> int:
    """Write the file of `language`: every wanted message, known translations kept, others gone.

    `more` are further .po files whose translations fill what is empty. Returns how many are empty.
    """
    path = po_path(root, language)
    known: dict[Key, polib.POEntry] = {}
    for source in (*more, path):
        if source.exists():
            for entry in polib.pofile(str(source)):
                if not entry.obsolete and _is_translated(entry):
                    known[(entry.msgctxt, entry.msgid)] = entry
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for message in wanted(messages, language):
        file.append(_entry(message, known.get(message.key), language))
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(str(path))
    return sum(not _is_translated(entry) for entry in file)


def _entry(message: Message, known: polib.POEntry | None, language: str) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.msgid,
        msgctxt=message.context,
        # Without line numbers, or every edit of a file would touch this one too.
        occurrences=[(name, "") for name in sorted(message.files)],
        flags=["python-format"] if PLACEHOLDER.search(message.msgid) else [],
    )
    if message.plural is None:
        entry.msgstr = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
    else:
        entry.msgid_plural = message.plural
        forms = range(int(PLURALS[language][len("nplurals=")]))
        old = known.msgstr_plural if known else {}
        entry.msgstr_plural = {form: old.get(form, "") for form in forms}
    if known:
        entry.tcomment, entry.comment = known.tcomment, known.comment
    return entry


def _is_translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return not entry.fuzzy and bool(texts) and all(text.strip() for text in texts)


def problems(root: Path, language: str, messages: dict[Key, Message]) -> list[str]:
    """What is wrong with the translations of `language`, one sentence each; empty if nothing."""
    path = po_path(root, language)
    if not path.exists():
        return [f"{language}: there is no {path.relative_to(root)}"]
    entries = {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }
    found = []
    for message in wanted(messages, language):
        entry = entries.pop(message.key, None)
        place = min(message.files)
        if entry is None or (entry.msgid_plural or None) != message.plural:
            found.append(f"{language}: missing “{message.msgid}” ({place})")
        elif not _is_translated(entry):
            found.append(f"{language}: not translated “{message.msgid}” ({place})")
        else:
            # A form that is used for exactly one thing may do without the number: “üks koht”.
            may_omit = bool(message.plural) and language in ONE_MEANS_ONE
            found += [
                f"{language}: placeholders differ in “{message.msgid}” ({place})"
                for form, text in (entry.msgstr_plural or {None: entry.msgstr}).items()
                if not _same_placeholders(message, text, may_omit=may_omit and form == 0)
            ]
    found += [f"{language}: nobody uses “{msgid}” any more" for _context, msgid in entries]
    return found


def _same_placeholders(message: Message, text: str, *, may_omit: bool) -> bool:
    def names(source: str) -> Counter[str]:
        return Counter(match.group() for match in PLACEHOLDER.finditer(source.replace("%%", "")))

    allowed = [names(message.msgid)]
    if message.plural is not None:
        allowed.append(names(message.plural))
    has = names(text)
    return has in allowed or (may_omit and any(has <= known for known in allowed))


def compile_all(root: Path) -> int:
    """Make every .mo that is older than its .po; returns how many were made."""
    made = 0
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        # Written beside and moved, so that a running process never reads half a file.
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        polib.pofile(str(path)).save_as_mofile(str(beside))
        beside.replace(target)
        made += 1
    return made
