"""What the regions of the tests' world share, and who works with it: no case is behind any of it.

A resource at a confidential place with a proposal that waits, a gap (that of `mine` was noted from
the case), a running meeting with an item, a note, a decision and an action, a series.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from catalogue.importer.cells import Cell, Sheet, to_json
from catalogue.models import PriceImport
from home.services.price_undo import ASKED, with_after
from network.cases.models import Case, CaseGap
from network.meetings.models import Attendance, Group
from network.models import (
    Holding,
    JoinRequest,
    Organisation,
    RegionMembership,
    Resource,
    ResourceChange,
    Seat,
)
from network.services.people import end_seat, start_seat
from portal.access.roles import Role
from portal.accounts.models import User
from tests.cases.factories import LONG_AGO, Worker
from tests.meetings.factories import (
    Table,
    action_of,
    decision_of,
    gap_item,
    gap_of,
    guest_at,
    note_of,
    running_meeting,
    series_of,
)
from tests.network.factories import OfferFactory, RoundFactory

MINE, SAME_REGION, OTHER_REGION = "mine", "same region", "other region"

# Of a confidential place: nobody but its keepers and those who lead the region may ever see them.
SECRET_ADDRESS = "Peidukoha tee 7"
SECRET_LAT, SECRET_LON = 57.734219, 26.918637
GAP_TEXT = "Rühma ei ole kusagil lähedal."

Ids = dict[str, Any]


def add_region(
    here: Table, there: Table, *, case: Case, worker: Worker
) -> tuple[dict[str, User | None], dict[str, Ids]]:
    """The personas and the ids by kind; `mine` and `same region` are in `here`."""
    keeper, elsewhere = here.worker(Role.OFFER_EDITOR), here.worker(Role.OFFER_EDITOR)
    responsible, guest = here.worker(Role.PARTNER), here.worker(Role.PARTNER)
    former = _former_seat(here)
    RoundFactory()
    ids = {
        MINE: _shared(here, here.steering, keeper, responsible),
        SAME_REGION: _shared(here, here.steering, elsewhere, here.member),
        OTHER_REGION: _shared(there, there.steering, there.worker(Role.OFFER_EDITOR), there.member),
    }
    CaseGap.objects.create(case=case, gap_id=ids[MINE]["gap_id"], noted_by=worker.user)
    guest_at(_meeting(ids[MINE]), guest)
    people: dict[str, User | None] = {
        "offer_editor": keeper.user,
        "offer_editor_elsewhere": elsewhere.user,
        "network_seat": here.partner.user,
        "guest": guest.user,
        "former_seat": former.user,
        "responsible": responsible.user,
        "steering_elsewhere": there.member.user,
    }
    return people, ids


def _shared(net: Table, group: Group, keeper: Worker, responsible: Worker) -> Ids:
    """One of everything that a region shares."""
    resource = confidential_offer(net, keeper)
    gap = gap_of(net, text=GAP_TEXT)
    meeting = running_meeting(group)
    item = gap_item(meeting, gap)
    return {
        "resource_id": resource.pk,
        "change_id": _proposal(resource, keeper).pk,
        "gap_id": gap.pk,
        "meeting_id": meeting.pk,
        "item_id": item.pk,
        "meeting_note_id": note_of(item, net.member).pk,
        "decision_id": decision_of(item).pk,
        "action_id": action_of(item, responsible).pk,
        "series_id": series_of(group).pk,
        "region_id": net.region.pk,
        "organisation_id": keeper.organisation.pk,
        "user_id": keeper.user.pk,
        "position_id": keeper.position.pk,
        "holding_id": Holding.objects.get(user=keeper.user).pk,
        "membership_id": RegionMembership.objects.get(organisation=keeper.organisation).pk,
        "request_id": _request(net).pk,
        "import_id": _price_import(resource, keeper).pk,
        "taken_id": _taken_over(resource, keeper).pk,
    }


def _taken_over(resource: Resource, keeper: Worker) -> PriceImport:
    """Another, taken over: it asked for the price that stands, and may be taken back."""
    place = {"component": resource.offer.component_id, "offer": resource.pk}
    (chain,) = with_after([place | {"kind": ASKED, "form": "individual"}])
    return PriceImport.objects.create(
        by=keeper.user,
        target=f"organisation:{keeper.organisation.pk}",
        file_name="eelmised.csv",
        valid_from=timezone.localdate(),
        applied_at=timezone.now(),
        applied=1,
        outcome={"rows": [], "chains": [chain | {"before": chain["after"]}]},
    )


def _price_import(resource: Resource, keeper: Worker) -> PriceImport:
    """A price list with a new price of the offer, sent and not taken over yet."""
    component = resource.offer.component
    rows = [
        ["Kood", "Teenuskomponent", "Hind", "KM", "Kokku"],
        [component.code, component.name, "52,50", "0", "52,50"],
    ]
    return PriceImport.objects.create(
        by=keeper.user,
        target=f"organisation:{keeper.organisation.pk}",
        file_name="hinnad.csv",
        valid_from=timezone.localdate(),
        sheets=to_json([Sheet("", [[Cell(text) for text in row] for row in rows])]),
    )


def _request(net: Table) -> JoinRequest:
    """A new organisation that the coordinator wants in the region."""
    return JoinRequest.objects.create(
        region=net.region,
        name="Uus asutus",
        kind=Organisation.Kind.PROVIDER,
        municipality=net.municipality,
        asked_by=net.coordinator.user,
    )


def confidential_offer(net: Table, keeper: Worker) -> Resource:
    """A published offer whose address and coordinates are nobody's business."""
    offer = OfferFactory(
        resource__organisation=keeper.organisation,
        resource__municipality=net.municipality,
        resource__address=SECRET_ADDRESS,
        resource__lat=SECRET_LAT,
        resource__lon=SECRET_LON,
        resource__is_confidential=True,
        resource__confirmed_on=timezone.localdate() - dt.timedelta(days=90),
        places=6,
        free_places=2,
        price="48.00",
    )
    resource: Resource = offer.resource
    return resource


def _proposal(resource: Resource, keeper: Worker) -> ResourceChange:
    return ResourceChange.objects.create(
        resource=resource,
        organisation=resource.organisation,
        what=ResourceChange.What.PROPOSED,
        state=ResourceChange.State.WAITING,
        by=keeper.user,
    )


def _former_seat(net: Table) -> Worker:
    worker = net.worker(Role.STEERING)
    seat = start_seat(
        position=worker.position,
        region=net.region,
        body=Seat.Body.STEERING,
        valid_from=LONG_AGO,
    )
    end_seat(seat, valid_until=timezone.localdate())
    return worker


def _meeting(ids: Ids) -> Any:
    return Attendance.objects.filter(meeting_id=ids["meeting_id"]).first().meeting
