"""The page of living examples: every piece of templates/ui/ with invented data, for staff."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace as Example
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from home.fields import HoursField
from portal.access.guards import signed_in
from portal.templatetags.ui import ICONS

DOMAINS = [
    ("vaimne-tervis", "Vaimne tervis", "sunrise"),
    ("igapaevaeluga-toimetulek", "Igapäevaeluga toimetulek", "coffee"),
    ("hoivatus", "Hõivatus", "briefcase"),
    ("pere-toetamine", "Pere toetamine", "users"),
    ("fuusiline-tervis", "Füüsiline tervis", "heart-pulse"),
    ("personaalne-toetus", "Personaalne toetus", "user-round"),
    ("sotsiaalsed-suhted", "Sotsiaalsed suhted", "messages-square"),
    ("eluase", "Eluase", "house"),
    ("vaba-aeg-ja-huvitegevus", "Vaba aeg ja huvitegevus", "music"),
    ("base", "", "route"),
]


class ExampleForm(forms.Form):
    """A form as it comes back after something was wrong with it."""

    name = forms.CharField(label=_("Name"), help_text=_("As it should stand on the page."))
    hours = HoursField(label=_("Hours a month"))
    note = forms.CharField(label=_("Note"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=_("This was agreed with the person"), required=False)


@require_safe
@signed_in
def style(request: HttpRequest) -> HttpResponse:
    """All pieces on one page; the data are invented and stand in this module only."""
    return render(request, "portal/style.html", examples(timezone.localdate()))


def examples(day: dt.date) -> dict[str, Any]:
    """The data of the page, with `day` as today."""
    form = ExampleForm({"name": "", "hours": "tuhat", "note": "Siin on juba kirjutatud tekst."})
    choices = [
        Example(value="a", label="Vaimne tervis", count=4, is_on=True, address_without="?"),
        Example(value="b", label="Hõivatus", count=4, is_on=False, address_without="?"),
        Example(value="c", label="Eluase", count=0, is_on=False, address_without="?"),
    ]
    return {
        "day": day,
        "moment": timezone.make_aware(dt.datetime.combine(day, dt.time(9, 30))),
        "domains": DOMAINS,
        "icons": ICONS,
        "form": form,
        "facets": [Example(name="domain", label="Valdkond", choices=choices)],
        "chosen": choices[:1],
        "counties": [("Võru maakond", [Example(slug="antsla-vald", name="Antsla vald")])],
        "row": _component_row(),
        "prices": _prices(),
        "offers": _offers(day),
        "page": Paginator(range(90), 30).page(2),
        "tries": [{"label": "Näidake kõiki teenuseid", "url": "#"}],
        "breadcrumb_example": [{"label": "Avaleht", "url": "#"}, {"label": "Stiil"}],
        **_case(day),
        **_meeting(day),
    }


def _component_row() -> Example:
    return Example(
        title="Kogemusnõustamine",
        slug="kogemusnoustamine",
        summary="Vestlus inimesega, kes on ise raskest ajast läbi tulnud.",
        audience="person",
        forms=["individual", "group"],
        domain_slug="vaimne-tervis",
        domain_name="Vaimne tervis",
        domain_icon="sunrise",
        from_price=Decimal("22.00"),
        from_form="group",
        is_sample=True,
        offers=3,
        free=1,
        nearest=None,
    )


def _price(form: str, net: str, vat: str, rate: str | None) -> Example:
    gross = Decimal(net) + Decimal(vat)
    return Example(
        form=form,
        net=Decimal(net),
        vat=Decimal(vat),
        vat_rate=Decimal(rate) if rate else None,
        gross=gross,
    )


def _prices() -> list[Example]:
    return [
        Example(
            form="individual",
            reference=_price("individual", "35.00", "0", None),
            lowest=Decimal("38.00"),
            highest=Decimal("47.12"),
            is_sample=True,
        ),
        Example(form="group", reference=None, lowest=None, highest=None, is_sample=False),
    ]


def _offers(day: dt.date) -> list[Example]:
    same: dict[str, Any] = {
        "component_slug": "kogemusnoustamine",
        "component_name": "Kogemusnõustamine",
        "organisation_slug": "naidis",
        "is_sample": True,
        "comes_to_chosen": False,
        "remote": False,
        "note": "",
    }
    return [
        Example(
            **same,
            organisation="Tammetõru kogemuskoda (näidis)",
            municipality="Antsla vald",
            km=0,
            at_home=True,
            phone="000 2001",
            capacity="free",
            free_places=3,
            waiting_weeks=None,
            confirmed_on=day - dt.timedelta(days=4),
            is_fresh=True,
            prices=[_price("individual", "38.00", "9.12", "24"), _price("group", "22.00", "0", "")],
        ),
        Example(
            **same,
            organisation="Hingepuu tugikeskus (näidis)",
            municipality="Võru linn",
            km=36,
            at_home=False,
            phone="000 2002",
            capacity="waiting",
            free_places=0,
            waiting_weeks=2,
            confirmed_on=day - dt.timedelta(days=90),
            is_fresh=False,
            prices=[],
        ),
        Example(
            **same,
            organisation="Rõuge päevakoda (näidis)",
            municipality="Rõuge vald",
            km=27,
            at_home=False,
            phone="",
            capacity="full",
            free_places=0,
            waiting_weeks=None,
            confirmed_on=None,
            is_fresh=False,
            prices=[_price("group", "22.00", "0", None)],
        ),
    ]


def _case(day: dt.date) -> dict[str, Any]:
    lines = [
        {
            "title": "Töösarnase tegevuse toetamine",
            "provider": "Kagu töökoda (näidis)",
            "position": "töötegevuse juhendaja",
            "used": Decimal("27"),
            "planned": Decimal("111"),
            "action": "Lisa tunnid",
            "url": "#",
        },
        {
            "title": "Psühholoogiline nõustamine",
            "missing": "puudujääk edastatud",
            "used": Decimal("0"),
            "planned": Decimal("12.5"),
            "action": "Otsi pakkujat",
            "url": "#",
        },
    ]
    return {
        "goals": [
            {
                "domain_slug": "hoivatus",
                "domain_name": "Hõivatus",
                "goal": "„Käin kolmel päeval nädalas tööl nii, et jõuan ka puhata.“",
                "lines": lines,
            }
        ],
        "points": [
            {"title": "Vajadus hinnatud", "text": "12.09.2026, Antsla vald", "state": "past"},
            {"title": "Plaan töös", "text": "3. kuu", "state": "now"},
            {
                "title": "Ülevaatus",
                "text": "kolme nädala pärast",
                "state": "todo",
                "url": "#",
                "action": "Valmista ette",
            },
        ],
        "members": [
            {
                "position": "Baastoetuse spetsialist",
                "who": "K. L. · Tammepuu tugikeskus (näidis)",
                "sees": "Kõike",
                "is_me": True,
            },
            {
                "position": "Perearst",
                "who": "Perearstikeskus (näidis)",
                "until": day + dt.timedelta(days=200),
                "sees": "Ainult ohumärkide plaani",
            },
        ],
        "used": Decimal("513"),
        "planned": Decimal("1596"),
        "forecast": Decimal("2256"),
        "ceiling": Decimal("2280"),
        "used_hours": Decimal("27"),
        "planned_hours": Decimal("84"),
    }


def _meeting(day: dt.date) -> dict[str, Any]:
    return {
        "agenda": [
            {
                "time": "13.00",
                "title": "Eelmine protokoll",
                "detail": "kinnitatud",
                "state": "done",
            },
            {"time": "13.25", "title": "Kogemusnõustamine", "detail": "puudujääk", "state": "now"},
            {"time": "13.45", "title": "Transport", "detail": "puudujääk", "state": "todo"},
        ],
        "decision": "Avada kogemusnõustamise vastuvõtt Rõuge kogukonnamajas.",
        "action": "Sõlmida ruumi kasutamise kokkulepe",
        "action_until": day + dt.timedelta(days=20),
    }
