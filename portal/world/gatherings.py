"""What the regions share: meetings with all that comes of them, resources that change, requests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from catalogue.models import Component
from catalogue.models.component import Form, Kind
from network.meetings.models import Meeting
from network.meetings.schedule import Often, Repeat, moment_of
from network.meetings.services.agenda import ItemText, add_gap, add_topic
from network.meetings.services.feeds import make_feed
from network.meetings.services.inviting import ask_guest, invite_to_meeting
from network.meetings.services.outcomes import add_action, add_decision, close_action
from network.meetings.services.planning import MeetingPlan, add_meeting
from network.meetings.services.running import (
    add_guest,
    add_note,
    end_meeting,
    finish_item,
    start_meeting,
)
from network.meetings.services.series import SeriesPlan, add_series
from network.models import (
    Gap,
    Holding,
    Offer,
    OfferPrice,
    Region,
    RegionMembership,
    Resource,
    Seat,
)
from network.services.facts import facts_of
from network.services.gaps import note_gap, put_gap_aside
from network.services.joining import Joining, ask_to_join, decide_join
from network.services.resources import change_resource
from portal.access.roles import Role
from portal.world.canaries import Canaries
from portal.world.luck import Luck
from portal.world.net import Area, Post
from portal.world.personas import OF_REGION

# Story → which group meets; the first and the second provider keep the resources.
BODIES = {
    "A1": Seat.Body.STEERING,
    "A2": Seat.Body.NETWORK,
    "B1": Seat.Body.STEERING,
    "B2": Seat.Body.NETWORK,
    "C1": Seat.Body.STEERING,
}
HELD_AGO = 30


class GatheringLoader:
    """Everything through the services, by the coordinator of the region."""

    def __init__(self, luck: Luck, canaries: Canaries, today: dt.date):
        self.luck, self.canaries, self.today = luck, canaries, today

    @transaction.atomic
    def load(self, key: str, area: Area) -> dict[str, Any]:
        """The ids of what belongs to the story `key`, named as in addresses."""
        number = int(key[1:]) - 1
        keeper = area.of(Role.OFFER_EDITOR, place=number)[0]
        return (
            self._people(area, keeper)
            | self._resource(area, keeper)
            | self._request(area, key)
            | self._meetings(area, BODIES[key])
        )

    def feed(self, user: Any) -> str:
        """A calendar address for `user`: its secret part."""
        return make_feed(by=user, key=self.luck.uuid())

    def _people(self, area: Area, keeper: Post) -> dict[str, Any]:
        return {
            "region_id": area.region.pk,
            "organisation_id": keeper.organisation.pk,
            "user_id": keeper.user.pk,
            "position_id": keeper.position.pk,
            "holding_id": Holding.objects.get(position=keeper.position).pk,
            "membership_id": RegionMembership.objects.get(organisation=keeper.organisation).pk,
        }

    def _resource(self, area: Area, keeper: Post) -> dict[str, Any]:
        """At a confidential place, with a proposal that waits; a draft and a withdrawn one."""
        component = Component.objects.filter(kind=Kind.ADDITIONAL).order_by("pk")[0]
        published = Resource.State.PUBLISHED
        rows = {}
        for state in (published, Resource.State.DRAFT, Resource.State.WITHDRAWN):
            row = Resource(
                organisation=keeper.organisation,
                name=f"hoitud koht {area.letter}",
                municipality=area.municipalities[0],
                address="Peidukoha",
                lat=area.municipalities[0].lat,
                lon=area.municipalities[0].lon,
                is_confidential=True,
                state=state,
                confirmed_on=self.today - dt.timedelta(days=70),
            )
            # Of a confidential place the map says no address; a name stands in lists of the region.
            self.canaries.fill(row, OF_REGION[area.letter], only=("address",))
            sees = ("*",) if state == published else OF_REGION[area.letter]
            self.canaries.fill(row, sees, only=("name",))
            row.save()
            offer = Offer(resource=row, component=component, places=6, free_places=2)
            self.canaries.fill(offer, sees)
            offer.save()
            OfferPrice.objects.create(
                offer=offer,
                form=Form.INDIVIDUAL,
                net=Decimal(48),
                gross=Decimal(48),
                valid_from=dt.date(2026, 1, 1),
            )
            rows[state] = row
        row = rows[published]
        asked = facts_of(row) | {"note": f"hommikuti ka {self.canaries.draw()}"}
        change = change_resource(
            row, asked, version=row.version, by=keeper.user, key=self.luck.uuid()
        )
        assert change is not None  # noqa: S101 - a note that differs is a change
        return {"resource_id": row.pk, "change_id": change.pk}

    def _request(self, area: Area, key: str) -> dict[str, Any]:
        by = area.coordinator.user
        waiting, decided = (
            ask_to_join(
                area.region,
                Joining(
                    name=f"Soovija {key} {self.canaries.draw()}",
                    kind="provider",
                    municipality=area.municipalities[0],
                    lead_email=f"{self.canaries.draw()}@kanaari.example",
                    reason=f"tahab aidata {self.canaries.draw()}",
                ),
                by=by,
                key=self.luck.uuid(),
            )
            for _time in range(2)
        )
        chair = area.of(Role.STEERING)[0].user
        decide_join(decided, approve=False, answer=f"veel mitte {self.canaries.draw()}", by=chair)
        return {"request_id": waiting.pk}

    def _meetings(self, area: Area, body: str) -> dict[str, Any]:
        by, region = area.coordinator.user, area.region
        plan = SeriesPlan(
            repeat=Repeat(Often.MONTH, weekday=3, nth=4),
            starts_on=self.today,
            starts_at=dt.time(13),
            minutes=90,
            title=f"kohtumised {self.canaries.draw()}",
            place=f"ruum {self.canaries.draw()}",
            link=f"https://{self.canaries.draw()}.example/",
        )
        series = add_series(plan, region=region, body=body, by=by, key=self.luck.uuid())
        held = self._hold(area, region, body)
        coming = series.meetings.order_by("starts_at")[0]
        draw = self.canaries.draw
        topic = ItemText(
            title=f"teema {draw()}", text=f"sissejuhatus {draw()}", owner=area.coordinator.position
        )
        add_topic(coming, topic, by=by, key=self.luck.uuid())
        guest = area.of(Role.CASE_MANAGER)[0]
        ask_guest(coming, position=guest.position, by=by, key=self.luck.uuid())
        ask_guest(coming, name=f"Külaline {draw()}", by=by, key=self.luck.uuid())
        invite_to_meeting(coming, by=by, key=self.luck.uuid())
        return held | {"series_id": series.pk, "planned_id": coming.pk}

    def _hold(self, area: Area, region: Region, body: str) -> dict[str, Any]:
        """A meeting of a month ago: a gap, a note, a decision, an action, its minutes wait."""
        by, draw = area.coordinator.user, self.canaries.draw
        day = self.today - dt.timedelta(days=HELD_AGO)
        plan = MeetingPlan(
            starts_at=moment_of(day, dt.time(13), "Europe/Tallinn"),
            minutes=90,
            title=f"kohtumine {draw()}",
            place=f"saal {draw()}",
            link=f"https://{draw()}.example/",
            minutes_taker=area.coordinator.position,
        )
        meeting = add_meeting(plan, region=region, body=body, by=by, key=self.luck.uuid())
        gap = self._gap(area)
        aside = self._gap(area)
        put_gap_aside(aside, day=self.today, answer=f"selleks ei ole praegu raha {draw()}")
        item = add_gap(meeting, gap, by)
        start_meeting(meeting, by=by, now=meeting.starts_at)
        meeting = Meeting.objects.get(pk=meeting.pk)
        add_guest(meeting, f"Vaatleja {draw()}", by=by, key=self.luck.uuid())
        note = add_note(item, f"vald pakub ruumi {draw()}", by=by, key=self.luck.uuid())
        decision = add_decision(item, text=f"avada vastuvõtt {draw()}", by=by, day=day)
        action = add_action(
            item,
            text=f"sõlmida kokkulepe {draw()}",
            position=area.coordinator.position,
            due=self.today + dt.timedelta(days=7),
            by=by,
            day=day,
        )
        done = add_action(
            item,
            text=f"kutsuda teised {draw()}",
            position=area.coordinator.position,
            due=self.today,
            by=by,
            day=day,
        )
        close_action(
            done,
            state="done",
            version=done.version,
            by=by,
            day=self.today,
            note=f"kutsutud {draw()}",
        )
        finish_item(item, by=by)
        end_meeting(meeting, by=by, now=meeting.ends_at)
        return {
            "gap_id": gap.pk,
            "meeting_id": meeting.pk,
            "item_id": item.pk,
            "meeting_note_id": note.pk,
            "decision_id": decision.pk,
            "action_id": action.pk,
        }

    def _gap(self, area: Area) -> Gap:
        return note_gap(
            region=area.region,
            municipality=area.municipalities[0],
            kind="missing",
            day=self.today,
            text=f"transport puudub {self.canaries.draw()}",
        )
