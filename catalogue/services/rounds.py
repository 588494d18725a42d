"""A round as a whole: copied into a new one; its table of prices and ceilings saved in one go."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalogue.models import Cap, Component, LifeDomain, Price, Round
from catalogue.policies import RoundPolicy
from catalogue.services.prices import ask, end_cap, end_price, set_cap, set_price
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict

COPY = "round_copy"
TABLE = "round_table"


@dataclass(frozen=True)
class PriceCell:
    """A changed row of the table: what an hour in `form` shall cost; all None: no price any more.

    `name` is the name of the row in the form; errors come back as `<name>-net` and so on.
    """

    name: str
    component: Component
    form: str
    net: Decimal | None
    vat_rate: Decimal | None
    gross: Decimal | None


@dataclass(frozen=True)
class CapCell:
    """A changed ceiling of a component or a life domain; without `yearly` there is none."""

    name: str
    owner: Component | LifeDomain
    monthly: Decimal | None
    yearly: Decimal | None


@transaction.atomic
def copy_round(
    source: Round,
    *,
    name: str,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    by: User,
    key: uuid.UUID,
) -> Round:
    """A new round with the prices and ceilings that hold at the end of `source`.

    The round that was open until now ends on `valid_from`, and its prices with it. Raises
    PermissionDenied, ValidationError with the field.
    """
    if not RoundPolicy.allows(by, "price", source, timezone.localdate()):
        raise PermissionDenied
    with once(key, purpose=COPY, by=str(by.pk)) as attempt:
        if attempt.is_first:
            attempt.result = str(_copy(source, name, valid_from, valid_until).pk)
    return Round.objects.get(pk=attempt.result)


def _copy(source: Round, name: str, begin: dt.date, end: dt.date | None) -> Round:
    # Two who begin a round at once: the second waits here and then sees the first one's.
    list(Round.objects.select_for_update().values_list("pk"))
    source.refresh_from_db()
    day = source.last_day or begin - dt.timedelta(days=1)
    prices = list(Price.objects.filter(round=source).valid_on(day))
    caps = list(Cap.objects.filter(round=source).valid_on(day))
    for running in Round.objects.filter(valid_until__isnull=True, valid_from__lt=begin):
        _close(running, begin)
    new = Round(slug=_slug(name), name=name, valid_from=begin, valid_until=end)
    try:
        new.full_clean(exclude=["slug"])
    except ValidationError as error:
        if "valid_from" not in error.error_dict:
            raise
        raise ValidationError(
            {"valid_from": _("Another round already covers some of these days.")}
        ) from None
    new.save()
    rows: list[Price | Cap] = [*prices, *caps]
    for row in rows:
        row.pk, row._state.adding = None, True
        row.round, row.valid_from, row.valid_until = new, begin, end
        row.save(force_insert=True)
    return new


def _close(round_: Round, day: dt.date) -> None:
    """The round ends on `day`, with all that runs in it; what had not begun by then never will."""
    for model in (Price, Cap):
        rows = model._default_manager.filter(round=round_)
        for row in rows.filter(valid_from__gte=day):
            row.delete()
        for row in rows.exclude(valid_until__lte=day):
            row.valid_until = day
            row.save(update_fields=["valid_until"])
    round_.valid_until = day
    round_.version += 1
    round_.save(update_fields=["valid_until", "version"])


def _slug(name: str) -> str:
    wanted = slugify(name.replace("–", "-"))[:44] or "voor"
    slug, number = wanted, 1
    while Round.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@transaction.atomic
def save_round_table(
    round_: Round,
    cells: Sequence[PriceCell | CapCell],
    *,
    valid_from: dt.date,
    version: int,
    by: User,
    key: uuid.UUID,
) -> int:
    """Set all `cells` from `valid_from` on, or none of them; returns how many.

    Raises PermissionDenied, VersionConflict, ValidationError with the names of the cells.
    """
    with once(key, purpose=TABLE, by=str(by.pk)) as attempt:
        if attempt.is_first:
            ask(by, round_)
            held = Round.objects.select_for_update().get(pk=round_.pk)
            if held.version != version:
                raise VersionConflict(held)
            _save(held, cells, valid_from, by)
            attempt.result = str(len(cells))
    return int(attempt.result)


def _save(
    round_: Round, cells: Sequence[PriceCell | CapCell], valid_from: dt.date, by: User
) -> None:
    errors: dict[str, list[str]] = {}
    for cell in cells:
        try:
            # A refused cell is taken back alone, so that the others are judged as well.
            with transaction.atomic():
                if isinstance(cell, PriceCell):
                    _save_price(round_, cell, valid_from, by)
                else:
                    _save_cap(round_, cell, valid_from, by)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                named = field if field == "valid_from" else f"{cell.name}-{field}"
                errors.setdefault(named, [])
                errors[named] += [one for one in messages if one not in errors[named]]
    if errors:
        raise ValidationError(errors)


def _save_price(round_: Round, cell: PriceCell, valid_from: dt.date, by: User) -> None:
    if cell.net is None and cell.gross is None:
        end_price(component=cell.component, form=cell.form, day=valid_from, by=by)
        return
    set_price(
        component=cell.component,
        form=cell.form,
        round=round_,
        net=cell.net,
        vat_rate=cell.vat_rate,
        gross=cell.gross,
        valid_from=valid_from,
        by=by,
        correct=True,
    )


def _save_cap(round_: Round, cell: CapCell, valid_from: dt.date, by: User) -> None:
    component = cell.owner if isinstance(cell.owner, Component) else None
    domain = cell.owner if isinstance(cell.owner, LifeDomain) else None
    if cell.yearly is None:
        if cell.monthly is not None:
            raise ValidationError({"yearly": _("A monthly reference needs a yearly ceiling.")})
        end_cap(component=component, domain=domain, day=valid_from, by=by)
        return
    set_cap(
        component=component,
        domain=domain,
        round=round_,
        yearly=cell.yearly,
        monthly=cell.monthly,
        valid_from=valid_from,
        by=by,
        correct=True,
    )
