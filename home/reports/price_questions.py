"""What the reader of a price form is asked: questions and columns, with answers to choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalogue.importer.cells import letter
from catalogue.importer.layout import choice_of
from catalogue.importer.plan import ALL, ANY, EXEMPT, LEAVE, YES, Question
from catalogue.importer.reading import Line
from catalogue.importer.vat import RATES
from catalogue.importer.words import AMOUNTS, Role
from catalogue.models import Component, LifeDomain
from catalogue.models.component import Form
from home.reports.price_import import Look, amount_said, place_of
from portal.templatetags.ui import day as day_in_words
from portal.templatetags.ui import form_name

Options = list[tuple[str, str]]
# So many rows are named in a question, and so many values of a column.
NAMED, SAMPLES = 8, 3
# So many questions stand on a page at once, and so many answers.
SHOWN = 30
UNUSED = Role.IGNORED.value
COMPONENT = "component"
ROLES = {
    Role.COMPONENT: _lazy("service component"),
    Role.CODE: _lazy("code"),
    Role.DOMAIN: _lazy("life domain"),
    Role.FORM: _lazy("form"),
    Role.PRICE: _lazy("price"),
    Role.NET: _lazy("price without VAT"),
    Role.GROSS: _lazy("price with VAT"),
    Role.VAT: _lazy("VAT"),
    Role.FROM: _lazy("holds from"),
    Role.UNTIL: _lazy("holds until"),
    Role.OFFER: _lazy("number of the offer"),
    Role.UNIT: _lazy("what the price is for (unit)"),
    Role.WHEN: _lazy("on which days"),
}


@dataclass
class Asked:
    """A question as a field: `groups` of options under their headings, `value` chosen so far."""

    name: str
    label: str
    hint: str
    groups: list[tuple[str, Options]]
    value: str = ""
    is_new: bool = False


@dataclass
class Asking:
    """The questions of a page: `open` want an answer, `answered` have one and may be changed.

    `later` questions come after these; `left_out` names were answered by leaving them out and
    are not on the page; `names` that are open altogether, for telling new ones from old ones.
    """

    open: list[Asked]
    answered: list[Asked]
    later: int
    answered_count: int
    left_out: int
    open_components: int
    names: list[str]


@dataclass
class AskedColumn:
    """A column of the file: its letter and heading, some of its values, what it was taken for."""

    name: str
    letter: str
    heading: str
    samples: list[str]
    value: str
    groups: list[tuple[str, Options]]
    alike: str = ""
    is_unknown: bool = False


@dataclass
class AskedSheet:
    name: str
    columns: list[AskedColumn] = field(default_factory=list)


def asking(look: Look) -> Asking:
    """What stands on the page: of the open questions those that concern most rows come first."""
    answers, seen = look.price_import.answers, set(look.price_import.seen)
    unanswered = [one for one in look.plan.questions if not answers.get(one.name)]
    unanswered.sort(key=lambda one: -len(one.lines))
    answered = [one for one in look.plan.questions if answers.get(one.name)]
    # What was told comes before what was left out.
    answered.sort(key=lambda one: _is_left_out(one, answers))
    shown, told = unanswered[:SHOWN], answered[:SHOWN]
    fields = questions(look, [*shown, *told])
    for one in fields:
        one.is_new = bool(seen) and not one.value and one.name.removeprefix("q-") not in seen
    return Asking(
        open=fields[: len(shown)],
        answered=fields[len(shown) :],
        later=len(unanswered) - len(shown),
        answered_count=len(answered),
        left_out=sum(_is_left_out(one, answers) for one in answered[SHOWN:]),
        open_components=sum(one.kind == COMPONENT for one in unanswered),
        names=[one.name for one in unanswered],
    )


def sent_questions(look: Look, names: Iterable[str]) -> list[Asked]:
    """The questions whose fields were sent, as they were offered."""
    sent = set(names)
    return questions(look, [one for one in look.plan.questions if f"q-{one.name}" in sent])


def leave_the_rest(look: Look, answers: Mapping[str, str]) -> dict[str, str]:
    """`answers`, and “leave out” for every name that has none yet."""
    before = look.price_import.answers
    rest = [one.name for one in look.plan.questions if one.kind == COMPONENT]
    return {**{name: LEAVE for name in rest if not before.get(name)}, **_told(answers)}


def ask_left_again(look: Look) -> dict[str, str]:
    """Every name that was left out is open again."""
    answers = look.price_import.answers
    return {one.name: "" for one in look.plan.questions if _is_left_out(one, answers)}


def _told(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: answer for name, answer in answers.items() if answer}


def _is_left_out(one: Question, answers: Mapping[str, str]) -> bool:
    return one.kind == COMPONENT and answers.get(one.name) == LEAVE


def questions(look: Look, asked: Iterable[Question]) -> list[Asked]:
    """`asked` as fields, answered or not, so that an answer can be taken back."""
    components = [(str(one.pk), str(one)) for one in Component.objects.all()]
    domains = [(one.slug, one.name) for one in LifeDomain.objects.all()]
    days = _days_of_clash(look)
    answers = look.price_import.answers
    found = []
    for one in asked:
        label, groups = _asked(one, components, domains, days)
        hint, value = _rows_in_words(look, one.lines), answers.get(one.name, "")
        found.append(Asked(f"q-{one.name}", label, hint, groups, value))
    return found


def _days_of_clash(look: Look) -> str:
    """On which days another price begins already, in words."""
    days = {
        step.aim.valid_from
        for step in look.plan.steps
        if step.aim and step.before and step.before.valid_from == step.aim.valid_from
    }
    return ", ".join(day_in_words(one) for one in sorted(days))


def _asked(
    one: Question, components: Options, domains: Options, clash: str
) -> tuple[str, list[tuple[str, Options]]]:
    """The question in words, and its answers to choose from."""
    words = {"about": one.about}
    leave = (LEAVE, _("Leave these rows out"))
    forms = [(form.value, capfirst(str(form_name(form.value)))) for form in Form]
    groups: list[tuple[str, Options]]
    if one.kind == "vat":
        label = _("Which rate of VAT applies to the prices? The file does not say it everywhere.")
        rates = [(f"{rate}", f"{rate} %") for rate in RATES if rate]
        groups = [("", [(EXEMPT, _("None: the provider is exempt from VAT")), *rates])]
    elif one.kind == "price_kind":
        label = _("Are the prices with VAT or without?")
        groups = [("", [("gross", _("With VAT")), ("net", _("Without VAT"))])]
    elif one.kind == "clash":
        label = _("Other prices begin on %(day)s already. Which ones shall hold?") % {"day": clash}
        overwrite = _("The new ones: the old ones for that day are overwritten")
        groups = [("", [(YES, overwrite), (LEAVE, _("The old ones: leave them as they are"))])]
    elif one.kind == "domain":
        label = _("Which life domain is “%(about)s”?") % words
        whatever = (ANY, _("None of these: go by the names of the components"))
        groups = [("", domains), ("", [whatever, leave])]
    elif one.kind == "component":
        label = _("Which service component is “%(about)s”?") % words
        if one.about.startswith("↑ "):
            label = _("A row without a name stands below “%(about)s”. What is it about?") % {
                "about": one.about.removeprefix("↑ ")
            }
        groups = [(_("Alike"), one.suggested)] if one.suggested else []
        groups += [(_("All components"), components), ("", [leave])]
    elif one.kind == "remark":
        label = (
            _("The row says “%(about)s”. Is it the price of one hour of a workday for one person?")
            % words
        )
        no = (LEAVE, _("No: leave these rows out"))
        groups = [("", [(YES, _("Yes: take the price over")), no])]
    elif one.kind == "form":
        label = _("In which form is the price of “%(about)s”?") % words
        groups = [("", forms), ("", [(ALL, _("In every form that the component has")), leave])]
    else:
        label = _("For which offer are the prices of “%(about)s”?") % words
        groups = [("", one.choices), ("", [(ALL, _("For all of them")), leave])]
    return label, groups


def _rows_in_words(look: Look, lines: list[Line]) -> str:
    """“Row 12 (38,50 €)”: which rows a question is about, with the prices in them."""
    shown = ", ".join(_row_in_words(look, line) for line in lines[:NAMED])
    if len(lines) > NAMED:
        return _("Rows %(rows)s and %(n)s more") % {"rows": shown, "n": len(lines) - NAMED}
    return (_("Rows %(rows)s") if len(lines) > 1 else _("Row %(rows)s")) % {"rows": shown}


def _row_in_words(look: Look, line: Line) -> str:
    more = [amount_said(look, line), *(str(form_name(form)) for form in line.forms)]
    more = [said for said in more if said]
    return f"{place_of(look, line)} ({', '.join(more)})" if more else place_of(look, line)


def asked_columns(look: Look) -> list[AskedSheet]:
    """How each sheet was read, to be looked at and mended."""
    found = []
    for number, sheet in enumerate(look.reading.sheets):
        layout = look.reading.layouts[number]
        known = {column.index: column for column in layout.columns}
        asked = AskedSheet(sheet.name)
        for index in range(sheet.width):
            column = known.get(index)
            below = sheet.rows[max(layout.first - 1, 0) :]
            texts = [cell.text for row in below if (cell := sheet.cell(row, index))]
            if not texts and not (column and column.heading):
                continue
            value = (choice_of(column) if column else "") or UNUSED
            groups = _choices()
            if value not in {one for _group, some in groups for one, _words in some}:
                groups = [("", [(value, _in_words(value))]), *groups]
            asked.columns.append(
                AskedColumn(
                    name=f"c-{number}-{index}",
                    letter=letter(index),
                    heading=column.heading if column else "",
                    samples=[" ".join(text.split())[:60] for text in texts[:SAMPLES]],
                    value=value,
                    groups=groups,
                    alike=column.alike if column and column.role is not Role.IGNORED else "",
                    is_unknown=not column or column.role is None,
                )
            )
        found.append(asked)
    return found


def _choices() -> list[tuple[str, Options]]:
    plain = [(role.value, capfirst(str(w))) for role, w in ROLES.items() if role not in AMOUNTS]
    prices: Options = []
    for role in (Role.PRICE, Role.NET, Role.GROSS):
        for forms in ("", *(form.value for form in Form), "all"):
            value = f"{role.value}:{forms}" if forms else role.value
            prices.append((value, _in_words(value)))
    return [("", [(UNUSED, _("Not needed")), *plain]), (_("Price"), prices)]


def _in_words(value: str) -> str:
    """“price:group+individual” as a person says it."""
    name, _colon, forms = value.partition(":")
    role = capfirst(str(ROLES.get(Role(name), name)))
    if not forms:
        return role
    if forms == "all":
        return f"{role}, {_('all forms')}"
    return f"{role}, {_and(form_name(form) for form in forms.split('+'))}"


def _and(words: Iterable[str]) -> str:
    return f" {_('and')} ".join(str(word) for word in words)
