"""Who acts on a case, as the view log names them: organisation and role of the membership."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from network.cases.models import Case, TeamMember
from network.cases.policies import emergency_of, lead_of_a_member, membership_of
from network.cases.sight import sight_of
from network.models import Organisation, Position
from portal.access.roles import Role
from portal.audit.log import Actor, Subject

# Stands as the purpose of every entry that an emergency look leaves in the log.
EMERGENCY = "emergency"


def acting_as(user: Any, member: TeamMember | None) -> Actor:
    """`user` acting through `member`; through nothing where there is no membership."""
    if member is None:
        return _actor(user)
    return _actor(user, member.position.organisation, member.role)


def acting_in(user: Any, case: Case | None, day: dt.date) -> Actor:
    """The actor for `case`: a member of the team, or the lead of a member's organisation.

    Without a case only the person.
    """
    if case is None:
        return _actor(user)
    member = membership_of(user, case, day)
    sees_all = member is not None and sight_of(member.role).sees_everything
    if not sees_all and (emergency := emergency_of(user, case)):
        return with_position(user, emergency.position, purpose=EMERGENCY)
    if member is None and (holding := lead_of_a_member(user, case, day)):
        return _actor(user, holding.position.organisation, Role.ORGANISATION_LEAD)
    return acting_as(user, member)


def with_position(user: Any, position: Position, *, purpose: str = "") -> Actor:
    """`user` acting through `position`, whatever the case."""
    return _actor(user, position.organisation, position.role, purpose)


def acting_with(user: Any, seats: Collection[tuple[Organisation, str]]) -> Actor:
    """The actor of a list: organisation and role where they are the same for all of its cases."""
    organisations = {organisation for organisation, _role in seats}
    roles = {role for _organisation, role in seats}
    return _actor(
        user,
        organisations.pop() if len(organisations) == 1 else None,
        roles.pop() if len(roles) == 1 else "",
    )


def _actor(
    user: Any, organisation: Organisation | None = None, role: str = "", purpose: str = ""
) -> Actor:
    username = user.get_full_name() or user.email
    code, name = (str(organisation.pk), organisation.name) if organisation else ("", "")
    return Actor(str(user.pk), username, code, name, str(role), purpose)


def about(case: Case) -> list[Subject]:
    """The case as the subject of an entry."""
    return [Subject(str(case.pk), case.number)]
