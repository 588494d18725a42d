from network.cases.models.break_glass import BreakGlass
from network.cases.models.case import Case, CaseGrant, CaseListing, TeamMember
from network.cases.models.gap import CaseGap
from network.cases.models.link import CaseLink
from network.cases.models.note import CaseNote, CaseNoteFile
from network.cases.models.person import Person

__all__ = [
    "BreakGlass",
    "Case",
    "CaseGap",
    "CaseGrant",
    "CaseLink",
    "CaseListing",
    "CaseNote",
    "CaseNoteFile",
    "Person",
    "TeamMember",
]
