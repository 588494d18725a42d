"""What must happen to a database that was brought back from a backup, before anybody is served.

A copy is as old as it is: who was signed in, which links were open and which letters waited when
it was made says nothing about now. Each app puts its own in order.

    restored.register("sessions", end_all)     # in AppConfig.ready()
    restored.settle(now)                       # manage.py restore, after the rows are there
"""

import datetime as dt
from collections.abc import Callable, Container

from django.db import transaction

# Given the time, does its work and says in a few English words what it did; "" for nothing.
Settle = Callable[[dt.datetime], str]

_settlers: dict[str, Settle] = {}


def register(name: str, settle: Settle) -> None:
    """Do `settle` after every restore, in one transaction with the others, in this order."""
    _settlers[name] = settle


@transaction.atomic
def settle(now: dt.datetime, *, without: Container[str] = ()) -> list[str]:
    """Put everything registered in order, except `without`; return what was done, a line each."""
    done = [work(now) for name, work in _settlers.items() if name not in without]
    return [line for line in done if line]
