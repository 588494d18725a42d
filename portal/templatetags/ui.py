"""What every template may use: numbers and days as Estonian writes them, icons, telephone links.

Filters take plain values and give plain text; an empty value gives empty text, so that a page
with a missing fact still stands.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"

# The icons in the sprite (manage.py build_assets takes them from the lucide package). A name
# used in a template or as the icon of a life domain must stand here; a test compares them.
ICONS = (
    "accessibility",
    "arrow-left",
    "arrow-right",
    "bell",
    "book-open",
    "briefcase",
    "calendar",
    "check",
    "chevron-right",
    "circle",
    "circle-alert",
    "circle-check",
    "clock",
    "coffee",
    "copy",
    "download",
    "euro",
    "external-link",
    "eye",
    "flag",
    "hand-heart",
    "heart-pulse",
    "history",
    "house",
    "info",
    "languages",
    "layout-dashboard",
    "life-buoy",
    "list-checks",
    "locate-fixed",
    "lock",
    "log-out",
    "mail",
    "map",
    "map-pin",
    "menu",
    "message-circle",
    "messages-square",
    "minus",
    "music",
    "newspaper",
    "pencil",
    "phone",
    "plus",
    "printer",
    "route",
    "search",
    "settings",
    "sliders-horizontal",
    "sunrise",
    "triangle-alert",
    "user-round",
    "users",
    "users-round",
    "video",
    "x",
)


@register.simple_tag
def icon(name: str) -> str:
    """The icon `name` from the sprite, hidden from screen readers: the words stand beside it."""
    return format_html(
        '<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("portal/icons.svg"),
        # An editor may type any name for a life domain; the page must not lose its icon for it.
        name if name in ICONS else "circle",
    )


@register.simple_tag(takes_context=True)
def content_lang(context: dict[str, Any]) -> str:
    """` lang="et"` for editors' text that is shown in Estonian inside an English or Russian page.

    Used inside a tag: `<div class="prose"{% content_lang %}>`; the page says its
    `content_language` in the context.
    """
    language = context.get("content_language")
    if not language or language == get_language():
        return ""
    return format_html(' lang="{}"', language)


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return None


def _spaced(number: Decimal) -> str:
    return f"{number:,f}".replace(",", NBSP).replace(".", ",").replace("-", "\N{MINUS SIGN}")


@register.filter
def number(value: Any) -> str:
    """1234.5 → `1 234,5`, zeros at the end left out."""
    amount = _decimal(value)
    if amount is None or not amount.is_finite():
        return ""
    text = _spaced(amount)
    return text.rstrip("0").rstrip(",") if "," in text else text


@register.filter
def euro(value: Any) -> str:
    """Decimal euros → `1 234,50 €`, held on one line."""
    amount = _decimal(value)
    if amount is None or not amount.is_finite():
        return ""
    return f"{_spaced(amount.quantize(Decimal('0.01'), ROUND_HALF_UP))}{NBSP}€"


@register.filter
def km(value: Any) -> str:
    """Kilometres → `36 km`; under one kilometre is said in words."""
    distance = _decimal(value)
    if distance is None or not distance.is_finite():
        return ""
    if distance < 1:
        return _("under 1 km").replace(" 1 ", f" 1{NBSP}")
    return f"{_spaced(distance.quantize(Decimal(1), ROUND_HALF_UP))}{NBSP}km"


def _local(value: date) -> date:
    """A moment becomes that of the place where the portal stands; a plain date stays."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


IN_MONTH = [
    gettext_lazy("in January %(year)s"),
    gettext_lazy("in February %(year)s"),
    gettext_lazy("in March %(year)s"),
    gettext_lazy("in April %(year)s"),
    gettext_lazy("in May %(year)s"),
    gettext_lazy("in June %(year)s"),
    gettext_lazy("in July %(year)s"),
    gettext_lazy("in August %(year)s"),
    gettext_lazy("in September %(year)s"),
    gettext_lazy("in October %(year)s"),
    gettext_lazy("in November %(year)s"),
    gettext_lazy("in December %(year)s"),
]


@register.filter
def in_month(value: date) -> str:
    """A day → `in October 2027`, in words that stand in the middle of a sentence."""
    return str(IN_MONTH[value.month - 1] % {"year": value.year})


@register.filter
def day(value: date | None) -> str:
    """A date or a moment → `24.03.2026`, in local time."""
    return f"{_local(value):%d.%m.%Y}" if value else ""


@register.filter
def time_of_day(value: datetime | None) -> str:
    """A moment → `9.30`, in local time."""
    if not value:
        return ""
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{moment.hour}.{moment:%M}"


@register.filter
def day_time(value: datetime | None) -> str:
    """A moment → `24.03.2026 kell 9.30`, in local time."""
    if not value:
        return ""
    moment = {"day": day(value), "time": time_of_day(value)}
    return (_("%(day)s at %(time)s") % moment).replace(" ", NBSP)


@register.filter
def weekday(value: date | None) -> str:
    """A date or a moment → `neljapäev`."""
    return str(WEEKDAYS[_local(value).weekday()]) if value else ""


@register.filter
def minutes(value: Any) -> str:
    """Whole minutes → `1 h 30 min`."""
    amount = _decimal(value)
    if amount is None or not amount.is_finite():
        return ""
    hour, minute = divmod(int(amount.quantize(Decimal(1), ROUND_HALF_UP)), 60)
    parts = [f"{_spaced(Decimal(hour))}{NBSP}h"] if hour else []
    if minute or not hour:
        parts.append(f"{minute}{NBSP}min")
    return NBSP.join(parts)


@register.filter
def hours(value: Any) -> str:
    """Decimal hours → `1 h 30 min`; no hours at all is `0 h`."""
    amount = _decimal(value)
    if amount is None or not amount.is_finite():
        return ""
    return minutes(amount * 60) if amount else f"0{NBSP}h"


@register.filter
def tel(value: str | None) -> str:
    """A telephone number as people write it → the target of a `tel:` link."""
    return "".join(sign for sign in value or "" if sign.isdigit() or sign == "+")


@register.filter
def form_name(value: str | None) -> str:
    """The code of a form (individual, family, group) → how the hour is given, in words."""
    names = {
        "individual": _("individually"),
        "family": _("with a family member"),
        "group": _("in a group"),
    }
    return names.get(value or "", value or "")


@register.filter
def share(part: Any, whole: Any) -> int:
    """Whole per cent of `part` in `whole`, from 0 to 100: the width of a drawn bar."""
    used, limit = _decimal(part), _decimal(whole)
    if used is None or not limit or not (used / limit).is_finite():
        return 0
    return int(max(Decimal(0), min(Decimal(100), used * 100 / limit)))


@register.inclusion_tag("ui/ceiling_meter.html")
def ceiling_meter(
    *,
    used: Decimal,
    planned: Decimal,
    ceiling: Decimal,
    forecast: Decimal | None = None,
    used_hours: Decimal | None = None,
    planned_hours: Decimal | None = None,
    year: int | None = None,
) -> dict[str, Any]:
    """Euros used and planned against a yearly ceiling: drawn, listed and said in a sentence.

    `planned` comes on top of `used`; `forecast` is the whole year at the pace so far.
    """
    most = max(used + planned, forecast or Decimal(0), ceiling, Decimal(1))

    def at(amount: Decimal) -> str:
        # The drawing is 300 units wide; a plain number, because SVG knows no decimal comma.
        return f"{float(amount / most * 300):.1f}"

    return {
        "used": used,
        "planned": planned,
        "ceiling": ceiling,
        "forecast": forecast,
        "used_hours": used_hours,
        "planned_hours": planned_hours,
        "year": year,
        "left": ceiling - used - planned,
        "over": used + planned - ceiling,
        "forecast_over": forecast is not None and forecast > ceiling,
        "used_x": at(used),
        "planned_x": at(used + planned),
        "forecast_x": at(forecast) if forecast is not None else None,
        "ceiling_x": at(ceiling),
    }
