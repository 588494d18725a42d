"""A case in each of two regions, and a way to make the database take what it refuses."""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from network.cases.models import Case
from portal.access.roles import Role
from tests.cases.factories import Net, Worker, join, open_case_of

TABLES = ("audit_accessevent", "audit_accesssubject", "audit_chainhead")


@dataclass
class House:
    """`anu` opened `case` here, `piret` is a partner on it; `peeter` works in the other region."""

    here: Net
    there: Net
    anu: Worker
    piret: Worker
    peeter: Worker
    case: Case
    theirs: Case


@pytest.fixture
def house(db: Any) -> House:
    here, there = Net(), Net()
    anu = here.worker()
    peeter = there.worker()
    case = open_case_of(anu)
    piret = here.worker(Role.PARTNER)
    join(case, piret, by=anu)
    return House(here, there, anu, piret, peeter, case, open_case_of(peeter))


@contextmanager
def unfenced():
    """Without the triggers, as for somebody who owns the database file."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield cursor
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = [(name, sql) for name, sql in cursor.fetchall() if name.startswith("audit_")]
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield cursor
            for _name, sql in triggers:
                cursor.execute(sql)


@pytest.fixture
def forger():
    """Gives a cursor that may change the log."""
    with unfenced() as cursor:
        yield cursor
