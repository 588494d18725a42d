"""Which services the finder puts on its short list, in which order, and why."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models.component import Audience, Kind
from home.reports.chosen import Facts, facts_rows
from home.reports.finder_words import Answers, chosen_domains, hards
from home.visit import Visit
from network.models import Offer
from portal.base.memo import per_statement

SHORT_LIST = 5
BASE_SHOWN = 2


@dataclass(frozen=True)
class Candidate:
    """A service that fits, before anything of it is read but what the choice needs."""

    page_id: int
    domain: str
    audience: str
    is_group: bool
    facts: Facts
    order: int

    def meets(self, how: str) -> bool:
        """Is it given that way, near home if that is known?"""
        facts = self.facts
        return bool(
            {
                "home": facts.at_home,
                "remote": facts.remote,
                "soon": facts.free,
                "group": self.is_group and facts.offers,
            }[how]
        )


def best_of(visit: Visit, answers: Answers, pages: Any) -> tuple[list[Candidate], list[int]]:
    """The services of the short list, best first, and the keys of base support."""
    rows = facts_rows(visit, Offer.objects.all())
    facts = {pk: Facts(*numbers) for pk, *numbers in per_statement(rows, lambda: list(rows))}
    slugs = chosen_domains(answers)
    candidates: list[Candidate] = []
    base: list[int] = []
    fits = Q(component__kind=Kind.BASE) | Q(component__domain__slug__in=slugs)
    if answers.who == "close":
        fits |= Q(component__audience=Audience.FAMILY)
    fitting = pages.filter(fits)
    known = fitting.order_by(
        "component__domain__position", "component__position", "pk"
    ).values_list(
        "pk",
        "component_id",
        "component__kind",
        "component__domain__slug",
        "component__audience",
        "component__is_group",
    )
    for order, (pk, component, kind, domain, audience, is_group) in enumerate(known):
        if kind == Kind.BASE:
            base.append(pk)
        else:
            one = Candidate(pk, domain, audience, is_group, facts.get(component, Facts()), order)
            candidates.append(one)
    candidates.sort(key=lambda one: (-_score(answers, one, slugs), one.order))
    return _every_domain_first(candidates, slugs), base[:BASE_SHOWN]


def _score(answers: Answers, one: Candidate, slugs: list[str]) -> int:
    score = 4 if one.domain in slugs else 0
    is_family = one.audience == Audience.FAMILY
    if answers.who != "work" and is_family == (answers.who == "close"):
        score += 2
    score += sum(2 for how in answers.how if one.meets(how))
    return score + bool(one.facts.offers)


def _every_domain_first(candidates: list[Candidate], slugs: list[str]) -> list[Candidate]:
    """The best of each chosen life domain stays on the list, the rest is filled up by rank."""
    firsts = [next((one for one in candidates if one.domain == slug), None) for slug in slugs]
    kept = [one for one in firsts if one is not None][:SHORT_LIST]
    for one in candidates:
        if len(kept) < SHORT_LIST and one not in kept:
            kept.append(one)
    return sorted(kept, key=candidates.index)


def reasons_for(visit: Visit, answers: Answers, one: Candidate, met: list[str]) -> list[str]:
    """Why `one` is on the list, in sentences that begin with “because”; `met`: wishes it meets."""
    place = visit.municipality
    plain = {option.value: option.label for option in hards(()) if option.domain}
    reasons = []
    if one.domain in answers.hard:
        reasons.append(_("because you chose “%(choice)s”") % {"choice": plain[one.domain]})
    elif one.domain in chosen_domains(answers):
        reasons.append(_("because it is very hard right now"))
    if answers.who == "close" and one.audience == Audience.FAMILY:
        reasons.append(_("because it is meant for family and friends"))
    words = {
        "home": _("because somebody comes home"),
        "group": _("because it is given in a group too"),
        "remote": _("because it is given by phone or online too"),
        "soon": _("because a place is free now"),
    }
    reasons += [words[how] for how in met]
    if place and one.facts.offers:
        reasons.append(
            ngettext(
                "because there is %(n)s offer near %(place)s",
                "because there are %(n)s offers near %(place)s",
                one.facts.offers,
            )
            % {"n": one.facts.offers, "place": place.name}
        )
    return reasons
