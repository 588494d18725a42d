"""A view log as after years of work: who looked at which case of an invented world, chained.

add_entries(2_000_000, cases=[(id, number), …], users=[Actor(…), …], start=…, end=…, seed=1)
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from django.db import transaction

from portal.audit.log import Actor, Said, Subject, append_invented  # noqa: TID251
from portal.audit.models import AccessEvent

# One transaction holds so many: on SQLite nobody else writes meanwhile.
AT_ONCE = 50_000
# How often each thing is done, in a hundred; lists come on top.
LOOKS = {
    "case_view": 46,
    "case_note_list": 22,
    "case_note_add_form": 9,
    "case_note_add": 8,
    "case_change_form": 3,
    "case_change": 2,
    "case_code": 2,
    "case_log": 2,
    "case_note_file": 4,
    "team_member_invite": 2,
}
LISTS = ("desk", "case_list")
# One entry in so many is a list, a refused try, an emergency.
LIST_IN, REFUSED_IN, EMERGENCY_IN = 20, 400, 2_000


def add_entries(
    n: int,
    *,
    cases: Sequence[tuple[object, str]],
    users: Sequence[Actor],
    start: dt.datetime,
    end: dt.datetime,
    seed: int,
) -> int:
    """Append `n` entries spread evenly from `start` to `end`; return how many were written.

    `cases`: id and number of each; `users`: who acts, as what and for whom. The same seed says the
    same; keys and salts are random as ever. Every user works mostly with the same few cases.
    """
    said = _said(n, [Subject(str(pk), number) for pk, number in cases], users, start, end, seed)
    written = 0
    while written < n:
        with transaction.atomic():
            written += append_invented(_first(said, min(AT_ONCE, n - written)))
    return written


def _first(said: Iterator[Said], count: int) -> Iterator[Said]:
    for _place in range(count):
        yield next(said)


def _said(
    n: int,
    cases: Sequence[Subject],
    users: Sequence[Actor],
    start: dt.datetime,
    end: dt.datetime,
    seed: int,
) -> Iterator[Said]:
    luck = random.Random(seed)  # noqa: S311
    step = (end - start) / max(n, 1)
    share = max(1, len(cases) // len(users)) + 5
    codes = luck.choices(list(LOOKS), weights=list(LOOKS.values()), k=1009)
    for place in range(n):
        who = luck.randrange(len(users))
        # A worker's own cases stand side by side, and neighbours share a few of them.
        first = who * len(cases) // len(users)
        actor, at = users[who], start + step * place
        if luck.randrange(LIST_IN) == 0:
            shown = [cases[(first + one) % len(cases)] for one in range(min(share, 25))]
            yield Said(actor, shown[: len(cases)], luck.choice(LISTS), at)
        elif luck.randrange(REFUSED_IN) == 0:
            # Without the number, as the guard writes it: foreign and unknown leave the same.
            foreign = Subject(luck.choice(cases).subject)
            plain = Actor(actor.usercode, actor.username)
            yield Said(plain, [foreign], "case_view", at, AccessEvent.Outcome.REFUSED)
        else:
            case = cases[(first + luck.randrange(share)) % len(cases)]
            purpose = "emergency" if luck.randrange(EMERGENCY_IN) == 0 else ""
            yield Said(actor, [case], codes[place % len(codes)], at, purpose=purpose)
