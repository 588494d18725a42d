"""In which languages help is given: the codes that an offer may carry, with their names."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

LANGUAGES = {
    "et": _("Estonian"),
    "ru": _("Russian"),
    "en": _("English"),
    "uk": _("Ukrainian"),
    "fi": _("Finnish"),
    "vro": _("Võro"),
    "ese": _("Estonian sign language"),
}


def codes_in(text: str) -> list[str]:
    """The codes in `et, ru`, in the order of the list; unknown ones come last, nothing is lost."""
    codes = list(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))
    return sorted(codes, key=lambda code: (code not in LANGUAGES, _place(code)))


def as_stored(codes: Iterable[str]) -> str:
    """Codes as an offer keeps them: `et, ru`."""
    return ", ".join(codes_in(",".join(codes)))


def in_words(text: str) -> str:
    """`et, ru` in words."""
    return ", ".join(str(LANGUAGES.get(code, code)) for code in codes_in(text))


def _place(code: str) -> int:
    return list(LANGUAGES).index(code) if code in LANGUAGES else 0
