"""Any number of cases past the services: in bulk, sealed for real, rights by `grants.sync`."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.cases.models import Case, CaseNote, Person, TeamMember
from network.cases.models.case import NUMBER_SIGNS
from network.cases.models.person import code_hash, surname_hash
from portal.access import grants
from portal.access.roles import Role
from portal.world.canaries import Canaries
from portal.world.luck import Luck
from portal.world.net import Area, Post
from portal.world.readers import EVERYTHING, PERSON, Readers

AT_ONCE = 2_000
# Users whose rights are brought in step in one transaction.
USERS_AT_ONCE = 20
# Every fifth case of the first region is the persona's who works on it, so that one list is long.
SHARE = 5
STATES = ("noticed", "assessed", "planned", "running", "running", "running", "closed")
# Numbers are random signs; multiplied round by a prime they come once each.
NUMBERS = len(NUMBER_SIGNS) ** 6
STEP = 387_420_489


@dataclass
class Batch:
    """Rows of some cases, in the order in which they have to be stored."""

    people: list[Person]
    cases: list[Case]
    members: list[TeamMember]
    notes: list[CaseNote]


class MassLoader:
    """Cases with a team of three and two notes each, spread over the regions."""

    def __init__(
        self,
        luck: Luck,
        canaries: Canaries,
        areas: dict[str, Area],
        readers: Readers,
        today: dt.date,
    ):
        self.luck, self.canaries, self.readers, self.today = luck, canaries, readers, today
        self.now = timezone.now()
        self.areas = [areas[letter] for letter in "AABAC"]
        self.taken = set(Case.objects.values_list("number", flat=True))
        self.start = luck.randrange(NUMBERS)
        self.by_role = {
            (area.letter, role): [post for post in area.of(role) if not post.persona]
            for area in self.areas
            for role in (Role.BASE_SUPPORT, Role.CASE_MANAGER, Role.ADDITIONAL_SUPPORT)
        }
        self.long_list = next(post for post in areas["A"].posts if post.persona == "team_member")

    def load(self, number: int, tell: Callable[[int], None]) -> None:
        """Store so many cases; `tell` hears how many stand."""
        for first in range(0, number, AT_ONCE):
            last = min(number, first + AT_ONCE)
            self._store(first, last)
            tell(last)

    @transaction.atomic
    def _store(self, first: int, last: int) -> None:
        batch = Batch([], [], [], [])
        for number in range(first, last):
            self._case(number, batch)
        Person.objects.bulk_create(batch.people)
        Case.objects.bulk_create(batch.cases)
        TeamMember.objects.bulk_create(batch.members)
        CaseNote.objects.bulk_create(batch.notes)
        self.canaries.settle()

    def _case(self, number: int, batch: Batch) -> None:
        area = self.areas[number % len(self.areas)]
        opener, *others = self._team(number, area)
        place = opener.organisation.municipality
        person = Person(
            id=self.luck.uuid(), first_name="Juhtumi", municipality=place, is_sample=True
        )
        state = STATES[number % len(STATES)]
        age = 10 + self.luck.randrange(500)
        opened = self.today - dt.timedelta(days=age)
        case = Case(
            id=self.luck.uuid(),
            number=self._number(number),
            person=person,
            region=area.region,
            municipality=place,
            state=state,
            noticed_on=opened,
            noticing="On vaja abi.",
            next_review=self.today + dt.timedelta(days=self.luck.randrange(-10, 300)),
            opened_at=self.now - dt.timedelta(days=age),
            closed_on=self.today - dt.timedelta(days=5) if state == "closed" else None,
        )
        sees = self._sees([opener, *others])
        self._fill_person(person, case, sees)
        self.canaries.fill(case, sees["noticing"], case.pk)
        batch.people.append(person)
        batch.cases.append(case)
        for post in (opener, *others):
            batch.members.append(self._member(case, post, opener, opened, sees))
        for audience, post in (("team", others[-1]), ("leads", opener)):
            batch.notes.append(self._note(case, post, audience, opened, sees))

    def _team(self, number: int, area: Area) -> list[Post]:
        """Who opened it, the case manager, and somebody who does things with the person."""
        pick = {
            role: posts[number // len(self.areas) % len(posts)]
            for (letter, role), posts in self.by_role.items()
            if letter == area.letter
        }
        opener = pick[Role.BASE_SUPPORT]
        if area.letter == "A" and number % SHARE == 0:
            opener = self.long_list
        return [opener, pick[Role.CASE_MANAGER], pick[Role.ADDITIONAL_SUPPORT]]

    def _sees(self, posts: list[Post]) -> dict[str, tuple[str, ...]]:
        """By part of the case, the personas to whom it is shown."""
        members = [_Seen(post) for post in posts]
        return {part: self.readers.of_team(members, part) for part in EVERYTHING}

    def _number(self, number: int) -> str:
        while True:
            rest, signs = (self.start + number * STEP) % NUMBERS, ""
            for _place in range(6):
                rest, sign = divmod(rest, len(NUMBER_SIGNS))
                signs += NUMBER_SIGNS[sign]
            found = f"{signs[:3]}-{signs[3:]}"
            if found not in self.taken:
                return found
            # One of the first dozen has it: any other that is not on the way will do.
            self.start += 1

    def _fill_person(self, person: Person, case: Case, sees: dict[str, tuple[str, ...]]) -> None:
        for name, part in PERSON.items():
            if name != "personal_code":
                self.canaries.fill(person, sees[part], case.pk, only=(name,))
        code = self.canaries.code()
        person.personal_code = code
        self.canaries.remember(code, person, "personal_code", sees["code"], case.pk)
        person.last_name_hash = surname_hash(person.last_name)
        person.personal_code_hash = code_hash(code)

    def _member(
        self,
        case: Case,
        post: Post,
        by: Post,
        since: dt.date,
        sees: dict[str, tuple[str, ...]],
    ) -> TeamMember:
        member = TeamMember(
            id=self.luck.uuid(),
            case=case,
            position=post.position,
            role=post.position.role,
            state=TeamMember.State.ACCEPTED,
            valid_from=since,
            invited_by=by.user,
            invited_at=self.now,
            answered_at=self.now,
            answered_by=post.user,
            task="aitab",
        )
        self.canaries.fill(member, sees["team"], case.pk)
        return member

    def _note(
        self,
        case: Case,
        post: Post,
        audience: str,
        since: dt.date,
        sees: dict[str, tuple[str, ...]],
    ) -> CaseNote:
        note = CaseNote(
            id=self.luck.uuid(),
            case=case,
            kind=CaseNote.Kind.PHONE,
            happened_at=self.now - dt.timedelta(days=5),
            minutes=20,
            text="Rääkisime.",
            audience=audience,
            author=post.user,
            position=post.position,
        )
        part = "notes_team" if audience == "team" else "notes_all"
        self.canaries.fill(note, sees[part], case.pk)
        return note

    def grant(self, users: list[Any], tell: Callable[[int], None]) -> None:
        """Rights and lists of everybody as the services would have left them."""
        for first in range(0, len(users), USERS_AT_ONCE):
            with transaction.atomic():
                grants.sync(users[first : first + USERS_AT_ONCE])
            tell(min(len(users), first + USERS_AT_ONCE))


class _Seen:
    """A post as a member of a team that runs."""

    state = TeamMember.State.ACCEPTED
    valid_until_passed = False
    parts: list[str] = []

    def __init__(self, post: Post) -> None:
        self.position, self.position_id = post.position, post.position.pk
        self.role = post.position.role
