"""When the last backup was made: a line on the desk of whoever looks after the portal."""

import datetime as dt
from typing import Any

from django.utils import timezone

from portal.access.policies import is_administrator
from portal.backup.copies import LastCopy, last_copy


def backup_for(user: Any, now: dt.datetime) -> LastCopy | None:
    """What `templates/portal/_desk_backup.html` shows to `user`; None: nothing to show."""
    return last_copy(now) if is_administrator(user, timezone.localdate(now)) else None
