"""What hangs on a position: each app above tells its own, so that nothing is left lying.

    duties.register("meetings", collect)                      # AppConfig.ready()
    duties.of_positions(ids, day, with_cases=False)           # position id → sentences
    duties.when_leaving_region(end_teams)                     # called by `leave_region`

This floor knows neither cases nor meetings; facts travel up to here, imports do not.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

# Positions and the day → for each position what it has to do, each in a few words.
Collect = Callable[[Collection[uuid.UUID], dt.date], Mapping[uuid.UUID, list[str]]]
# Organisation, region, day, user who ends it: in the caller's transaction; may refuse.
Leave = Callable[[Any, Any, dt.date, Any], None]
# Users whose account is being closed: what else has to end with it.
Close = Callable[[Any], None]


@dataclass(frozen=True)
class Registered:
    collect: Collect
    of_cases: bool


_registered: dict[str, Registered] = {}
_leaving: dict[str, Leave] = {}
_closing: dict[str, Close] = {}


def register(name: str, collect: Collect, *, of_cases: bool = False) -> None:
    """`of_cases`: it counts cases, so only whoever sees their numbers is told."""
    _registered[name] = Registered(collect, of_cases)


def of_positions(
    positions: Collection[uuid.UUID], day: dt.date, *, with_cases: bool
) -> dict[uuid.UUID, list[str]]:
    """What each of `positions` has to do on `day`; one that has nothing is left out."""
    found: dict[uuid.UUID, list[str]] = {}
    for one in _registered.values():
        if positions and (with_cases or not one.of_cases):
            for position, words in one.collect(positions, day).items():
                found.setdefault(position, []).extend(words)
    return found


def when_leaving_region(name: str, leave: Leave) -> None:
    """Call `leave` in the transaction in which an organisation leaves a region."""
    _leaving[name] = leave


def leave_region(organisation: Any, region: Any, day: dt.date, by: Any) -> None:
    """End what hangs on the membership; raises ValidationError where something must stay."""
    for leave in _leaving.values():
        leave(organisation, region, day, by)


def when_closing_account(name: str, close: Close) -> None:
    """Call `close` in the transaction in which an account is closed."""
    _closing[name] = close


def close_account(user: Any) -> None:
    """End what somebody could still read without signing in, such as a calendar link."""
    for close in _closing.values():
        close(user)
