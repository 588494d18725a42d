"""Words that would tell whom something is about: numbers and names in free text. CASE-16.

What leaves a case is read by the whole region, and minutes are read by many, so nobody may be
recognised in them. Pure functions: text in, the found words out, as they were typed.

    numbers_in("Helista 5123 4567")                    → ["5123 4567"]
    names_in("Maril ei ole bussi", ["Mari Kask"])      → ["Maril"]
    looks_like_names("Seal elab Kalmer Tamm", PLACES)  → ["Kalmer Tamm"]
"""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from network.wording.names import looks_like_names, names_in
from network.wording.numbers import numbers_in, office_numbers_in, without_court_cases

__all__ = [
    "looks_like_names",
    "names_in",
    "numbers_in",
    "refuse_numbers",
    "refuse_people",
    "refuse_traces",
]


def refuse_numbers(text: str) -> None:
    """Raise ValidationError if minutes, agenda or decision say a code, a phone, an e-mail, a case.

    Days and addresses may stand there: a meeting has both.
    """
    if found := office_numbers_in(text):
        raise ValidationError(
            _("Leave out “%(words)s”: minutes hold no numbers by which somebody can be found.")
            % {"words": ", ".join(found)}
        )


def refuse_traces(
    text: str,
    *,
    names: Iterable[str],
    numbers: Iterable[str],
    allowed: Iterable[str],
    days_since: dt.date | None = None,
) -> None:
    """Raise ValidationError if `text` lets somebody be recognised; it says which words do.

    `names` and `numbers` are those of a case; `allowed` are words of the region (see above); a
    day from `days_since` on may stand there.
    """
    found = [*names_in(text, names), *numbers_in(text, numbers, days_since=days_since)]
    known = set(found)
    found += [words for words in looks_like_names(text, allowed) if not known >= {*words.split()}]
    if found:
        raise ValidationError(
            _("Leave out “%(words)s”: nobody may be recognised in the list of the region.")
            % {"words": ", ".join(found)}
        )


def refuse_people(text: str, *, allowed: Iterable[str]) -> None:
    """Raise ValidationError if a reason names somebody, or says a code, a phone or an e-mail.

    The number of a court case may stand there. `allowed` as above.
    """
    text = without_court_cases(text)
    if found := [*office_numbers_in(text), *looks_like_names(text, allowed)]:
        raise ValidationError(
            _("Leave out “%(words)s”: the reason names nobody. A case number is enough.")
            % {"words": ", ".join(found)}
        )
