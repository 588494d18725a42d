"""The copy that a person takes along: everything the portal holds about them in one case."""

import tempfile
from typing import IO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from network.cases.acting import about, acting_in
from network.cases.models import Case
from network.cases.policies import CasePolicy
from network.cases.privacy import find_case
from portal.accounts.models import User
from portal.audit.log import record
from portal.audit.models import AccessEvent
from portal.privacy.copying import copy_of, write_zip

# Above this it is made on the disk, in a file without a name.
IN_MEMORY = 5 * 1024 * 1024


@transaction.atomic
def extract_case(case: Case, *, by: User) -> IO[bytes]:
    """The zip of `case`, at its beginning; an entry of the log. Raises PermissionDenied."""
    now = timezone.now()
    day = timezone.localdate(now)
    if not CasePolicy.allows(by, "extract", case, day):
        raise PermissionDenied
    subject = find_case(str(case.pk))
    if subject is None:
        raise PermissionDenied
    # Written down first, so that the copy says that it was taken.
    record(
        acting_in(by, case, day),
        about(case),
        actioncode="case_extract",
        channel=AccessEvent.Channel.EXPORT,
    )
    # Closed by whoever answers with it.
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    write_zip(copy_of(subject, now), out)
    out.seek(0)
    return out
