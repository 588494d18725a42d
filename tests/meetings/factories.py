"""Groups that meet, their meetings and what hangs on them.

    table = Table()                          # a region, its seats, its two groups
    table.coordinator, table.member          # lead the steering group and the network
    table.partner                            # sits in the network only
    table.outsider                           # works in the region, sits nowhere
    meeting = planned_meeting(table.steering)          # a week ahead at 13.00, with its agenda
    meeting = running_meeting(table.steering)          # began ten minutes ago, attendance is listed
    item = topic(meeting, title="Transport töökotta")
    gap = gap_of(table)                                # noted this month, new

Two of everything: make a second `Table()` for the other region. Workers are those of
`tests.cases.factories`: `.user`, `.position`, `.organisation`.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from network.meetings.models import (
    Action,
    AgendaItem,
    Attendance,
    Decision,
    Group,
    Meeting,
    MeetingNote,
    Series,
)
from network.meetings.services.agenda import begin_agenda
from network.models import Gap, Seat
from network.services.gaps import note_gap
from portal.access import grants
from portal.access.roles import Role
from tests.cases.factories import Net, Worker

HOUR = dt.time(13)


class Table(Net):
    """A region with its coordinator, a member of the steering group and one of the network."""

    def __init__(self) -> None:
        super().__init__()
        self.coordinator: Worker = self.seat(Seat.Body.COORDINATOR)
        self.member: Worker = self.seat(Seat.Body.STEERING)
        self.partner: Worker = self.seat(Seat.Body.NETWORK)
        self.outsider: Worker = self.worker(Role.ADDITIONAL_SUPPORT)
        self.steering: Group = self.group(Group.Body.STEERING)
        self.network: Group = self.group(Group.Body.NETWORK)

    def group(self, body: str) -> Group:
        return Group.objects.get_or_create(region=self.region, body=body)[0]


def at(day: dt.date, time: dt.time = HOUR) -> dt.datetime:
    """The moment of a local hour."""
    return timezone.make_aware(dt.datetime.combine(day, time))


def in_days(days: int, time: dt.time = HOUR) -> dt.datetime:
    return at(timezone.localdate() + dt.timedelta(days=days), time)


def series_of(group: Group, **fields: Any) -> Series:
    """Every fourth Thursday of the month at 13.00."""
    values: dict[str, Any] = {
        "rule": "FREQ=MONTHLY;BYDAY=4TH",
        "starts_on": timezone.localdate(),
        "starts_at": HOUR,
    }
    return Series.objects.create(group=group, **values | fields)


def planned_meeting(group: Group, **fields: Any) -> Meeting:
    """A week ahead, with the agenda that fills itself; not invited yet."""
    values = {"starts_at": in_days(7), "place": "Antsla vallamaja"}
    meeting = Meeting.objects.create(group=group, **values | fields)
    begin_agenda(meeting)
    return meeting


def running_meeting(group: Group, **fields: Any) -> Meeting:
    """Began ten minutes ago; every seat is on the list of attendance, nothing said yet."""
    began = timezone.now() - dt.timedelta(minutes=10)
    values = {"starts_at": began, "started_at": began, "state": Meeting.State.RUNNING}
    meeting = planned_meeting(group, **values | fields)
    first = meeting.items.first()
    if first:
        first.state = AgendaItem.State.NOW
        first.save(update_fields=["state"])
    day = timezone.localdate(meeting.starts_at)
    seats = Seat.objects.valid_on(day).filter(region=group.region, body__in=group.bodies)
    for position_id in seats.values_list("position_id", flat=True).distinct():
        Attendance.objects.create(meeting=meeting, position_id=position_id)
    return meeting


def ended_meeting(group: Group, **fields: Any) -> Meeting:
    """Three weeks ago; its minutes wait for approval."""
    began = in_days(-21)
    values = {
        "starts_at": began,
        "started_at": began,
        "ended_at": began + dt.timedelta(minutes=90),
        "state": Meeting.State.ENDED,
    }
    return running_meeting(group, **values | fields)


def topic(meeting: Meeting, **fields: Any) -> AgendaItem:
    """An item at the end of the agenda."""
    values: dict[str, Any] = {"title": "Transport töökotta", "place": meeting.items.count() + 1}
    return AgendaItem.objects.create(meeting=meeting, **values | fields)


def gap_item(meeting: Meeting, gap: Gap, **fields: Any) -> AgendaItem:
    """`gap` on the agenda of `meeting`, the state of the gap with it."""
    Gap.objects.filter(pk=gap.pk).update(state=Gap.State.AGENDA)
    gap.refresh_from_db()
    values = {"kind": AgendaItem.Kind.GAP, "gap": gap, "title": str(gap.subject or "Puudus")}
    return topic(meeting, **values | fields)


def gap_of(net: Net, **fields: Any) -> Gap:
    """Something that is missing in `net`, noted this month."""
    values: dict[str, Any] = {
        "region": net.region,
        "municipality": net.municipality,
        "kind": Gap.Kind.MISSING,
        "day": timezone.localdate(),
        "text": "Lähim pakkuja on liiga kaugel.",
    }
    return note_gap(**values | fields)


def note_of(item: AgendaItem, by: Worker, text: str = "Vald pakub ruumi.") -> MeetingNote:
    return MeetingNote.objects.create(item=item, text=text, written_by=by.user)


def decision_of(item: AgendaItem, **fields: Any) -> Decision:
    """The next decision of the group this year, as it stands in the database."""
    group, day = item.meeting.group, timezone.localdate(item.meeting.starts_at)
    values: dict[str, Any] = {
        "year": day.year,
        "serial": group.decisions.filter(year=day.year).count() + 1,
        "text": "Avada vastuvõtt kogukonnamajas.",
        "decided_on": day,
    }
    return Decision.objects.create(group=group, item=item, **values | fields)


def action_of(item: AgendaItem, worker: Worker, **fields: Any) -> Action:
    """Something that the position of `worker` does within two weeks."""
    due = fields.pop("due", timezone.localdate() + dt.timedelta(days=14))
    values: dict[str, Any] = {"text": "Sõlmida ruumi kokkulepe", "first_due": due}
    return Action.objects.create(
        group=item.meeting.group, item=item, position=worker.position, due=due, **values | fields
    )


def guest_at(meeting: Meeting, worker: Worker, **fields: Any) -> Attendance:
    """The position of `worker` is a guest of this one meeting, with the grant it calls for."""
    row = Attendance.objects.create(
        meeting=meeting, position=worker.position, is_guest=True, **fields
    )
    sync_grants([worker])
    return row


def sync_grants(workers: list[Worker]) -> None:
    from django.db import transaction

    with transaction.atomic():
        grants.sync([worker.user.pk for worker in workers])
