"""The first dozen cases, through the services by the people themselves, with everything in them."""

import datetime as dt
import io
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from network.cases.models import BreakGlass, Case, CaseNote, CaseNoteFile, TeamMember
from network.cases.services.break_glass import break_glass, end_break_glass, judge_break_glass
from network.cases.services.changing import change_case
from network.cases.services.gaps import add_case_gap
from network.cases.services.links import add_case_link
from network.cases.services.notes import NoteText, add_case_note
from network.cases.services.opening import Noticing, open_case
from network.cases.services.team import answer_invitation, end_membership, invite_team_member
from network.services.people import close_account, sync_position
from portal.access.roles import Role
from portal.accounts.models import User
from portal.base.uploads import CleanFile, clean_upload
from portal.world.canaries import Canaries
from portal.world.luck import Luck
from portal.world.net import Area, People, Post
from portal.world.personas import NOBODY

# Long enough ago for everything that has happened since.
OPENED_AGO = 200
JOINED_AGO = 150


@dataclass
class Story:
    """A case and the ids of what stands in it, named as in addresses."""

    key: str
    area: Area
    case: Case
    ids: dict[str, Any]


@dataclass
class Cast:
    """Who opens a case and who joins it: the first one sees everything."""

    opener: Post
    team: list[tuple[Post, list[str]]]


class StoryLoader:
    """Twelve cases: A1, A2, A3 and the like are named in `personas`, the others are company."""

    def __init__(
        self,
        luck: Luck,
        canaries: Canaries,
        areas: dict[str, Area],
        people: People,
        today: dt.date,
    ):
        self.luck, self.canaries, self.areas = luck, canaries, areas
        self.people, self.today = people, today
        self.by_persona = {
            post.persona: post for area in areas.values() for post in area.posts if post.persona
        }

    def load(self, number: int) -> dict[str, Story]:
        """The first `number` of them."""
        return {
            key: self._story(key, self.areas[key[0]], cast)
            for key, cast in list(self._casts().items())[:number]
        }

    def end(self, stories: dict[str, Story]) -> None:
        """Last of all: who is on the team no longer, one of them since a second ago."""
        case = stories["A1"].case
        opener = self.by_persona["team_member"].user
        for key in ("disabled_former_member", "removed_member"):
            if key == "disabled_former_member":
                close_account(self.by_persona[key].user)
            member = case.team.get(position=self.by_persona[key].position)
            end_membership(member, by=opener, key=self.luck.uuid())

    def _casts(self) -> dict[str, Cast]:
        a, b, c = (self.areas[letter] for letter in "ABC")
        who = self.by_persona
        by_letter: dict[str, Cast] = {
            "A1": Cast(
                who["team_member"],
                [
                    (who["without_second_factor"], []),
                    (who["removed_member"], []),
                    (who["disabled_former_member"], []),
                    (who["partner"], ["contact"]),
                    (a.of(Role.CASE_MANAGER)[0], []),
                ],
            ),
            "A2": Cast(
                who["same_organisation"],
                [
                    (who["partner_elsewhere"], ["contact", "notes", "team"]),
                    (a.of(Role.ADDITIONAL_SUPPORT, place=2)[0], []),
                ],
            ),
            "B1": Cast(who["other_region"], [(b.of(Role.ADDITIONAL_SUPPORT)[0], [])]),
            "A3": _cast(a, 1),
            "B2": _cast(b, 1),
            "C1": _cast(c, 0),
        }
        more = [("A4", a, 2), ("B3", b, 2), ("C2", c, 1), ("A5", a, 3), ("B4", b, 3), ("C3", c, 2)]
        return by_letter | {key: _cast(area, place) for key, area, place in more}

    @transaction.atomic
    def _story(self, key: str, area: Area, cast: Cast) -> Story:
        case = self._open(key, area, cast.opener)
        by = cast.opener.user
        for post, parts in cast.team:
            self._join(case, post, by, parts)
        invited = self._invite(case, area, by)
        self._set_back(case)
        note, file = self._notes(case, cast)
        gap = add_case_gap(
            case,
            kind="far",
            municipality=case.municipality,
            by=by,
            key=self.luck.uuid(),
            text=f"lähim rühm on liiga kaugel {self.canaries.draw()}",
        )
        link = add_case_link(
            case,
            language="et",
            days=14,
            by=by,
            key=self.luck.uuid(),
            email=f"{self.canaries.draw()}@kanaari.example",
        )
        look = self._look_into(case, area, cast)
        change_case(
            case,
            state=Case.State.RUNNING,
            next_review=self.today + dt.timedelta(days=self.luck.randrange(5, 90)),
            noticing=case.noticing,
            version=case.version,
            by=by,
            key=self.luck.uuid(),
        )
        ids = {
            "case_id": case.pk,
            "member_id": invited.pk,
            "note_id": note.pk,
            "file_id": file.pk,
            "look_id": look.pk,
            "link_id": link.pk,
            "gap_id": gap.gap_id,
        }
        return Story(key, area, case, ids)

    def _open(self, key: str, area: Area, opener: Post) -> Case:
        draw = self.canaries.draw
        noticing = Noticing(
            first_name=f"Juhtumi {draw()}",
            last_name=f"Inimene{key} {draw()}",
            municipality=opener.organisation.municipality,
            noticed_on=self.today - dt.timedelta(days=OPENED_AGO),
            noticed_how=Case.Noticed.WORKER,
            personal_code=self.canaries.code(),
            phone=f"5990 {draw()}",
            email=f"{draw()}@kanaari.example",
            address=f"Talu {draw()}",
            text=f"Ei ole uksest väljas käinud, {draw()}.",
        )
        case = open_case(noticing, position=opener.position, by=opener.user, key=self.luck.uuid())
        case.person.is_sample = True
        case.person.save(update_fields=["is_sample"])
        return case

    def _join(self, case: Case, post: Post, by: User, parts: list[str]) -> TeamMember:
        role = post.position.role
        until = self.today + dt.timedelta(days=90) if role == Role.PARTNER else None
        member = invite_team_member(
            case,
            position=post.position,
            role=role,
            by=by,
            key=self.luck.uuid(),
            task=f"aitab hommikuti {self.canaries.draw()}",
            parts=parts,
            valid_until=until,
        )
        return answer_invitation(member, accept=True, by=post.user)

    def _invite(self, case: Case, area: Area, by: User) -> TeamMember:
        """Asked, and nobody has answered yet: on no team before that."""
        posts = [post for post in area.of(Role.ADDITIONAL_SUPPORT) if not post.persona]
        taken = set(case.team.values_list("position_id", flat=True))
        post = next(post for post in reversed(posts) if post.position.pk not in taken)
        return invite_team_member(
            case,
            position=post.position,
            role=Role.ADDITIONAL_SUPPORT,
            by=by,
            key=self.luck.uuid(),
            task=f"on palutud {self.canaries.draw()}",
        )

    def _set_back(self, case: Case) -> None:
        """Work began long before today; the last days of partners stay."""
        opened = self._moment(OPENED_AGO)
        Case.objects.filter(pk=case.pk).update(opened_at=opened)
        for member in case.team.select_related("position"):
            ago = OPENED_AGO if member.position.pk == self._first(case) else JOINED_AGO
            TeamMember.objects.filter(pk=member.pk).update(
                valid_from=self.today - dt.timedelta(days=ago),
                invited_at=self._moment(ago + 2),
                answered_at=self._moment(ago) if member.answered_at else None,
            )
            sync_position(member.position)

    def _first(self, case: Case) -> uuid.UUID:
        return case.team.order_by("invited_at").values_list("position_id", flat=True)[0]

    def _moment(self, days_ago: int, hour: int = 12) -> dt.datetime:
        day = self.today - dt.timedelta(days=days_ago)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))

    def _notes(self, case: Case, cast: Cast) -> tuple[CaseNote, CaseNoteFile]:
        """Of each audience, of a member besides, one with files and one that corrects another."""
        opener = cast.opener
        note = self._note(case, opener, 60, CaseNote.Audience.TEAM, self._files(case))
        self._note(case, opener, 40, CaseNote.Audience.LEADS)
        helper = next(
            (post for post, _ in cast.team if post.position.role == Role.ADDITIONAL_SUPPORT),
            opener,
        )
        wrong = self._note(case, helper, 30, CaseNote.Audience.LEADS)
        self._note(case, helper, 30, CaseNote.Audience.LEADS, corrects=wrong)
        return note, CaseNoteFile.objects.filter(note=note).order_by("created_at", "pk")[0]

    def _note(
        self,
        case: Case,
        post: Post,
        days_ago: int,
        audience: str,
        files: tuple[CleanFile, ...] = (),
        corrects: CaseNote | None = None,
    ) -> CaseNote:
        draw = self.canaries.draw
        return add_case_note(
            case,
            NoteText(
                kind=CaseNote.Kind.VISIT,
                happened_at=self._moment(days_ago, 10),
                minutes=45,
                text=f"Rääkisime hommikutest, {draw()}.",
                audience=audience,
                place=f"köök {draw()}",
                with_whom=f"ema {draw()}",
                files=files,
            ),
            by=post.user,
            key=self.luck.uuid(),
            corrects=corrects,
        )

    def _files(self, case: Case) -> tuple[CleanFile, ...]:
        """A text with a canary inside, and a picture whose own notes must not survive."""
        inside = self.canaries.draw()
        text = CleanFile(
            f"kiri {self.canaries.draw()}.txt",
            ContentFile(f"Faili sisu {inside}\n".encode()),
            "text/plain; charset=utf-8",
        )
        hidden = self.canaries.draw()
        # Nobody may find it anywhere: it was taken out of the picture when it came.
        self.canaries.remember(hidden, case, "(EXIF of an uploaded picture)", NOBODY, case.pk)
        picture = SimpleUploadedFile(f"pilt {self.canaries.draw()}.jpg", _photograph(hidden))
        return text, clean_upload(picture)

    def _look_into(self, case: Case, area: Area, cast: Cast) -> BreakGlass:
        """In an emergency, over again, and judged by the auditor."""
        on_team = set(case.team.values_list("position_id", flat=True))
        posts = [*area.of(Role.CASE_MANAGER), *area.of(Role.BASE_SUPPORT)]
        post = next(
            post for post in reversed(posts) if post.position.pk not in on_team and not post.persona
        )
        opened = break_glass(
            number=case.number,
            reason=f"Uks oli lahti ja keegi ei vastanud {self.canaries.draw()}",
            position=post.position,
            by=post.user,
            key=self.luck.uuid(),
        )
        end_break_glass(opened, by=post.user)
        # The limit of a day is for people; in this world all happened long ago.
        began = self._moment(20 + self.luck.randrange(20))
        BreakGlass.objects.filter(pk=opened.pk).update(
            started_at=began, ends_at=began + dt.timedelta(minutes=30)
        )
        return judge_break_glass(
            BreakGlass.objects.get(pk=opened.pk),
            verdict=BreakGlass.Verdict.FOLLOW_UP,
            text=f"Küsida juurde {self.canaries.draw()}",
            by=self.people.users["auditor"],
        )


def _cast(area: Area, place: int) -> Cast:
    openers = [post for post in area.of(Role.BASE_SUPPORT, place=place) if not post.persona]
    helpers = [post for post in area.of(Role.ADDITIONAL_SUPPORT, place=place) if not post.persona]
    return Cast(openers[0], [(helpers[0], [])])


def _photograph(words: str) -> bytes:
    """A small picture that says in its EXIF data and in its comment who took it."""
    out = io.BytesIO()
    picture = Image.new("RGB", (8, 8), "white")
    exif = picture.getexif()
    exif[0x010E] = exif[0x013B] = words  # what it shows, and who took it
    picture.save(out, format="JPEG", exif=exif, comment=words.encode())
    return out.getvalue()
