"""The entry of a list in the view log: one for all the cases it shows."""

from typing import Any

from network.cases.acting import about, acting_with
from network.cases.reports import CaseRow
from portal.audit.log import record


def record_list(user: Any, rows: list[CaseRow], code: str) -> None:
    """Log that `user` was shown `rows`, in the caller's transaction, before the page leaves."""
    subjects = [subject for row in rows for subject in about(row.case)]
    seats = [(row.organisation, row.role) for row in rows]
    record(acting_with(user, seats), subjects, actioncode=code)
