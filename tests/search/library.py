"""A small shelf of documents about the components, in words of our own, and who stands on it."""

from dataclasses import dataclass

from wagtail.models import Page

from home.models import ContentPage
from network.models import County, Municipality, Organisation

# slug → (title, text); one for each component.
COMPONENTS = {
    "planeerimine": (
        "Teenuse planeerimine",
        "Koos vaadatakse, millist abi on vaja, ja tehakse tegevusplaan. Poeg tuli haiglast koju.",
    ),
    "elluviimine": (
        "Tegevusplaani elluviimise tagamine",
        "Üks inimene hoiab abi koos ja aitab asju ajada: perearsti nimistu, Töötukassa, puude "
        "taotlemine.",
    ),
    "konsultatsioon": (
        "Välise spetsialisti konsultatsioon",
        "Ekspert annab nõu keerulises olukorras.",
    ),
    "erakorraline": (
        "Personaalne toetamine erakorralistes eluolukordades",
        "Lühike tugi, kui haigus ägeneb. Kriisiabi tuleb kohale.",
    ),
    "risk": (
        "Riski- ja probleemse käitumise juhtimine",
        "Ohumärgid ja kriisikaart, et rasked hetked ei korduks.",
    ),
    "igapaev": ("Igapäevaelu toetamine", "Söögi tegemine, koristamine, arved, poes käimine."),
    "iseseisvumine": ("Ettevalmistus iseseisvumiseks", "Kursusel õpitakse omaette elama."),
    "ruumis": ("Liikumine eluruumides", "Abivahend või käsi, kui voodist tõusta on raske."),
    "valjas": ("Liikumine väljaspool eluruume", "Bussiga sõitmist ja teekonda harjutatakse koos."),
    "rakendus": (
        "Töösarnase või rakendustegevuse toetamine",
        "Jõukohane käsitöö tegevuskeskuses, oma tempos.",
    ),
    "tootamine": ("Töötamise toetamine", "Töökoha leidmine ja hoidmine, jutt tööandjaga."),
    "oppimine": ("Õppimise toetamine", "Kool, eksamid ja õpingute jätkamine."),
    "kogukond": ("Rakendus kogukonnas", "Vabatahtlik töö külaseltsis ja talgutel."),
    "elukoht": ("Toetus elukoha vahetusel", "Uue kodu otsimine ja kolimisplaan, üürileping."),
    "vabaaeg": ("Vaba aja ja huvitegevuse toetamine", "Huviring, laulmine ja meelepärane puhkus."),
    "suhted": ("Sotsiaalsete suhete toetamine", "Sõbrad, suhtlemine ja üksindus."),
    "taastumine": (
        "Taastumise ja vaimse tervise haigusega toimetuleku toetamine",
        "Unehäire, ravimid ja depressioon: kuidas haigusega elada.",
    ),
    "voimekus": ("Vaimse ja motoorse võimekuse arendamine", "Mälu ja peenmotoorika harjutused."),
    "psuhholoog": (
        "Psühholoogiline nõustamine ja psühhoteraapia",
        "Vestlus psühholoogiga, kui ärevus või mure ei anna rahu.",
    ),
    "kogemus": (
        "Kogemusnõustamine",
        "Räägib inimene, kes on ise sama läbi elanud. Tugirühmad.",
    ),
    "tervisenou": (
        "Füüsilise tervise alane nõustamine",
        "Toitumine, suitsetamisest loobumine, hambaarsti juurde jõudmine.",
    ),
    "trenn": ("Füüsilise aktiivsuse toetamine", "Kepikõnd, ujumine ja võimlemine."),
    "teraapiad": ("Teraapiad füüsilise tervise toetamiseks", "Füsioteraapia, kui selg valutab."),
    "perele-teraapia": (
        "Psühholoogiline nõustamine ja psühhoteraapia perele",
        "Kogu pere räägib koos terapeudiga.",
    ),
    "perenou": ("Pere nõustamine ja koolitus", "Lähedased õpivad haigust tundma, hooldusoskused."),
    "perele-kogemus": ("Kogemusnõustamine perele", "Emad ja isad, kes on sama kogenud."),
    "hoid": ("Ajutise hoiu teenus", "Hooldaja puhkab, sest laps on mõne päeva hoius."),
    "english": ("Housing and moving", "Families get counselling about their rights and services."),
    "russian": ("Помощь при переезде", "Консультации психолога для семьи и детей."),
}

# name → (municipality, text)
ORGANISATIONS = {
    "Tammetõru": ("Antsla vald", "Kogemuskoda ja jutuajamised."),
    "Sinine Uks": ("Võru linn", "Viipekeele tõlk tuleb kaasa, kui ette teatada."),
    "Hommikuudu": ("Rõuge vald", "Päevahoid puudega noortele."),
    "Tuulelipp": ("Setomaa vald", "Puutöö ja kangakudumine."),
}


@dataclass(frozen=True)
class Library:
    """Who is who: the name of a document by model and key."""

    names: dict[tuple[type, str], str]


def fill() -> Library:
    """Write the shelf into the database and, as a save does, into the index."""
    names: dict[tuple[type, str], str] = {}
    root = Page.get_first_root_node()
    for slug, (title, text) in COMPONENTS.items():
        page = root.add_child(instance=ContentPage(title=title, slug=slug, body=f"<p>{text}</p>"))
        names[ContentPage, str(page.pk)] = slug
    county = County.objects.create(slug="voru", name="Võru maakond", ehak="0087")
    for number, (name, (place, text)) in enumerate(ORGANISATIONS.items()):
        municipality = Municipality.objects.create(
            slug=f"vald-{number}",
            name=place,
            county=county,
            type=place.split()[1],
            ehak=f"900{number}",
            seat=place.split()[0],
            lat=57.8,
            lon=27.0,
        )
        organisation = Organisation.objects.create(
            slug=f"asutus-{number}",
            name=name,
            kind=Organisation.Kind.PROVIDER,
            municipality=municipality,
            text=text,
        )
        names[Organisation, str(organisation.pk)] = name
    return Library(names)
