"""What a case has told the region, and what the region answered. CASE-16."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.text import capfirst

from network.cases.models import Case, CaseGap
from network.cases.policies import CaseGapPolicy, CasePolicy
from network.models import Gap

ANSWERS_SHOWN = 10
# How pressing each state is, in the words of the pieces (templates/ui).
TONES = {
    Gap.State.NEW: "",
    Gap.State.AGENDA: "watch",
    Gap.State.DECIDED: "",
    Gap.State.SOLVED: "good",
    Gap.State.ASIDE: "",
}


@dataclass(frozen=True)
class GapAnswer:
    """A gap with what became of it; nothing of the case, so it may stand on a desk."""

    noted: CaseGap
    # Only for a reader who sees the case it came from.
    links_case: bool = False

    @property
    def gap(self) -> Gap:
        return self.noted.gap

    @property
    def title(self) -> str:
        """What it is about, else what is the matter."""
        subject = self.gap.subject
        return subject.name if subject else capfirst(str(self.gap.get_kind_display()))

    @property
    def tone(self) -> str:
        return TONES[Gap.State(self.gap.state)]

    @property
    def mark(self) -> str:
        """What the form sends back once it was read."""
        return f"{self.noted.pk}:{self.gap.version}"


def gaps_of(case: Case) -> list[GapAnswer]:
    """What `case` has told the region, the last one first. For whoever may read it there."""
    return _answers(CaseGap.objects.filter(case=case).order_by("-noted_at", "pk"))


def answered_gaps(user: Any, day: dt.date, limit: int = ANSWERS_SHOWN) -> list[GapAnswer]:
    """What I noted and the region has answered since I looked; it names no case.

    Whoever lost the case meanwhile still learns what became of the gap; the others get a way to it.
    """
    mine = CaseGapPolicy.rows(user, "see", day).annotate(
        is_visible=Exists(CasePolicy.rows(user, "view", day).filter(pk=OuterRef("case_id")))
    )
    return _answers(
        mine.filter(gap__version__gt=F("seen_version")).order_by("-gap__answered_on", "pk")[:limit]
    )


def _answers(noted: QuerySet[CaseGap]) -> list[GapAnswer]:
    with_words = noted.select_related(
        "gap__component",
        "gap__domain",
        "gap__municipality",
        "gap__offer__component",
        "gap__offer__resource__organisation",
    )
    return [GapAnswer(one, bool(getattr(one, "is_visible", False))) for one in with_words]
