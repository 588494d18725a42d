"""What becomes of a gap, from the first word to the answer. CASE-16, MON-04.

Cases note gaps and meetings answer them; they are blind to each other and meet here. Each step
says whether it may follow on the one before; a step that was made already changes nothing.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Component, LifeDomain
from network.models import Gap, Municipality, Offer, Region
from network.models.gap import month_of


@transaction.atomic
def note_gap(
    *,
    region: Region,
    municipality: Municipality,
    kind: str,
    day: dt.date,
    text: str = "",
    component: Component | None = None,
    domain: LifeDomain | None = None,
) -> Gap:
    """Write down one statement; of `day` only the month is kept. Raises ValidationError.

    The caller has seen to it that `text` names nobody (`network.wording`).
    """
    gap = Gap(
        region=region,
        municipality=municipality,
        kind=kind,
        month=month_of(day),
        text=one_line(text),
        component=component,
        domain=None if component else domain,
    )
    gap.full_clean()
    gap.save()
    return gap


def says(
    gap: Gap,
    *,
    kind: str,
    municipality: Municipality,
    component: Component | None,
    domain: LifeDomain | None,
    text: str,
) -> bool:
    """Is `gap` just this statement? One told earlier with the same key may be another."""
    typed = Gap(
        kind=kind,
        municipality=municipality,
        component=component,
        domain=None if component else domain,
        text=one_line(text),
    )
    names = ("kind", "municipality_id", "component_id", "domain_id", "text")
    return all(getattr(gap, name) == getattr(typed, name) for name in names)


def one_line(text: str) -> str:
    """The text as it is kept: one line, single spaces."""
    return " ".join(text.split())


@transaction.atomic
def take_to_agenda(gap: Gap) -> Gap:
    """It stands on the agenda of a meeting. Raises ValidationError once it is answered."""
    return _step(gap, Gap.State.AGENDA, after=(Gap.State.NEW, Gap.State.AGENDA))


@transaction.atomic
def take_off_agenda(gap: Gap) -> Gap:
    """No meeting has it before it any more; it waits again. Answered ones stay answered."""
    locked = Gap.objects.select_for_update().get(pk=gap.pk)
    if locked.state == Gap.State.AGENDA:
        return _save(locked, state=Gap.State.NEW)
    return locked


@transaction.atomic
def decide_gap(gap: Gap, *, number: str, day: dt.date, answer: str) -> Gap:
    """A meeting decided: the number and the words go back to whoever noted it.

    A later decision takes the place of an earlier one. Raises ValidationError if put aside.
    """
    return _step(
        gap,
        Gap.State.DECIDED,
        after=(Gap.State.NEW, Gap.State.AGENDA, Gap.State.DECIDED),
        decision_number=number,
        decided_on=day,
        answer=answer,
        answered_on=day,
    )


@transaction.atomic
def solve_gap(gap: Gap, *, day: dt.date, answer: str = "", offer: Offer | None = None) -> Gap:
    """What was missing is there now; `offer` is what came of it, if it is one.

    Without words of its own the answer of the decision stays.
    """
    words = {"answer": answer} if answer else {}
    return _step(
        gap,
        Gap.State.SOLVED,
        after=(*Gap.OPEN, Gap.State.SOLVED),
        answered_on=day,
        offer=offer,
        **words,
    )


@transaction.atomic
def put_gap_aside(gap: Gap, *, day: dt.date, answer: str) -> Gap:
    """It is not taken up, and `answer` says why. Raises ValidationError without a reason."""
    if not answer.strip():
        raise ValidationError(
            {"answer": _("Say why it is put aside: whoever noted it reads this.")}
        )
    return _step(
        gap, Gap.State.ASIDE, after=(*Gap.OPEN, Gap.State.ASIDE), answer=answer, answered_on=day
    )


@transaction.atomic
def reopen_gap(gap: Gap) -> Gap:
    """It waits again, with what was answered before."""
    locked = Gap.objects.select_for_update().get(pk=gap.pk)
    return locked if locked.is_open else _save(locked, state=Gap.State.NEW)


def _step(gap: Gap, state: str, *, after: tuple[str, ...], **fields: object) -> Gap:
    locked = Gap.objects.select_for_update().get(pk=gap.pk)
    if locked.state not in after:
        raise ValidationError(
            _("This gap is %(state)s already.") % {"state": locked.get_state_display()}
        )
    return _save(locked, state=state, **fields)


def _save(gap: Gap, **fields: object) -> Gap:
    for name, value in fields.items():
        setattr(gap, name, value)
    gap.version += 1
    gap.full_clean()
    gap.save()
    return gap
