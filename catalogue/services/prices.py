"""Reference prices and ceilings: one ends, the next begins, what held before stays. CAT-06 … 12.

    set_price(component=c, form="individual", round=r, net=Decimal("35"), vat_rate=None,
              valid_from=day, by=user)
    set_cap(domain=d, round=r, yearly=Decimal("2280"), valid_from=day, by=user)

Both run in one transaction and raise ValidationError with the names of their own arguments, or
PermissionDenied. The same call twice changes nothing.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from catalogue.calculator import CENT, gross_of, net_of
from catalogue.models import Cap, Component, LifeDomain, Price, Round
from catalogue.policies import RoundPolicy
from portal.accounts.models import User

Dated = TypeVar("Dated", Price, Cap)


@transaction.atomic
def set_price(
    *,
    component: Component,
    form: str,
    round: Round,  # noqa: A002 - the word of the model
    net: Decimal | None,
    vat_rate: Decimal | None,
    gross: Decimal | None = None,
    valid_from: dt.date,
    by: User,
    source: str = "",
    correct: bool = False,
) -> Price:
    """The reference price of an hour in `form` from `valid_from` on; the one before it ends.

    Euros with at most two decimals; `vat_rate` in per cent, None where exempt. Of `net` and
    `gross` one may be None and is worked out. It holds until the next price or the end of the
    round. A price that begins on the very day already is an error, unless `correct` says that
    it was wrong; the same values again change nothing.
    """
    ask(by, round)
    _check_amounts(net=net, vat_rate=vat_rate, gross=gross)
    if net is None and gross is None:
        raise ValidationError({"net": _("Write the price.")})
    if net is None:
        net = net_of(gross or Decimal(0), vat_rate)
    elif gross is None:
        gross = gross_of(net, vat_rate)
    if form not in component.forms:
        raise ValidationError(
            {
                "form": _("“%(component)s” is not given in this form.")
                % {"component": component.name}
            }
        )
    _inside(round, valid_from)
    _hold(component, round.pk)
    rows = Price.objects.filter(component=component, form=form)
    values = {"round": round, "net": net, "vat_rate": vat_rate, "gross": gross}
    new = Price(component=component, form=form, valid_from=valid_from, source=source, **values)
    return _put(new, rows, values, correct)


@transaction.atomic
def set_cap(
    *,
    round: Round,  # noqa: A002
    yearly: Decimal,
    monthly: Decimal | None = None,
    valid_from: dt.date,
    by: User,
    component: Component | None = None,
    domain: LifeDomain | None = None,
    source: str = "",
    correct: bool = False,
) -> Cap:
    """The ceiling of a component or of a whole life domain from `valid_from` on, with VAT.

    Euros with at most two decimals; `monthly` is the reference that single months may exceed.
    Everything else as in `set_price`.
    """
    ask(by, round)
    owner = component or domain
    if owner is None or (component and domain):
        raise ValidationError(_("Choose either a component or a life domain."))
    _check_amounts(yearly=yearly, monthly=monthly)
    _inside(round, valid_from)
    _hold(owner, round.pk)
    rows = Cap.objects.filter(component=component, domain=domain)
    values = {"round": round, "monthly": monthly, "yearly": yearly}
    new = Cap(component=component, domain=domain, valid_from=valid_from, source=source, **values)
    return _put(new, rows, values, correct)


@transaction.atomic
def end_price(*, component: Component, form: str, day: dt.date, by: User) -> None:
    """From `day` on no reference price holds in `form`; one that begins that day is taken out."""
    _end(Price.objects.filter(component=component, form=form), component, day, by)


@transaction.atomic
def end_cap(
    *,
    day: dt.date,
    by: User,
    component: Component | None = None,
    domain: LifeDomain | None = None,
) -> None:
    """From `day` on there is no ceiling. One that begins on that day is taken out."""
    owner = component or domain
    if owner is None or (component and domain):
        raise ValidationError(_("Choose either a component or a life domain."))
    _end(Cap.objects.filter(component=component, domain=domain), owner, day, by)


def _put(new: Dated, rows: QuerySet[Dated], values: dict[str, Any], correct: bool) -> Dated:
    """Put `new` into the chain of `rows`: close the one before, end where the next begins."""
    start = new.valid_from
    same = rows.filter(valid_from=start).select_related("round").first()
    if same and all(getattr(same, name) == value for name, value in values.items()):
        return same
    if same and not correct:
        raise ValidationError(
            {
                "valid_from": _("On %(day)s another one begins already: %(amount)s €.")
                % {"day": _day(start), "amount": _euros(same)}
            }
        )
    if same:
        for name, value in values.items():
            setattr(same, name, value)
        same.source = new.source or same.source
        same.full_clean()
        same.save()
        count_change(new.round)
        return same
    for row in rows.filter(valid_from__lt=start).exclude(valid_until__lte=start):
        row.valid_until = start
        row.save(update_fields=["valid_until"])
    following = rows.filter(valid_from__gt=start).order_by("valid_from").first()
    ends = [following.valid_from if following else None, new.round.valid_until]
    new.valid_until = min((end for end in ends if end), default=None)
    new.full_clean()
    new.save()
    count_change(new.round)
    return new


def _end(rows: QuerySet[Dated], owner: Model, day: dt.date, by: User) -> None:
    running = rows.filter(valid_from__lte=day).exclude(valid_until__lte=day)
    _hold(owner, *running.values_list("round_id", flat=True))
    for row in running.select_related("round"):
        ask(by, row.round)
        if row.valid_from == day:
            row.delete()
        else:
            row.valid_until = day
            row.save(update_fields=["valid_until"])
        count_change(row.round)


def ask(by: User, round_: Round) -> None:
    """Raise PermissionDenied unless `by` may set prices of the round."""
    if not RoundPolicy.allows(by, "price", round_, timezone.localdate()):
        raise PermissionDenied


def count_change(round_: Round) -> None:
    """The table of the round has changed: whoever has it open is told when saving."""
    Round.objects.filter(pk=round_.pk).update(version=F("version") + 1)


def _hold(owner: Model, *rounds: int) -> None:
    """Of two who set prices of the same thing at once the second waits for the first.

    Rounds before owners, always: whoever saves a whole table holds its round already.
    """
    list(Round.objects.filter(pk__in=rounds).order_by("pk").select_for_update().values_list("pk"))
    type(owner)._base_manager.select_for_update().get(pk=owner.pk)


def _inside(round_: Round, day: dt.date) -> None:
    if round_.is_valid_on(day):
        return
    if round_.last_day:
        sentence = _("The round %(round)s lasts from %(first)s to %(last)s.") % {
            "round": round_.name,
            "first": _day(round_.valid_from),
            "last": _day(round_.last_day),
        }
    else:
        sentence = _("The round %(round)s begins on %(first)s.") % {
            "round": round_.name,
            "first": _day(round_.valid_from),
        }
    raise ValidationError({"valid_from": sentence})


def _check_amounts(**amounts: Decimal | None) -> None:
    """Positive, at most two decimals and not absurdly large; a rate of VAT may be nought."""
    errors: dict[str, str] = {}
    for name, amount in amounts.items():
        if amount is None:
            continue
        if not amount.is_finite():
            errors[name] = _("Write a number, such as 35 or 38,50.")
        elif name == "vat_rate":
            if not 0 <= amount <= 99:
                errors[name] = _("VAT is between 0 and 99 per cent.")
            elif amount != amount.quantize(Decimal("0.1")):
                errors[name] = _("VAT has at most one decimal.")
        elif amount <= 0:
            errors[name] = _("The amount must be more than nought.")
        elif amount > 999_999:
            errors[name] = _("The amount is too large.")
        elif amount != amount.quantize(CENT):
            errors[name] = _("An amount has at most two decimals.")
    if errors:
        raise ValidationError(errors)


def _day(day: dt.date) -> str:
    return formats.date_format(day, "d.m.Y")


def _euros(row: Price | Cap) -> str:
    amount = row.gross if isinstance(row, Price) else row.yearly
    return f"{amount:.2f}".replace(".", ",")
