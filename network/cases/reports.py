"""My cases and what is due, as plain rows. Names are opened row by row.

The list reads one page of the access table and then asks the policy's rows for it, so it costs
the same from ten to a hundred thousand cases and shows nothing that the case page would refuse.
"""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from network.cases.models import Case, CaseListing, Person, TeamMember
from network.cases.models.case import NO_REVIEW, NUMBER_SIGNS
from network.cases.models.person import code_hash, surname_hash
from network.cases.sight import Sight, sight_of, widest
from network.models import (
    Holding,
    Municipality,
    Organisation,
    RegionMembership,
    RegionMunicipality,
)
from network.reports.places import places
from portal.access.roles import Role
from portal.base.periods import valid_on_q

PAGE_SIZE = 30
# Counting further would cost more than anybody would read.
COUNTED = 1000
FOUND_AT_MOST = 50
# Names stand encrypted: a first name is looked for among so many of my cases, the next due first.
READ_AT_MOST = 300
A_NUMBER = re.compile(rf"([{NUMBER_SIGNS}]{{3}})-?([{NUMBER_SIGNS}]{{3}})")


@dataclass(frozen=True)
class CaseChoice:
    """What the list shows. `state`: "" open ones, "all", or a state; the rest as it says."""

    state: str = ""
    municipality: str = ""
    overdue: bool = False
    sort: str = "review"
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None


@dataclass(frozen=True)
class CaseRow:
    """A case as the reader may see it in a list; name and place are empty where they may not."""

    case: Case
    sight: Sight
    organisation: Organisation
    day: dt.date

    @property
    def role(self) -> str:
        return self.sight.role

    @property
    def role_name(self) -> str:
        return str(Role(self.sight.role).label)

    @property
    def name(self) -> str:
        return self.case.person.name if "contact" in self.sight else ""

    @property
    def initials(self) -> str:
        return self.case.person.initials if "contact" in self.sight else ""

    @property
    def place(self) -> str:
        return self.case.municipality.name if "contact" in self.sight else ""

    @property
    def next_review(self) -> dt.date | None:
        return None if self.case.state == Case.State.CLOSED else self.case.next_review

    @property
    def is_today(self) -> bool:
        return self.next_review == self.day

    @property
    def is_overdue(self) -> bool:
        return self.next_review is not None and self.next_review < self.day


@dataclass(frozen=True)
class CasePage:
    """One page. `total` stops at COUNTED; `before`, `after` are the keys of the pages around."""

    rows: list[CaseRow]
    total: int
    before: uuid.UUID | None = None
    after: uuid.UUID | None = None

    @property
    def is_more_than_counted(self) -> bool:
        return self.total > COUNTED

    @property
    def counted(self) -> int:
        return min(self.total, COUNTED)


def my_cases(user: Any, visible: QuerySet[Case], choice: CaseChoice, day: dt.date) -> CasePage:
    """A page of the cases that `user` works on or leads; `visible` are the policy's rows."""
    mine = _chosen(_listed(user, day), choice, day)
    total = mine.values("pk")[: COUNTED + 1].count()
    key = "number" if choice.sort == "number" else "next_review"
    # The one index is read forwards or backwards from the row at the edge of the page before.
    edge = choice.after or choice.before
    mark = CaseListing.objects.filter(user_id=user.pk, case_id=edge).first() if edge else None
    backwards = mark is not None and choice.after is None
    if mark:
        mine = mine.filter(_beyond(mark, key, backwards))
    order = [key] if key == "number" else [key, "number"]
    mine = mine.order_by(*(f"-{name}" if backwards else name for name in order))
    ids = list(mine.values_list("case_id", flat=True)[: PAGE_SIZE + 1])
    is_more = len(ids) > PAGE_SIZE
    ids = ids[:PAGE_SIZE]
    if backwards:
        ids.reverse()
    has_before, has_after = (is_more, True) if backwards else (mark is not None, is_more)
    return CasePage(
        rows=rows_of(user, visible, ids, day),
        total=total,
        before=ids[0] if ids and has_before else None,
        after=ids[-1] if ids and has_after else None,
    )


def _listed(user: Any, day: dt.date) -> QuerySet[CaseListing]:
    return CaseListing.objects.filter(valid_on_q(day), user_id=user.pk)


def _chosen(
    listed: QuerySet[CaseListing], choice: CaseChoice, day: dt.date
) -> QuerySet[CaseListing]:
    if choice.state == "":
        listed = listed.filter(next_review__lt=NO_REVIEW)
    elif choice.state != "all":
        listed = listed.filter(state=choice.state)
    if choice.overdue:
        listed = listed.filter(next_review__lt=day)
    if choice.municipality:
        place = places().by_slug.get(choice.municipality)
        listed = listed.filter(municipality_id=place.id) if place else listed.none()
    return listed


def _beyond(mark: CaseListing, key: str, backwards: bool) -> Q:
    """The rows after `mark` in the order of the list, or before it."""
    side = "lt" if backwards else "gt"
    number = Q(**{f"number__{side}": mark.number})
    if key == "number":
        return number
    # Said twice so that the database sees a range of its index.
    return Q(**{f"{key}__{side}e": mark.next_review}) & (
        Q(**{f"{key}__{side}": mark.next_review}) | Q(next_review=mark.next_review) & number
    )


def rows_of(
    user: Any, visible: QuerySet[Case], ids: list[uuid.UUID], day: dt.date
) -> list[CaseRow]:
    """The cases of `ids` that `user` may see, in that order, each with its own sight."""
    cases = {
        case.pk: case
        for case in visible.filter(pk__in=ids).select_related("person", "municipality")
    }
    sights = _sights(user, ids, day)
    return [CaseRow(cases[pk], *sights[pk], day) for pk in ids if pk in cases and pk in sights]


def _sights(
    user: Any, ids: list[uuid.UUID], day: dt.date
) -> dict[uuid.UUID, tuple[Sight, Organisation]]:
    """What `user` sees of each case and for which organisation: by the team, else as its lead."""
    held = Holding.objects.valid_on(day).filter(user_id=user.pk)
    led = held.filter(position__role=Role.ORGANISATION_LEAD).values("position__organisation_id")
    mine = Exists(held.filter(position_id=OuterRef("position_id")))
    members: dict[uuid.UUID, list[TeamMember]] = {}
    found: dict[uuid.UUID, tuple[Sight, Organisation]] = {}
    for member in (
        TeamMember.objects.accepted()
        .valid_on(day)
        .filter(case_id__in=ids)
        .annotate(is_mine=mine)
        .filter(Q(is_mine=True) | Q(position__organisation_id__in=led))
        .select_related("position__organisation")
    ):
        outline = (sight_of(Role.ORGANISATION_LEAD), member.position.organisation)
        found.setdefault(member.case_id, outline)
        if member.is_mine:
            members.setdefault(member.case_id, []).append(member)
    for case_id, several in members.items():
        if best := widest(several):
            found[case_id] = (sight_of(best.role, best.parts), best.position.organisation)
    return found


def find_cases(user: Any, visible: QuerySet[Case], words: str, day: dt.date) -> list[CaseRow]:
    """My cases with exactly this number, name or personal code, each as far as I may know it.

    A name is the first or the last name, or both in either order. Whoever may not see a name or
    a code does not find by it either: a hit would tell.
    """
    typed = " ".join(words.split())
    number = A_NUMBER.fullmatch(typed.upper())
    mine = CaseListing.objects.filter(valid_on_q(day), user_id=user.pk).order_by("number")
    asked: list[tuple[str, Q]] = []
    if number:
        asked.append(("outline", Q(number=f"{number[1]}-{number[2]}")))
    digits = typed.replace(" ", "")
    is_code = len(digits) == 11 and digits.isdigit()
    if is_code:
        asked.append(("code", Q(case__person__personal_code_hash=code_hash(digits))))
    found: dict[uuid.UUID, CaseRow] = {}
    for part, condition in asked:
        ids = list(mine.filter(condition).values_list("case_id", flat=True)[:FOUND_AT_MOST])
        for row in rows_of(user, visible, ids, day):
            if part in row.sight:
                found[row.case.pk] = row
    if typed and not is_code:
        for row in rows_of(user, visible, _maybe_named(mine, typed), day):
            if "contact" in row.sight and _is_named(row.case.person, typed):
                found.setdefault(row.case.pk, row)
    return list(found.values())[:FOUND_AT_MOST]


def _maybe_named(listed: QuerySet[CaseListing], typed: str) -> list[uuid.UUID]:
    """Of `listed` those whose surname is `typed` or one end of it, and the next due ones."""
    words = typed.split()
    parts = {typed} | {" ".join(words[:n]) for n in range(1, len(words))}
    parts |= {" ".join(words[n:]) for n in range(1, len(words))}
    mine = listed.filter(municipality__isnull=False)
    surnames = mine.filter(case__person__last_name_hash__in={surname_hash(one) for one in parts})
    ids = list(surnames.order_by("number").values_list("case_id", flat=True)[:FOUND_AT_MOST])
    ids += mine.order_by("next_review", "number").values_list("case_id", flat=True)[:READ_AT_MOST]
    return list(dict.fromkeys(ids))


def _is_named(person: Person, typed: str) -> bool:
    first, last = person.first_name, person.last_name
    names = (first, last, f"{first} {last}", f"{last} {first}")
    return surname_hash(typed) in {surname_hash(name) for name in names if name.strip()}


def only_outlines(user: Any, day: dt.date) -> bool:
    """Does `user` know of none of their cases whom it is about? Then no name finds anything."""
    return not _listed(user, day).filter(municipality__isnull=False).exists()


def my_municipalities(user: Any, day: dt.date) -> QuerySet[Municipality]:
    """The municipalities of the regions in which an organisation of mine works."""
    held = Holding.objects.valid_on(day).filter(user_id=user.pk)
    regions = RegionMembership.objects.valid_on(day).filter(
        organisation_id__in=held.values("position__organisation_id")
    )
    places_of_regions = RegionMunicipality.objects.valid_on(day).filter(
        region_id__in=regions.values("region_id")
    )
    return Municipality.objects.filter(pk__in=places_of_regions.values("municipality_id")).order_by(
        "name"
    )


@dataclass(frozen=True)
class DueReviews:
    """Reviews that are late, today or within the week; `total` stops at COUNTED."""

    rows: list[CaseRow]
    total: int


def due_reviews(user: Any, visible: QuerySet[Case], day: dt.date, size: int = 12) -> DueReviews:
    """The next reviews of my open cases up to a week from `day`, the latest first."""
    due = _listed(user, day).filter(next_review__lte=day + dt.timedelta(days=7))
    ids = due.order_by("next_review", "number").values_list("case_id", flat=True)[:size]
    total = due.values("pk")[: COUNTED + 1].count()
    return DueReviews(rows_of(user, visible, list(ids), day), total)
