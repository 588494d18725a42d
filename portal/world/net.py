"""Regions, organisations, positions and who holds them. Who is a persona is said here."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction

from network.models import (
    Holding,
    Municipality,
    Organisation,
    Position,
    Region,
    RegionMembership,
    RegionMunicipality,
    Seat,
)
from portal.access import grants
from portal.access.cms_groups import ensure_cms_groups
from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.accounts.models import User
from portal.world.canaries import Canaries
from portal.world.luck import Luck
from portal.world.personas import NOBODY, PERSONAS, PUBLIC, STAFF

REGIONS = (
    ("A", "vorumaa", "Võru maakond"),
    ("B", "polvamaa", "Põlva maakond"),
    ("C", "valgamaa", "Valga maakond"),
)
SINCE = dt.date(2025, 1, 1)
PROVIDERS = 5
# With more cases there are more who work on them.
CASES_A_PROVIDER = 2_000
# Letters and digits of base32 (RFC 4648).
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

# Position of the region → persona: kind of organisation, which of them, role, which of these.
SEATED = {
    ("A", "provider", 0, Role.BASE_SUPPORT, 0): "team_member",
    ("A", "provider", 0, Role.BASE_SUPPORT, 1): "same_organisation",
    ("A", "provider", 0, Role.BASE_SUPPORT, 2): "without_second_factor",
    ("A", "provider", 0, Role.ORGANISATION_LEAD, 0): "organisation_lead",
    ("A", "provider", 0, Role.ADDITIONAL_SUPPORT, 0): "removed_member",
    ("A", "provider", 0, Role.ADDITIONAL_SUPPORT, 1): "disabled_former_member",
    ("A", "health", 0, Role.PARTNER, 0): "partner",
    ("A", "health", 1, Role.PARTNER, 0): "partner_elsewhere",
    ("A", "municipality", 0, Role.STEERING, 0): "steering",
    ("B", "provider", 0, Role.BASE_SUPPORT, 0): "other_region",
    ("B", "municipality", 0, Role.STEERING, 0): "steering_other_region",
}
ROLES = {
    "provider": (
        (Role.ORGANISATION_LEAD, 1),
        (Role.OFFER_EDITOR, 1),
        (Role.BASE_SUPPORT, 3),
        (Role.ADDITIONAL_SUPPORT, 2),
    ),
    "municipality": ((Role.CASE_MANAGER, 1), (Role.STEERING, 1)),
    "health": ((Role.PARTNER, 1),),
}
SEATS = {
    Role.STEERING: (Seat.Body.STEERING,),
    Role.COORDINATOR: (Seat.Body.COORDINATOR, Seat.Body.STEERING),
    Role.OFFER_EDITOR: (Seat.Body.NETWORK,),
}


@dataclass(frozen=True)
class Post:
    """A position and who holds it."""

    position: Position
    user: User
    kind: str
    place: int
    persona: str = ""

    @property
    def organisation(self) -> Organisation:
        return self.position.organisation


@dataclass
class Area:
    """A region with everybody who works in it."""

    letter: str
    region: Region
    municipalities: list[Municipality]
    posts: list[Post] = field(default_factory=list)

    def of(self, role: str, kind: str = "", place: int | None = None) -> list[Post]:
        """The posts of a role, in a kind of organisation, in one of these."""
        return [
            post
            for post in self.posts
            if post.position.role == role
            and kind in ("", post.kind)
            and place in (None, post.place)
        ]

    @property
    def coordinator(self) -> Post:
        return self.of(Role.COORDINATOR)[0]


@dataclass
class People:
    """Who signs in: by persona the user, and what opens the doors. For tests, and said so."""

    password: str
    password_hash: str
    users: dict[str, User] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


class NetLoader:
    """Fills the three regions, and gives everybody of the personas an account."""

    def __init__(self, luck: Luck, canaries: Canaries, today: dt.date, cases: int) -> None:
        self.luck, self.canaries, self.today = luck, canaries, today
        self.providers = PROVIDERS + cases // CASES_A_PROVIDER // len(REGIONS)
        password = "-".join("".join(luck.choices("abcdefghjkmnpqrstuvwxyz", k=5)) for _ in range(4))
        self.people = People(password, make_password(password))
        self._bulk: dict[type[Any], list[Any]] = {}

    @transaction.atomic
    def load(self) -> tuple[dict[str, Area], People]:
        areas = {letter: self._area(letter, slug, county) for letter, slug, county in REGIONS}
        for area in areas.values():
            self._fill(area)
        self._portal_people()
        for model in (User, Position, Holding, Seat, RegionMembership, PortalRole):
            model.objects.bulk_create(self._bulk.get(model, []), batch_size=500)
        self._groups()
        self._second_factors()
        grants.sync(user.pk for user in self._bulk[User])
        self.canaries.settle()
        return areas, self.people

    def _area(self, letter: str, slug: str, county: str) -> Area:
        name = county.replace(" maakond", "maa")
        region, _is_new = Region.objects.get_or_create(slug=slug, defaults={"name": name})
        places = list(Municipality.objects.filter(county__name=county).order_by("slug"))
        there = set(region.memberships.values_list("municipality_id", flat=True))
        RegionMunicipality.objects.bulk_create(
            RegionMunicipality(region=region, municipality=place, valid_from=SINCE)
            for place in places
            if place.pk not in there
        )
        return Area(letter, region, places)

    def _fill(self, area: Area) -> None:
        kinds = {
            "provider": self.providers,
            "municipality": len(area.municipalities),
            "health": 3,
        }
        for kind, count in kinds.items():
            for place in range(count):
                organisation = self._organisation(area, kind, place)
                for role, several in ROLES[kind]:
                    for number in range(several):
                        self._post(area, organisation, kind, place, role, number)
        # Of the second town, so that the steering group has somebody besides.
        office = area.of(Role.STEERING, "municipality", 1)[0].organisation
        self._post(area, office, "municipality", 1, Role.COORDINATOR, 0)

    def _organisation(self, area: Area, kind: str, place: int) -> Organisation:
        town = area.municipalities[place % len(area.municipalities)]
        organisation = Organisation(
            slug=f"maailm-{area.letter.lower()}-{kind}-{place}",
            name=f"{area.region.name} {kind} {place}",
            kind=kind,
            municipality=town,
            text="Proovimaailma asutus, mida ei ole olemas.",
            is_sample=True,
        )
        self.canaries.fill(organisation, PUBLIC)
        organisation.save()
        self._add(
            RegionMembership(
                id=self.luck.uuid(), region=area.region, organisation=organisation, valid_from=SINCE
            )
        )
        return organisation

    def _post(
        self, area: Area, organisation: Organisation, kind: str, place: int, role: str, number: int
    ) -> None:
        key = SEATED.get((area.letter, kind, place, Role(role), number), "")
        position = Position(
            id=self.luck.uuid(),
            organisation=organisation,
            title=f"{Role(role).value} {number}",
            role=role,
        )
        self.canaries.fill(position, STAFF)
        user = self._user(key)
        holding = Holding(
            id=self.luck.uuid(),
            position=position,
            user=user,
            valid_from=SINCE + dt.timedelta(days=self.luck.randrange(200)),
            confirmed_on=self.today,
        )
        self._add(position)
        self._add(holding)
        for body in SEATS.get(Role(role), ()):
            self._add(
                Seat(
                    id=self.luck.uuid(),
                    position=position,
                    region=area.region,
                    body=body,
                    valid_from=SINCE,
                )
            )
        area.posts.append(Post(position, user, kind, place, key))

    def _user(self, key: str = "", **fields: Any) -> User:
        user = User(
            id=self.luck.uuid(),
            password=self.people.password_hash,
            first_name="Eesnimi",
            last_name=key.replace("_", " ").capitalize() or "Töötaja",
            **fields,
        )
        self.canaries.fill(user, STAFF, only=("first_name", "last_name"))
        # A colleague's address is read where people are let in, and nowhere else.
        word = self.canaries.draw()
        user.email = f"{key or 'tootaja'}.{word}@kanaari.example".replace("_", "-")
        mine = (key,) if key else NOBODY
        self.canaries.remember(
            word,
            user,
            "email",
            (*mine, "organisation_lead", "administrator", "auditor"),
        )
        self._add(user)
        if key:
            self.people.users[key] = user
        return user

    def _portal_people(self) -> None:
        """Those who hold no position: of the portal, not of a region."""
        for key in ("editor", "publisher"):
            self._user(key)
        for key, role in (("auditor", Role.AUDITOR), ("administrator", Role.ADMINISTRATOR)):
            boss = key == "administrator"
            user = self._user(key, is_staff=boss, is_superuser=boss)
            self._add(PortalRole(id=self.luck.uuid(), user=user, role=role, valid_from=SINCE))
        for key in ("editor", "publisher"):
            role = Role.CONTENT_EDITOR
            self._add(
                PortalRole(
                    id=self.luck.uuid(),
                    user=self.people.users[key],
                    role=role,
                    valid_from=SINCE,
                )
            )

    def _groups(self) -> None:
        groups = ensure_cms_groups()
        self.people.users["editor"].groups.add(groups["editors"])
        self.people.users["publisher"].groups.add(groups["publishers"])

    def _second_factors(self) -> None:
        adapter = get_adapter()
        for persona in PERSONAS:
            if not persona.has_code:
                continue
            secret = "".join(self.luck.choices(BASE32, k=32))
            self.people.secrets[persona.key] = secret
            Authenticator.objects.create(
                user=self.people.users[persona.key],
                type=Authenticator.Type.TOTP,
                data={"secret": adapter.encrypt(secret)},
            )

    def _add(self, row: Any) -> None:
        self._bulk.setdefault(type(row), []).append(row)
