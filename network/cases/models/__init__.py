from network.cases.models.case import Case, CaseGrant, CaseListing, TeamMember
from network.cases.models.note import CaseNote, CaseNoteFile
from network.cases.models.person import Person

__all__ = [
    "Case",
    "CaseGrant",
    "CaseListing",
    "CaseNote",
    "CaseNoteFile",
    "Person",
    "TeamMember",
]
