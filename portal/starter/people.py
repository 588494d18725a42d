"""Who can sign in to the demo: invented people, one password, a line of story each."""

from dataclasses import dataclass

from django.contrib.auth.models import Group

from portal.access.cms_groups import ensure_cms_groups
from portal.accounts.models import User


@dataclass(frozen=True)
class Person:
    """`story` is what one sees when signed in as this person, for the sign-in page of the demo."""

    email: str
    first_name: str
    last_name: str
    role: str
    story: str
    group: str = ""
    is_administrator: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


SUPPORT = Person(
    "tugi@tugivork.example",
    "Kadri",
    "Näidis",
    "Baastoetuse spetsialist, Kolme Käbi tugikeskus",
    "Hoiab Antslas koos viit juhtumit; ühe ülevaatuse tähtaeg on täna, teine on hilinenud.",
)
CASE_MANAGER = Person(
    "kov@tugivork.example",
    "Eve",
    "Näidis",
    "Juhtumikorraldaja, Antsla Vallavalitsus",
    "Näeb oma valla juhtumeid tervikuna; ühel ootab uus inimene esimest kohtumist.",
)
COLLEAGUE = Person(
    "kolleeg@tugivork.example",
    "Marek",
    "Näidis",
    "Baastoetuse spetsialist, Kolme Käbi tugikeskus",
    "Kadri kolleeg samas majas: oma kahte juhtumit näeb, Kadri omi ei näe.",
)
PEER = Person(
    "kogemus@tugivork.example",
    "Siiri",
    "Näidis",
    "Kogemusnõustaja, Tammetõru kogemuskoda",
    "Lisatoetuse osutaja: näeb nime, telefoni ja tiimi märkmeid; üks kutse ootab vastust.",
)
OFFERS = Person(
    "pakkuja@tugivork.example",
    "Urve",
    "Näidis",
    "Pakkumiste hoidja, Villase Salli kodutugi",
    "Hoiab oma asutuse kümmet pakkumist ajakohasena, telefonis minutiga; juhtumeid ei näe.",
)
DOCTOR = Person(
    "perearst@tugivork.example",
    "Anu",
    "Näidis",
    "Perearst, Sinilille perearstikeskus",
    "Partner: näeb ühel juhtumil ainult seda, mis talle märgiti, ja kuni kokkulepitud päevani.",
)
LEAD = Person(
    "juhataja@tugivork.example",
    "Helle",
    "Näidis",
    "Juhataja, Kolme Käbi tugikeskus",
    "Näeb oma inimeste juhtumitest numbrit, seisu, ülevaatuse päeva ja tiimi, mitte nimesid.",
)
COORDINATOR = Person(
    "koordinaator@tugivork.example",
    "Jaan",
    "Näidis",
    "Piirkonna koordinaator ja juhtrühma liige, Võrumaa",
    "Valmistab ette juhtrühma kohtumised ja vastab vajadustele; ühtegi juhtumit ei näe.",
)
AUDITOR = Person(
    "audiitor@tugivork.example",
    "Rita",
    "Näidis",
    "Andmekaitse audiitor",
    "Näeb, kes mida vaatas; juhtumitest ainult numbreid.",
)
PUBLISHER = Person(
    "toimetaja@tugivork.example",
    "Triin",
    "Näidis",
    "Toimetaja",
    "Kirjutab ja avaldab avalikke lehti; juhtumeid ei näe.",
    group="publishers",
)
EDITOR = Person(
    "kirjutaja@tugivork.example",
    "Priit",
    "Näidis",
    "Kirjutaja",
    "Kirjutab avalike lehtede mustandeid, avaldab toimetaja.",
    group="editors",
)
ADMINISTRATOR = Person(
    "haldur@tugivork.example",
    "Helve",
    "Näidis",
    "Haldur",
    "Hoiab süsteemi töös ja kutsub töötajaid; juhtumeid ei näe.",
    is_administrator=True,
)

PEOPLE = (
    SUPPORT,
    CASE_MANAGER,
    PEER,
    DOCTOR,
    OFFERS,
    COLLEAGUE,
    LEAD,
    COORDINATOR,
    AUDITOR,
    PUBLISHER,
    EDITOR,
    ADMINISTRATOR,
)


def load_people(password: str) -> None:
    """Create the sign-ins of the demo that are not there yet; all share `password`."""
    groups: dict[str, Group] = ensure_cms_groups()
    for person in PEOPLE:
        if User.objects.filter(email=person.email).exists():
            continue
        user = User.objects.create_user(
            person.email,
            password,
            first_name=person.first_name,
            last_name=person.last_name,
            is_staff=person.is_administrator,
            is_superuser=person.is_administrator,
        )
        if person.group:
            user.groups.add(groups[person.group])
