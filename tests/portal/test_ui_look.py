"""The look keeps its promises: contrast, hues that stay apart, icons that exist, little weight."""

import gzip
import itertools
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from django.conf import settings

from portal.management.commands.build_assets import SVG, icon_sprite
from portal.templatetags.ui import ICONS

CSS = Path(settings.BASE_DIR) / "portal" / "static" / "portal" / "css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
STARTER_DOMAINS = Path(settings.BASE_DIR) / "portal" / "starter" / "data" / "life_domains.yaml"

TEXTS = ["ink", "quiet", "sea", "sea-deep", "warm", "good", "watch", "stop"]
GROUNDS = ["paper", "mist", "sea-mist", "warm-mist", "good-mist", "watch-mist", "stop-mist"]
# What a reader with a colour deficiency sees of linear red, green and blue (Machado 2009).
SIGHTS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def tokens(scheme):
    light, dark = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    dark = dark.split("@media (prefers-contrast")[0]
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", dark))
    return found


def linear(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, other):
    light = sorted(
        sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True))
        for c in (one, other)
    )
    return (light[1] + 0.05) / (light[0] + 0.05)


def seen_as(colour, sight):
    """The colour as that reader sees it, in the even space Oklab."""
    seen = [sum(a * b for a, b in zip(row, linear(colour), strict=True)) for row in SIGHTS[sight]]
    r, g, b = (min(1.0, max(0.0, part)) for part in seen)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def starter_domains():
    return yaml.safe_load(STARTER_DOMAINS.read_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_can_be_read_on_every_ground(scheme):
    colours = tokens(scheme)
    weak = {
        f"{text} on {ground}": round(contrast(colours[text], colours[ground]), 2)
        for text, ground in itertools.product(TEXTS, GROUNDS)
        if contrast(colours[text], colours[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_on_a_button_can_be_read_also_under_the_pointer(scheme):
    colours = tokens(scheme)
    assert contrast(colours["on-sea"], colours["sea"]) >= 4.5
    assert contrast(colours["on-sea"], colours["sea-deep"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_ring_and_field_edges_stand_out_from_every_ground(scheme):
    colours = tokens(scheme)
    for ground in GROUNDS:
        assert contrast(colours["focus"], colours[ground]) >= 3
    for ground in ("paper", "mist", "sea-mist"):
        assert contrast(colours["edge"], colours[ground]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_hue_of_a_life_domain_can_be_read_as_text(scheme):
    colours = tokens(scheme)
    for domain in starter_domains():
        for ground in ("paper", "mist", "sea-mist"):
            assert contrast(colours[f"d-{domain['slug']}"], colours[ground]) >= 4.5, domain["slug"]


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neighbouring_life_domains_stay_apart_for_colour_blind_readers(scheme, sight):
    colours = tokens(scheme)
    seen = [seen_as(colours[f"d-{row['slug']}"], sight) for row in starter_domains()]
    # On the front page they stand in rows of three: beside each other and below each other.
    for first, second in itertools.combinations(range(len(seen)), 2):
        if second - first in (1, 3):
            assert math.dist(seen[first], seen[second]) > 0.04, (first, second)


def test_every_life_domain_of_the_starter_content_has_its_hue_and_its_icon():
    css = (CSS / "public.css").read_text()
    for domain in starter_domains():
        assert f".d-{domain['slug']} {{" in css
        assert domain["icon"] in ICONS


def icons_in_templates():
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"{%\s*icon\s+[\"']([\w-]+)[\"']\s*%}", path.read_text()):
            yield path.name, name


def test_every_icon_named_in_a_template_is_in_the_sprite():
    used = list(icons_in_templates())
    assert used
    assert [pair for pair in used if pair[1] not in ICONS] == []


def test_the_sprite_holds_each_icon_once_and_draws_it():
    symbols = list(ElementTree.fromstring(icon_sprite()))
    assert [symbol.get("id") for symbol in symbols] == list(ICONS)
    assert all(symbol.tag == f"{SVG}symbol" and len(symbol) for symbol in symbols)


def test_a_name_that_the_package_does_not_have_stops_the_build():
    with pytest.raises(KeyError):
        icon_sprite(("sellist-ikooni-ei-ole",))


def test_no_template_carries_style_or_script_of_its_own():
    """The content policy would refuse it, and the page would look broken without a word."""
    inline = re.compile(
        r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
    )
    guilty = [
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        # A tag of the template language may have an argument such as `only_read=True`.
        if inline.search(re.sub(r"{#.*?#}|{%.*?%}", "", path.read_text()))
    ]
    assert guilty == []


def compressed(*names):
    return sum(len(gzip.compress((CSS / name).read_bytes(), 9)) for name in names)


def test_the_style_of_a_public_page_stays_under_fifteen_kilobytes():
    assert compressed("tokens.css", "public.css", "print.css") < 15_000


def scripts_of(template):
    """The scripts of ours that a template asks for itself."""
    return set(re.findall(r"portal/js/([\w-]+\.js)", (TEMPLATES / template).read_text()))


def test_the_script_of_a_page_stays_under_ten_kilobytes():
    frames = scripts_of("base.html") | scripts_of("intranet.html")
    for path in TEMPLATES.rglob("*.html"):
        asked = frames | scripts_of(path.relative_to(TEMPLATES))
        size = sum(len(gzip.compress((CSS.parent / "js" / name).read_bytes(), 9)) for name in asked)
        assert size < 10_000, path


def test_style_sheets_ask_no_other_host():
    for path in CSS.glob("*.css"):
        assert not re.search(r"url\(|@import", path.read_text()), path.name
