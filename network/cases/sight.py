"""What each role sees of a case: the one table behind page, form, export and note (rules.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from network.cases.models import TeamMember
from portal.access.roles import Role

# Parts of a case that a page can show.
PARTS = ("outline", "team", "contact", "code", "noticing", "notes_team", "notes_all", "log")

BY_ROLE: dict[str, frozenset[str]] = {
    Role.BASE_SUPPORT: frozenset(PARTS),
    Role.CASE_MANAGER: frozenset(PARTS),
    Role.ADDITIONAL_SUPPORT: frozenset({"outline", "team", "contact", "notes_team"}),
    Role.PARTNER: frozenset({"outline"}),
    Role.ORGANISATION_LEAD: frozenset({"outline", "team"}),
}
# A post joins a team as what it is, or with a narrower sight; never with a wider one.
FITTING: dict[str, tuple[Role, ...]] = {
    Role.BASE_SUPPORT: (Role.BASE_SUPPORT, Role.ADDITIONAL_SUPPORT, Role.PARTNER),
    Role.CASE_MANAGER: (Role.CASE_MANAGER, Role.ADDITIONAL_SUPPORT, Role.PARTNER),
    Role.ADDITIONAL_SUPPORT: (Role.ADDITIONAL_SUPPORT, Role.PARTNER),
    Role.PARTNER: (Role.PARTNER,),
}
# In an emergency everything is read for an hour, but for who else has looked.
IN_EMERGENCY = frozenset(PARTS) - {"log"}
# What a partner's tick means.
BY_TICK: dict[str, str] = {
    TeamMember.Part.CONTACT: "contact",
    TeamMember.Part.NOTES: "notes_team",
    TeamMember.Part.TEAM: "team",
}
IN_WORDS: dict[str, Any] = {
    Role.BASE_SUPPORT: _("everything; the personal code after a click that is logged"),
    Role.CASE_MANAGER: _("everything; the personal code after a click that is logged"),
    Role.ADDITIONAL_SUPPORT: _("name and phone, the team, own notes and notes for the team"),
    Role.ORGANISATION_LEAD: _("number, state, review day and team"),
}


@dataclass(frozen=True)
class Sight:
    """What one membership lets its holder see and do."""

    role: str
    parts: frozenset[str]

    is_emergency: bool = False

    def __contains__(self, part: str) -> bool:
        return part in self.parts

    @property
    def sees_everything(self) -> bool:
        return self.role in {Role.BASE_SUPPORT, Role.CASE_MANAGER}

    @property
    def writes_notes(self) -> bool:
        return self.sees_everything or self.role == Role.ADDITIONAL_SUPPORT


def sight_of(role: str, ticked: list[str] | None = None) -> Sight:
    """The sight of a role; `ticked` are the parts that a partner was given."""
    parts = BY_ROLE.get(role, frozenset())
    if role == Role.PARTNER:
        parts = parts | {BY_TICK[part] for part in ticked or [] if part in BY_TICK}
    return Sight(role, parts)


def in_words(role: str, ticked: list[str] | None = None) -> str:
    """The same for people: stands beside each member of the team and beside the save button."""
    if role != Role.PARTNER:
        return str(IN_WORDS.get(role, ""))
    names = [str(part.label) for part in TeamMember.Part if part in (ticked or [])]
    return ", ".join([str(_("number, state and review day")), *names])


def fits(role: str, post: str) -> bool:
    """May a post whose role is `post` join a team as `role`?"""
    return role in FITTING.get(post, (Role.PARTNER,))


def widest(members: Iterable[TeamMember]) -> TeamMember | None:
    """Of several memberships of one person on one case, the one that sees most."""
    return max(
        members, key=lambda member: len(sight_of(member.role, member.parts).parts), default=None
    )
