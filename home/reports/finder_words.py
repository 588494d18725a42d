"""What the finder asks, and the answers: the words of the questions and what the address says."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from home.reports.domains import DomainRow, domains

CRISIS, UNSURE = "crisis", "unsure"
# The life domain of support in extraordinary situations (CAT-18).
CRISIS_DOMAIN = "personaalne-toetus"

WHOM = {
    "self": (_lazy("I need help myself"), _lazy("For you and your own life.")),
    "close": (
        _lazy("Somebody close to me needs help"),
        _lazy("A child, a parent, a partner, a friend. There is help for you too."),
    ),
    "work": (
        _lazy("I help people in my work"),
        _lazy("At a municipality, a family doctor’s, a school, a hospital or elsewhere."),
    ),
}
HOWS = {
    "home": _lazy("at home: somebody comes to me"),
    "group": _lazy("in a group, together with others"),
    "remote": _lazy("by phone or on the computer"),
    "soon": _lazy("quickly: a place should be free now"),
}
# Of the same for whoever asks about somebody else.
HOWS_OF_OTHERS = {"home": _lazy("at home: somebody comes to the person")}
# What the life domains of the starter content are in the words of whoever has the trouble. A
# domain that editors add later is called by its name and its summary.
PLAIN = {
    "vaimne-tervis": _lazy("Mood, thoughts or an illness make life hard"),
    "igapaevaeluga-toimetulek": _lazy("Everyday things do not get done: home, food, money"),
    "hoivatus": _lazy("There is no work, school or anything to do in the day"),
    "pere-toetamine": _lazy("The family is worried or tired and needs advice or rest"),
    "fuusiline-tervis": _lazy("The body and physical health: moving, eating, sleeping"),
    "personaalne-toetus": _lazy("Things sometimes get so bad that nothing works any more"),
    "sotsiaalsed-suhted": _lazy("Loneliness, or relations with others are difficult"),
    "eluase": _lazy("The home: nowhere to live, or it does not suit"),
    "vaba-aeg-ja-huvitegevus": _lazy("There is nothing that gives joy: hobbies and free time"),
}


@dataclass(frozen=True)
class Option:
    """One answer that can be given; `tag` is the official name of what stands behind it."""

    value: str
    label: str
    hint: str = ""
    url: str = ""
    is_on: bool = False
    domain: DomainRow | None = None


@dataclass
class Answers:
    """What the address says, unknown values left out."""

    who: str = ""
    hard: list[str] = field(default_factory=list)
    how: list[str] = field(default_factory=list)
    place: str | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        pairs = [("who", self.who)] if self.who else []
        pairs += [("hard", value) for value in self.hard]
        if self.place is not None:
            pairs.append(("municipality", self.place))
        return pairs + [("how", value) for value in self.how]

    def without(self, *names: str) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.pairs if name not in names]


def how_words(answers: Answers) -> dict[str, str]:
    """The ways in which help can be given, in words that fit whom it is for."""
    others = {} if answers.who == "self" else HOWS_OF_OTHERS
    return {value: str(others.get(value, label)) for value, label in HOWS.items()}


def hards(on: Iterable[str]) -> list[Option]:
    """What can be hard: what cannot wait first, then the life domains, then not knowing."""
    on = set(on)
    rows = [
        Option(
            row.slug,
            str(PLAIN.get(row.slug, row.name)),
            hint=row.name if row.slug in PLAIN else row.summary,
            is_on=row.slug in on,
            domain=row,
        )
        for row in domains()
    ]
    return [
        Option(
            CRISIS,
            _("It is very hard right now, or somebody may be in danger"),
            is_on=CRISIS in on,
        ),
        *rows,
        Option(
            UNSURE,
            _("I cannot say"),
            _("That is all right: somebody will listen."),
            is_on=UNSURE in on,
        ),
    ]


def chosen_domains(answers: Answers) -> list[str]:
    slugs = [row.slug for row in domains() if row.slug in answers.hard]
    if CRISIS in answers.hard and CRISIS_DOMAIN not in slugs:
        slugs += [row.slug for row in domains() if row.slug == CRISIS_DOMAIN]
    return slugs
