"""Who works where in the demo: positions and their holders, the region's members, seats, roles."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from network.models import Organisation, Position, Region, RegionMembership, Seat
from network.services.people import start_holding, start_seat
from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.accounts.models import User
from portal.starter import people
from portal.starter.people import Person
from portal.starter.places import REGION_COUNTY, REGION_SINCE


@dataclass(frozen=True)
class Post:
    """A position of the demo and who holds it."""

    key: str
    organisation: str
    title: str
    role: str
    holder: Person | None = None


POSTS = (
    Post(
        "tugi",
        "kolme-kabi-tugikeskus",
        "Baastoetuse spetsialist, Antsla",
        Role.BASE_SUPPORT,
        people.SUPPORT,
    ),
    Post(
        "kolleeg",
        "kolme-kabi-tugikeskus",
        "Baastoetuse spetsialist, Rõuge",
        Role.BASE_SUPPORT,
        people.COLLEAGUE,
    ),
    Post("juhataja", "kolme-kabi-tugikeskus", "Juhataja", Role.ORGANISATION_LEAD, people.LEAD),
    Post(
        "kov", "antsla-vallavalitsus", "Juhtumikorraldaja", Role.CASE_MANAGER, people.CASE_MANAGER
    ),
    Post(
        "kov-rouge",
        "rouge-vallavalitsus",
        "Juhtumikorraldaja",
        Role.CASE_MANAGER,
        people.OTHERS["Piret"],
    ),
    Post(
        "kogemus",
        "tammetoru-kogemuskoda",
        "Kogemusnõustaja",
        Role.ADDITIONAL_SUPPORT,
        people.PEER,
    ),
    Post(
        "tookoda",
        "seitsme-tapi-tookoda",
        "Töötegevuse juhendaja",
        Role.ADDITIONAL_SUPPORT,
        people.OTHERS["Kalev"],
    ),
    Post(
        "pakkuja", "villase-salli-kodutugi", "Pakkumiste hoidja", Role.OFFER_EDITOR, people.OFFERS
    ),
    Post("perearst", "sinilille-perearstikeskus", "Perearst", Role.PARTNER, people.DOCTOR),
    Post(
        "koordinaator",
        "voru-linnavalitsus",
        "Piirkonna koordinaator",
        Role.COORDINATOR,
        people.COORDINATOR,
    ),
    Post(
        "antsla-juht",
        "antsla-vallavalitsus",
        "Sotsiaaltöö juht",
        Role.STEERING,
        people.OTHERS["Merike"],
    ),
    Post(
        "rouge-juht",
        "rouge-vallavalitsus",
        "Sotsiaalosakonna juhataja",
        Role.STEERING,
        people.OTHERS["Tarmo"],
    ),
    Post(
        "setomaa-juht",
        "setomaa-vallavalitsus",
        "Sotsiaalnõunik",
        Role.STEERING,
        people.OTHERS["Aare"],
    ),
    Post(
        "voru-juht",
        "voru-vallavalitsus",
        "Sotsiaaltöö juht",
        Role.STEERING,
        people.OTHERS["Kersti"],
    ),
    Post(
        "tootukassa",
        "tootukassa-vorumaa",
        "Osakonna juhataja",
        Role.STEERING,
        people.OTHERS["Maris"],
    ),
    Post("haigla", "kolme-kuuse-haigla", "Sotsiaaltöötaja", Role.STEERING, people.OTHERS["Evelin"]),
    Post(
        "setu-tugituba",
        "kahe-tuule-tugituba",
        "Eestvedaja",
        Role.ORGANISATION_LEAD,
        people.OTHERS["Leila"],
    ),
    Post(
        "noustamiskoda",
        "sinise-ukse-noustamiskoda",
        "Juhataja",
        Role.ORGANISATION_LEAD,
        people.OTHERS["Toomas"],
    ),
    Post(
        "paevakoda",
        "hommikuudu-paevakoda",
        "Juhataja",
        Role.ORGANISATION_LEAD,
        people.OTHERS["Ene"],
    ),
)
# The steering group is small; the network is everybody who helps.
STEERING = (
    "koordinaator",
    "juhataja",
    "antsla-juht",
    "rouge-juht",
    "setomaa-juht",
    "voru-juht",
    "tootukassa",
    "haigla",
)
NETWORK = (
    "kov",
    "kogemus",
    "pakkuja",
    "perearst",
    "tookoda",
    "setu-tugituba",
    "noustamiskoda",
    "paevakoda",
)
SEATS = (
    ("koordinaator", Seat.Body.COORDINATOR),
    *((key, Seat.Body.STEERING) for key in STEERING),
    *((key, Seat.Body.NETWORK) for key in NETWORK),
)
ROLES = ((people.AUDITOR, Role.AUDITOR), (people.ADMINISTRATOR, Role.ADMINISTRATOR))


def load_network() -> dict[str, Position]:
    """Create what is not there yet; returns the positions by key."""
    region = Region.objects.get(slug="vorumaa")
    load_memberships(region)
    users = {user.email: user for user in User.objects.all()}
    positions = {post.key: load_post(post, users) for post in POSTS}
    for key, body in SEATS:
        if not Seat.objects.filter(position=positions[key], region=region, body=body).exists():
            start_seat(position=positions[key], region=region, body=body, valid_from=REGION_SINCE)
    for person, role in ROLES:
        PortalRole.objects.get_or_create(
            user=users[person.email], role=role, valid_from=REGION_SINCE
        )
    return positions


def load_memberships(region: Region) -> None:
    """Every sample organisation of the county works in the network of the region."""
    for organisation in Organisation.objects.filter(
        is_sample=True, municipality__county__name=REGION_COUNTY
    ):
        if not organisation.region_memberships.filter(region=region).exists():
            RegionMembership.objects.create(
                region=region, organisation=organisation, valid_from=REGION_SINCE
            )


def load_post(post: Post, users: dict[str, User], since: dt.date = REGION_SINCE) -> Position:
    """A position with its holder; one that somebody changed in the demo stays as it is."""
    position, is_new = Position.objects.get_or_create(
        organisation=Organisation.objects.get(slug=post.organisation),
        title=post.title,
        defaults={"role": post.role},
    )
    if is_new and post.holder:
        start_holding(
            position=position,
            user=users[post.holder.email],
            valid_from=since,
            # Needed still, said the organisation; of the peer counsellor it has yet to say so.
            confirmed_on=None if post.holder == people.PEER else timezone.localdate(),
        )
    return position
