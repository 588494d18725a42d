"""Who acts on a case, as the view log names them: organisation and role of the membership."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from network.cases.models import Case, TeamMember
from network.cases.policies import lead_of_a_member, membership_of
from network.models import Organisation
from portal.access.roles import Role
from portal.audit.log import Actor, Subject


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
    if member is None and (holding := lead_of_a_member(user, case, day)):
        return _actor(user, holding.position.organisation, Role.ORGANISATION_LEAD)
    return acting_as(user, member)


def acting_with(user: Any, seats: Collection[tuple[Organisation, str]]) -> Actor:
    """The actor of a list: organisation and role where they are the same for all of its cases."""
    organisations = {organisation for organisation, _role in seats}
    roles = {role for _organisation, role in seats}
    return _actor(
        user,
        organisations.pop() if len(organisations) == 1 else None,
        roles.pop() if len(roles) == 1 else "",
    )


def _actor(user: Any, organisation: Organisation | None = None, role: str = "") -> Actor:
    username = user.get_full_name() or user.email
    if organisation is None:
        return Actor(str(user.pk), username, role=str(role))
    return Actor(str(user.pk), username, str(organisation.pk), organisation.name, str(role))


def about(case: Case) -> list[Subject]:
    """The case as the subject of an entry."""
    return [Subject(str(case.pk), case.number)]
