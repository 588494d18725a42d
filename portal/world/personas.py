"""The sixteen kinds of people whose rights are proved, and what each of them has to do with what.

`mine`, `other_team`, `other_region` name stories (`portal/world/stories.py`): A1, A2 and A3 are
cases of the first region, B1 one of the second, each with a meeting, a resource and the like.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """`key` is the name in world.json. Without a `login` somebody only visits."""

    key: str
    what: str
    mine: str = ""
    other_team: str = "A1"
    other_region: str = "B1"
    signs_in: bool = True
    has_code: bool = True


PERSONAS = (
    Persona("anonymous", "a visitor who is not signed in", signs_in=False, has_code=False),
    Persona("editor", "writes public pages"),
    Persona("publisher", "writes and publishes public pages"),
    Persona("team_member", "base support on the team of case A1", "A1", "A3"),
    Persona("same_organisation", "a colleague of team_member, on the team of A2 only", "A2", "A1"),
    Persona("organisation_lead", "leads the organisation of team_member", "A1", "A3"),
    Persona("partner", "a doctor on the team of A1 who was given name and phone", "A1", "A2"),
    Persona("partner_elsewhere", "a doctor who is on the team of A2 only", "A2", "A1"),
    Persona("other_region", "base support on the team of B1", "B1", "B2", "A1"),
    Persona("steering", "sits in the steering group of the first region", "A1", "A2"),
    Persona("steering_other_region", "sits in that of the second region", "B1", "B2", "A1"),
    Persona("auditor", "reads the log, and case numbers in it"),
    Persona("administrator", "runs the portal"),
    Persona("disabled_former_member", "was on the team of A1; the account is closed", "A1", "A3"),
    Persona("removed_member", "was on the team of A1 until a second ago", "A1", "A3"),
    Persona(
        "without_second_factor",
        "base support on the team of A1 who has no source of codes",
        "A1",
        "A3",
        has_code=False,
    ),
)
KEYS = tuple(persona.key for persona in PERSONAS)

# Whoever is signed in and at work; closed accounts read nothing.
STAFF = tuple(key for key in KEYS if key not in ("anonymous", "disabled_former_member"))
PUBLIC = ("*",)
NOBODY: tuple[str, ...] = ()
EDITORS = ("editor", "publisher", "administrator")
OF_REGION = {"A": ("steering",), "B": ("steering_other_region",), "C": ()}
