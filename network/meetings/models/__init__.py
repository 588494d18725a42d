from network.meetings.models.agenda import AgendaItem, MeetingNote
from network.meetings.models.feed import CalendarFeed
from network.meetings.models.group import Group, Series
from network.meetings.models.meeting import Attendance, Meeting, MeetingGrant
from network.meetings.models.outcome import Action, Decision

__all__ = [
    "Action",
    "AgendaItem",
    "Attendance",
    "CalendarFeed",
    "Decision",
    "Group",
    "Meeting",
    "MeetingGrant",
    "MeetingNote",
    "Series",
]
