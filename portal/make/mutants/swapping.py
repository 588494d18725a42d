"""A fault in a process that is loaded already: functions get the code of the changed source.

Loading Django and the tests takes longer than running one test. So a process that has loaded
everything forks for each fault, and in the child every function of the changed file whose code
differs gets the new code. Where more than code inside functions differs, this is refused, and the
fault is tried in a process of its own.
"""

from __future__ import annotations

import gc
from types import CodeType, FunctionType


class CannotSwap(Exception):
    """The change is not one of code inside functions."""


def swap(filename: str, before: str, after: str) -> int:
    """Give the functions of `filename` the code of `after`; return how many got it."""
    old, new = compile(before, filename, "exec"), compile(after, filename, "exec")
    changed: dict[tuple[str, int], CodeType] = {}
    _compare(old, new, changed)
    if not changed:
        raise CannotSwap("nothing inside a function differs")
    done = 0
    # What was frozen before the fork is not among the objects that the collector tells.
    gc.unfreeze()
    for one in gc.get_objects():
        # Not isinstance(): some lazy objects answer that with a look at the database.
        if type(one) is not FunctionType or one.__code__.co_filename != filename:
            continue
        code = changed.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
        if code is None:
            continue
        if len(code.co_freevars) != len(one.__code__.co_freevars):
            raise CannotSwap("the function remembers something else")
        one.__code__ = code
        done += 1
    if not done:
        raise CannotSwap("no such function is loaded")
    return done


def _compare(old: CodeType, new: CodeType, changed: dict[tuple[str, int], CodeType]) -> None:
    """Note the functions that differ, and those inside of them; raise where more does."""
    ours = [one for one in old.co_consts if isinstance(one, CodeType)]
    theirs = [one for one in new.co_consts if isinstance(one, CodeType)]
    if [one.co_name for one in ours] != [one.co_name for one in theirs]:
        raise CannotSwap("there are other functions than before")
    for one, other in zip(ours, theirs, strict=True):
        if one == other:
            continue
        is_body = one.co_flags & 0x2 == 0  # a class or a module: run once, when it is loaded
        if not is_body:
            changed[one.co_qualname, one.co_firstlineno] = other
        _compare(one, other, changed)
    if old.co_flags & 0x2 == 0 and _essence(old) != _essence(new):
        raise CannotSwap("something that is done when the file is loaded differs")


def _essence(code: CodeType) -> tuple[object, ...]:
    """What code does apart from the functions inside of it and from its line numbers."""
    consts = tuple(
        one.co_name if isinstance(one, CodeType) else one
        for one in code.co_consts
        # The line where a class begins may have moved; nothing depends on it.
    )
    return (code.co_code, repr(consts), code.co_names)
