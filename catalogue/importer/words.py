"""The words of price forms: which heading means what, how forms and “no price” are written.

Stems, not whole words, because Estonian bends them. Longer phrases come first where a shorter one
would hide them. What is not here is asked about; add a word here once it has been met twice.
"""

import re
import unicodedata
from enum import StrEnum

from rapidfuzz import fuzz, process

from catalogue.models.component import Form

FUZZY = 86  # of 100: one letter wrong in a word of seven
SHORTEST_FUZZY = 5
LONGEST_HEADING = 110
LONGEST_PHRASE = 40


class Role(StrEnum):
    """What a column holds."""

    COMPONENT = "component"
    CODE = "code"
    DOMAIN = "domain"
    FORM = "form"
    PRICE = "price"  # does not say whether with VAT
    NET = "net"
    GROSS = "gross"
    VAT = "vat"
    FROM = "from"
    UNTIL = "until"
    OFFER = "offer"
    UNIT = "unit"
    WHEN = "when"
    IGNORED = "ignored"


AMOUNTS = frozenset({Role.PRICE, Role.NET, Role.GROSS})

FOOTNOTE = re.compile(r"[*†‡⁰¹²³⁴⁵⁶⁷⁸⁹]+|(?<=[\s\w])\(?\d\)$")
NUMBERING = re.compile(r"^\(?\d{1,3}(\.\d{1,2})*[.)]\s*|^\d{1,3}(\.\d{1,2})+\s+|^[-–•·]\s+")
# A word cut at the end of a line goes on below: “nõusta-⏎mine”.
CUT_WORD = re.compile(r"(\w)[-\u00ad]\s*\n\s*(?=[a-zäöõüšž])")

# Whole headings that are known as they stand (fuzzy against these, shown to the reader).
HEADINGS: dict[Role, tuple[str, ...]] = {
    Role.CODE: ("kood", "komponendi kood", "teenuse kood", "tähis", "code", "код"),
    Role.COMPONENT: (
        *("teenuskomponent", "komponent", "komponendi nimetus", "komponendi nimi", "nimetus"),
        *("teenuskomponendi nimetus", "teenus", "teenuse nimetus", "teenuse nimi", "toetus"),
        *("lisatoetus", "lisatoetuse komponent", "baastoetuse komponent", "tegevuse nimetus"),
        *("teenused", "teenuskomponendid", "komponendid", "component", "service", "service name"),
        *("mis teenus", "mida", "mida osutatakse", "mida pakutakse", "abi", "abi liik"),
        *("name", "component name", "service component", "tegevus"),
        *("услуга", "компонент", "компонент услуги", "название услуги"),
    ),
    Role.DOMAIN: (
        *("eluvaldkond", "valdkond", "eluvaldkonnad", "elu valdkond", "teenuse valdkond"),
        *("life domain", "domain", "сфера жизни", "жизненная сфера"),
    ),
    Role.FORM: (
        *("vorm", "osutamise vorm", "teenuse vorm", "töö maht", "tegevuse vorm", "osutamise viis"),
        *("individuaalne või grupitegevus", "individuaalne või grupp", "kellele", "form", "liik"),
        *("individuaalne/grupp", "tegevuse liik", "töövorm", "форма", "activity mode", "viis"),
    ),
    Role.VAT: (
        *("km", "käibemaks", "km määr", "käibemaksu määr", "käibemaksumäär", "km %", "vat", "ндс"),
        *("käibemaks %", "vat %", "km summa", "km-i määr", "maks", "maks %", "maksumäär"),
    ),
    Role.FROM: (
        *("kehtib alates", "kehtivuse algus", "alates", "hind kehtib alates", "kehtima hakkamine"),
        *("periood", "hinna periood", "ajavahemik", "kehtivusaja periood"),
        *("kehtivus", "kehtivusaeg", "kehtib", "kehtivusperiood", "hinna kehtivus", "hind kehtib"),
        *("hinna algus", "algus", "alguskuupäev", "hinna alguskuupäev", "algab", "hind algab"),
        *("valid from", "validity", "действует с"),
    ),
    Role.UNTIL: (
        *("kehtib kuni", "kehtivuse lõpp", "kuni", "hind kehtib kuni", "lõppkuupäev", "lõpp"),
        *(
            "lõpeb",
            "lõppeb",
            "hinna lõpp",
            "valid until",
            "valid to",
            "действует до",
            "действует по",
        ),
    ),
    Role.OFFER: ("pakkumine", "pakkumise number", "pakkumise nr", "number of the offer", "offer"),
    Role.UNIT: (
        *("ühik", "arvestusühik", "mõõtühik", "hinna ühik", "hinnaühik", "ajaühik", "mõõt", "aeg"),
        *("teenuse ühik", "ühiku nimetus", "kestus", "kestvus", "teenuse kestus", "seansi kestus"),
        *("kohtumise kestus", "pikkus", "arvestuse alus", "arvestuse ühik", "mille eest", "unit"),
        *("price unit", "duration", "единица", "единица измерения", "ед. изм", "длительность"),
    ),
    Role.WHEN: (
        *("mis päeval", "mis päevadel", "päev", "päevad", "nädalapäev", "nädalapäevad", "millal"),
        *("päeva liik", "päeva tüüp", "kellaaeg", "ajal", "osutamise aeg", "teenuse aeg", "days"),
        *("teenuse osutamise aeg", "hind kehtib päevadel", "day", "when", "день", "дни", "когда"),
    ),
    Role.IGNORED: (
        *("jrk", "jrk nr", "nr", "märkus", "märkused", "selgitus", "kirjeldus", "sisu"),
        *("teenuse sisu", "lisainfo", "maht", "kommentaar", "allikas"),
        *("komponendi selgitus", "voor", "grupi suurus", "osutaja", "kontakt", "note", "source"),
        *("tunde", "tundide arv", "audience", "sihtrühm", "kellele mõeldud"),
        *("teenuse rühm", "teenuste rühm", "teenusrühm", "teenuse grupp", "teenuste grupp"),
        *("sagedus", "regulaarsus", "teenuse sagedus", "asukoht", "koht", "vastutaja"),
        # Columns that the file of refused rows adds.
        *("rida failis", "miks seda üle ei võetud", "row of the file"),
        *("why it was not taken over",),
    ),
}
# Columns that the file of refused rows adds: our own words say nothing new.
OURS = frozenset(
    {"miks seda üle ei võetud", "why it was not taken over", "rida failis", "row of the file"}
)
# Before a heading of the file of refused rows: the column was not read, and is not read again.
NOT_READ = "Ei loeta"
# Headings of a unit, also where a price is spoken of: “hinna ühik (tund)”, not “hind/ühik”.
UNIT_HEADING = re.compile(r"(?!hind\b)(\w+ )?\w*ühik( ?[(\[,/].*)?")
# Beside a sum these say of how many hours it is.
QUANTITIES = frozenset({"tunde", "tunnid", "tundide arv", "tundide maht", "kogus", "hulk", "hours"})
SUM = re.compile(r"summa|kokku|maksumus|\btotal\b|\bsum\b")
# What a column of this heading holds, its cells tell: units, days, or something else.
TOLD_BY_CELLS = frozenset({"maht", "aeg", "mõõt", "ajal", "päev", "päevad", "day"})
PRICE = re.compile(
    r"hind(?!am|aj|ag)|hinna(?!t|n)|maksumus|\btasu\b|tunnitasu|tariif|\bsumma|\bprice|цена|стоимост|"
    r"€|\beur\b|\beuro"
)
NET_STEMS = (
    *("km-ta", "kmta", "ilma km", "ilma käibemaks", "käibemaksuta", "neto", "netto", "+ km"),
    *(
        "lisandub km",
        "lisandub käibemaks",
        "maksuta",
        "without vat",
        "excl",
        "net",
        "km ei sisald",
        "без ндс",
    ),
)
GROSS_STEMS = (
    *("km-ga", "kmga", "koos km", "koos käibemaks", "käibemaksuga", "sh km", "bruto", "brutto"),
    *(
        "sisaldab km",
        "sisaldab käibemaks",
        "maksuga",
        "with vat",
        "incl",
        "gross",
        "kokku",
        "с ндс",
        "sis. km",
    ),
)
FORM_STEMS: dict[Form, tuple[str, ...]] = {
    Form.INDIVIDUAL: (
        *("individuaal", "indiv", "osalejaga", "osalejale", "kliendiga", "kliendile", "isikuga"),
        *(
            "inimesega",
            "ükshaaval",
            "1:1",
            "üksi",
            "индивидуал",
            *("üks inime", "üks isik", "üks klient", "üks osaleja", "ühele", "1 inime", "1 isik"),
            "with the participant",
        ),
    ),
    Form.FAMILY: ("pereliikme", "perega", "perele", "pere", "lähedas", "family", "с семь", "семье"),
    Form.GROUP: ("grup", "rühm", "групп", "group"),
}
ALL_FORMS = ("mõlema", "kõik vormid", "kõigis vormides", "kõik")
# With these a form is said not to be, or only sometimes.
DOUBT = re.compile(r"\b(mitte|v\.?a|välja arvatud|ei|ainult kui|erandina)\b")
NO_PRICE = re.compile(
    r"(?:me )?ei (hinnastata|ole hinnastatud|ole rakendatav|rakendata|rakendu|kohaldata|kohaldu|"
    r"pakuta|paku|osutata|osuta|ole pakkuda|ole kokku lepitud|ole määratud|ole|anta|toimu)"
    r"( (seda|teenust|seda teenust|praegu|hetkel))?|ei|pole|pole pakkuda|"
    r"(hind |teenus )?puudub|hinda (ei ole|pole)|n/?a|[-–—x]{1,3}|не применяется|not applicable|"
    r"not offered|нет|не предоставляется|no price|none"
)
# There is a price, only not in the file: what the cell says is shown.
ON_REQUEST = re.compile(
    r"kokkulep|kokku lep|ei avalda|ei avalikusta|küsi\w* (hin|pakkum|lisa)|hinnapäri|päringu|"
    r"hinnapakkumi|küsimisel|"
    r"on request|by agreement|по договор|по запросу"
)
EXEMPT = re.compile(
    r"(km|käibemaksu)?[ -]?(vaba|vabastatud)|(on )?käibemaksuvaba(stus)?|maksuvaba|exempt|[-–—]|"
    r"ei (lisandu|ole kohustuslane|ole rakendatav|rakendata|rakendu|kohaldata|kohaldu)"
)
SUMS = re.compile(r"^(kokku|summa|vahesumma|üldsumma|keskmine|total|itogo|итого)\b")


def plain(text: str) -> str:
    """For comparing: lower case, one space, no footnote marks, numbering or cut words."""
    text = CUT_WORD.sub(r"\1", text)
    text = unicodedata.normalize("NFC", FOOTNOTE.sub(" ", text)).casefold()
    text = text.replace("\u00a0", " ").replace("–", "-").replace("\u00ad", "")
    text = " ".join(text.split())
    text = NUMBERING.sub("", text)
    return text.strip(" .:;,*\"'„“”()")


def loose(text: str) -> str:
    """For names: `plain` without any marks, so that hyphens and commas do not part two words."""
    return " ".join(re.sub(r"[^\w\s]", " ", plain(text)).split())


def heading_role(text: str) -> tuple[Role | None, str]:
    """What a heading says its column is; the known heading in the second place if only alike."""
    said = re.sub(r" (et|en|ru)$", "", plain(text.replace("_", " ")))
    # A sentence is no heading, whatever words stand in it.
    is_sentence = len(said) > LONGEST_PHRASE and re.search(r"[.;] \w", said)
    if said.startswith(NOT_READ.casefold()):
        return Role.IGNORED, ""
    if not said or len(said) > LONGEST_HEADING or is_sentence:
        return None, ""
    if UNIT_HEADING.fullmatch(said):
        return Role.UNIT, ""
    for role, known in HEADINGS.items():
        if said in known:
            return role, ""
    if money := _money_role(said):
        return money, ""
    bare = re.sub(r"\s*[(\[].*?(?:[)\]]|$)", "", said).strip(" ,.:;")
    for role, known in HEADINGS.items():
        if bare in known:
            return role, ""
    if len(bare) >= SHORTEST_FUZZY:
        near = process.extractOne(bare, KNOWN_HEADINGS, scorer=fuzz.ratio, score_cutoff=FUZZY)
        if near:
            return KNOWN_HEADINGS_ROLE[near[0]], near[0]
    return None, ""


def speaks_of_vat(said: str) -> bool:
    return bool(re.search(r"\bkm|käibemaks|\bvat\b", said))


def _money_role(said: str) -> Role | None:
    """Headings with a price in them; those that name only the forms are told by their column."""
    is_price = bool(PRICE.search(said))
    without = any(stem in said for stem in NET_STEMS)
    with_vat = any(stem in said for stem in GROSS_STEMS)
    if with_vat and not without and (is_price or len(said) < 30):
        return Role.GROSS
    if without and not with_vat and (is_price or len(said) < 30):
        return Role.NET
    if without and with_vat:
        return None
    if is_price and speaks_of_vat(said):
        return None
    if re.search(r"(\bkm\b|käibemaks|\bvat\b).*(%|määr|summa|€)|%.*(\bkm\b|käibemaks)", said):
        return Role.VAT
    return Role.PRICE if is_price else None


def forms_in(text: str) -> tuple[Form, ...]:
    """The forms that a text names, in their order; none where it does not say for certain."""
    said = plain(text)
    if not said or DOUBT.search(said):
        return ()
    if any(stem in said for stem in ALL_FORMS):
        return ()
    return tuple(
        form
        for form in Form
        if any(re.search(rf"(?<!\w){stem}", said) for stem in FORM_STEMS[form])
    )


def says_all_forms(text: str) -> bool:
    """“Mõlemad”: every form that the component has."""
    said = plain(text)
    return any(stem in said for stem in ALL_FORMS) and not DOUBT.search(said)


KNOWN_HEADINGS_ROLE = {word: role for role, known in HEADINGS.items() for word in known}
KNOWN_HEADINGS = [word for word in KNOWN_HEADINGS_ROLE if len(word) >= SHORTEST_FUZZY]
