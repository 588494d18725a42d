"""Which pieces of a text answer the query, for templates to mark: pairs, never markup."""

import unicodedata

from portal.search import analysis, question, words

Fragments = list[tuple[str, bool]]


def highlight(text: str, query: str) -> Fragments:
    """Return `text` in pieces (fragment, is_hit); together they are the text.

    A hit is any form of an asked word, a compound that holds it, or an unfinished word's rest.
    """
    text = unicodedata.normalize("NFC", text or "")
    pieces: Fragments = []
    done = 0
    for start, end in _hits(text, query):
        if start > done:
            pieces.append((text[done:start], False))
        pieces.append((text[start:end], True))
        done = end
    if done < len(text) or not pieces:
        pieces.append((text[done:], False))
    return pieces


def excerpt(text: str, query: str, length: int = 220) -> Fragments:
    """Return about `length` characters of `text` around its first hit, in pieces as above."""
    text = " ".join(unicodedata.normalize("NFC", text or "").split())
    if len(text) > length:
        first = next(iter(_hits(text, query)), (0, 0))[0]
        start = max(0, min(first - length // 3, len(text) - length))
        if start:
            start = text.find(" ", start) + 1
        end = len(text) if start + length >= len(text) else text.rfind(" ", start, start + length)
        end = end if end > start else start + length
        text = ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
    return highlight(text, query)


def _hits(text: str, query: str) -> list[tuple[int, int]]:
    """Return where the hits stand; neighbours that are one asked word become one."""
    said = question.asked(query or "")
    wanted = {term for word in said for term in (*word.terms, *word.joined, *word.meant_terms)}
    begun = tuple(analysis.fold(word.word) for word in said if len(word.word) >= 4)
    if not wanted:
        return []
    found: list[tuple[int, int]] = []
    previous: analysis.Token | None = None
    for token in analysis.tokens(text):
        together = previous and token.follows and analysis.joined(previous.word, token.word)
        if together and together in wanted:
            if found and found[-1][1] > previous.start:  # type: ignore[union-attr]
                found.pop()
            found.append((previous.start, token.end))  # type: ignore[union-attr]
        elif _is_hit(token.word, wanted, begun):
            found.append((token.start, token.end))
        previous = token
    return found


def _is_hit(word: str, wanted: set[str], begun: tuple[str, ...]) -> bool:
    if word in words.STOP and analysis.fold(word) not in wanted:
        return False
    if analysis.fold(word).startswith(begun) or not wanted.isdisjoint(analysis.terms(word)):
        return True
    return any(not wanted.isdisjoint(analysis.terms(part)) for part in analysis.parts(word))
