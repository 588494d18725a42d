"""The entry of a list in the view log: one for all the cases it shows."""

from collections.abc import Iterable
from typing import Any

from network.cases.acting import about, acting_with
from network.cases.reports import CaseRow
from portal.audit.log import Subject, record


def record_list(user: Any, rows: list[CaseRow], code: str, *, more: Iterable[Subject] = ()) -> None:
    """Log that `user` was shown `rows`, in the caller's transaction, before the page leaves.

    `more`: cases that the same page names besides.
    """
    shown = [subject for row in rows for subject in about(row.case)]
    subjects = list(dict.fromkeys([*shown, *more]))
    seats = [(row.organisation, row.role) for row in rows]
    record(acting_with(user, seats), subjects, actioncode=code)
