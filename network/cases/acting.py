"""Who acts on a case, as the view log names them: organisation and role of the membership."""

import datetime as dt
from typing import Any

from network.cases.models import Case, TeamMember
from network.cases.policies import membership_of
from portal.audit.log import Actor, Subject


def acting_as(user: Any, member: TeamMember | None) -> Actor:
    """`user` acting through `member`; through nothing where there is no membership."""
    username = user.get_full_name() or user.email
    if member is None:
        return Actor(str(user.pk), username)
    organisation = member.position.organisation
    return Actor(str(user.pk), username, str(organisation.pk), organisation.name, str(member.role))


def acting_in(user: Any, case: Case | None, day: dt.date) -> Actor:
    """The actor for `case`; without a case only the person."""
    return acting_as(user, membership_of(user, case, day) if case else None)


def about(case: Case) -> list[Subject]:
    """The case as the subject of an entry."""
    return [Subject(str(case.pk), case.number)]
