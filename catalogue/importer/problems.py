"""Why a row cannot be taken over, or what it leaves open: one sentence for each code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# What is wrong with a row; `hint` goes into the place of %(hint)s.
REFUSED: dict[str, Words] = {
    "formula": _("The cell holds a formula. Write the result there as a number."),
    "negative": _("The price is less than nought."),
    "decimals": _("The price has more than two decimals."),
    "too_dear": _(
        "An hour for more than 1000 € is not taken over. If the sum is for something longer, leave "
        "the row out; if it is a slip, correct it in the file and send the file again."
    ),
    "unit": _(
        "The price is for “%(hint)s”. The portal keeps the price of one hour and does not work it "
        "out by itself."
    ),
    "unit_unknown": _(
        "We do not know the unit “%(hint)s”. The portal keeps the price of one hour: if this is "
        "one, write “tund”."
    ),
    "unit_empty": _(
        "The row does not say what its price is for, and in this table not every price is for an "
        "hour. If this one is, write “tund”."
    ),
    "when": _(
        "The price is for “%(hint)s”. The portal keeps one price for all days: that of a workday."
    ),
    "when_unknown": _(
        "We do not know which days “%(hint)s” are. If the price holds on workdays, write “tööpäev”."
    ),
    "zero": _("The price is 0. If there is none, write “ei hinnastata”."),
    "free": _("“Free” is no price. Write an amount, or “ei hinnastata”."),
    "from_to": _("One price is needed, not “from” and “to”."),
    "no_amount": _("“%(hint)s” is no amount. Write it in digits only, such as 38,50."),
    "several": _(
        "The cells of this row name several prices at once. Write each on a row of its own."
    ),
    "vat_unknown": _("The VAT is neither a known rate nor “käibemaksuvaba”."),
    "sum": _("The price, the VAT and the price with VAT do not agree."),
    "ended": _("By the file the price ends on %(hint)s: it is over, or would be before it begins."),
    "no_day": _("“%(hint)s” is no day. Write it such as 24.03.2026."),
    "no_name": _("The row does not say which service component it is about."),
    "twice": _(
        "Two prices for the same day: see also row %(hint)s. Keep the right one in the file and "
        "send it again, or change your answers."
    ),
    "twice_here": _(
        "Two prices for the same day stand in this row. See below, under “How the columns were "
        "read”, whether each column holds what it is taken for."
    ),
    "several_days": _("Prices from several days: bring in each day in a file of its own."),
    "not_meant": _(
        "The row says “%(hint)s”: by your answer it is no price of one hour for one person."
    ),
    "not_in_form": _("The catalogue says that this component is not given in this form: %(hint)s."),
    "no_offer": _("The organisation has no offer of this component. Add the offer first."),
    "left_out": _("You left it out."),
    "day_of_round": "%(hint)s",
    "day_past": _("A new price begins today or later: what was asked before stays as it was."),
    "day_far": _("The day lies more than two years ahead. Check the year."),
}
# What a row leaves open; answered above the table.
OPEN: dict[str, Words] = {
    "component": _("Which service component is it?"),
    "domain": _("Which life domain is it?"),
    "contradiction": _("The name and what stands beside it do not agree."),
    "remark": _("Is the price for one hour of a workday?"),
    "form": _("In which form?"),
    "vat": _("Which VAT?"),
    "price_kind": _("With VAT or without?"),
    "offer": _("For which offer?"),
    "clash": _("Another price begins on this very day already."),
}
# Why a row that is about a component has no price to take over.
NO_PRICE: dict[str, Words] = {
    "same_twice": _("The same price stands in row %(hint)s."),
    "on_request": _("The cell says “%(hint)s”: there is no amount to take over."),
}
# Rows that are no prices.
PASSED: dict[str, Words] = {
    "no_table": _("no table of prices found"),
    "above": _("above the table"),
    "heading": _("heading of a table"),
    "domain": _("life domain of the rows below"),
    "group": _("heading of a group"),
    "sum": _("sum"),
    "text": _("words between the rows"),
    "note": _("note beside the table"),
}


def sentence(code: str, hint: str = "") -> str:
    """The sentence of a code."""
    words = REFUSED.get(code) or OPEN.get(code) or NO_PRICE.get(code) or PASSED.get(code)
    if words is None:
        return hint
    text = str(words)
    return text % {"hint": hint} if "%(hint)s" in text else text
