"""What the dictionary does not know or gets wrong: our domain words, places, synonyms.

`FORMS` gives the forms a reader types for a lemma; they win over the dictionary and may share a
form ("puude" is of "puue" here, though also of "puu"). `PLACES` are inflected by rule.
"""


def _many(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORMS = {
    "puue": "puue puude puuet puudesse puudes puudest puudele puudel puudelt puudeks puudega "
    "puudeta puuded puuete puudeid puuetega puueteta puuetele",
    "koht": "koht koha kohta kohasse kohas kohast kohale kohal kohalt kohaks kohaga kohata kohad "
    "kohtade kohti kohtadesse kohtades kohtadest kohtadele kohtadel kohtadelt kohtadega",
    "tõlk": "tõlk tõlgi tõlki tõlgile tõlgil tõlgilt tõlgiks tõlgiga tõlgita tõlgid tõlkide tõlke "
    "tõlkidele tõlkidega",
    "kool": "kool kooli koolisse koolis koolist koolile koolil koolilt kooliks kooliga "
    "koolid koolide koole koolidesse koolides koolidest koolidele koolidega",
    "töö": "töö tööd töösse töös tööst tööle tööl töölt tööks tööga tööta tööde töid töödel "
    "töödele",
    "rühm": "rühm rühma rühmasse rühmas rühmast rühmale rühmal rühmaga rühmad rühmade rühmi "
    "rühmades rühmadele",
    "hoid": "hoid hoiu hoidu hoiule hoiul hoiult hoiuks hoiuga hoius",
    "kodu": "kodu kodusse koju kodus kodust kodule kodul koduga kodud kodude kodusid kodudes",
    "pere": "pere peret peresse peres perest perele perel perelt pereks perega pereta pered perede "
    "peresid peredele peredega",
    "nõu": "nõu nõusid nõuga nõuta",
    "öö": "öö ööd öösse öös ööst ööle ööl öölt ööks ööga ööde öid öösel öösiti",
    "tugi": "tugi toe tuge toeks toega toeta toed tugede tugesid",
    "elu": "elu ellu elus elust elule elul eluga elud elude elusid",
    "vald": "vald valla valda vallas vallast vallale vallaga vallad valdade valdades",
    "linn": "linn linna linnas linnast linnale linnaga linnad linnade linnades",
    "abi": "abi abisse abist abile abiks abiga abita",
    "arst": "arst arsti arstile arstil arstilt arstiks arstiga arstid arstide arste arstidele",
    "tegevus": "tegevus tegevuse tegevust tegevusse tegevuses tegevusest tegevusele tegevusel "
    "tegevuseks tegevusega tegevused tegevuste tegevusi tegevustes tegevustele tegevustega",
    "ring": "ring ringi ringis ringist ringile ringil ringilt ringiga ringita ringid ringide ringe "
    "ringidesse ringides ringidele",
    "kriis": "kriis kriisi kriisis kriisist kriisile kriisil kriisiks kriisiga kriisid kriiside "
    "kriise kriisides kriisidega",
    "hirm": "hirm hirmu hirmus hirmust hirmule hirmuga hirmud hirmude hirme hirmudega hirmudest",
    "viha": "viha vihas vihast vihale vihaks vihaga vihad vihade vihasid",
    "stress": "stress stressi stressis stressist stressiga stressid stresse",
    "sport": "sport spordi sporti spordis sportis spordist spordile spordiga",
    "poeg": "poeg poja poega pojast pojale pojal pojalt pojaga pojata pojad poegade poegi",
    "rohi": "rohi rohu rohtu rohust rohuga rohud rohtude rohte rohtudega",
    "ravi": "ravi ravisse ravis ravist ravile ravil ravilt raviks raviga",
    "plaan": "plaan plaani plaanis plaanist plaanile plaaniks plaaniga plaanid plaanide plaane",
    "hind": "hind hinna hinda hinnas hinnast hinnaga hinnad hindade hindu",
    "saatja": "saatja saatjat saatjale saatjaks saatjaga saatjad saatjate saatjaid",
    "võlg": "võlg võla võlga võlad võlgade võlgu võlgadega võlgades",
    "taastumine": "taastumine taastumise taastumist taastumises taastumisele taastumisel",
    "rehabilitatsioon": "rehabilitatsioon rehabilitatsiooni rehabilitatsioonis "
    "rehabilitatsioonist rehabilitatsioonile rehabilitatsiooniks rehabilitatsiooniga",
    "teraapia": "teraapia teraapiat teraapiasse teraapias teraapiad teraapiate teraapiaid",
}

# Lemmas of their own although the dictionary does not hold them (they also split compounds).
LEMMAS = _many(
    """intervallhoid töötukassa astangu tugiisik kogemusnõustaja isikuabi
    viipekeel võrgustik baastoetus lisatoetus töösarnane seto võro inva sotsiaal"""
)

PLACES = _many(
    """abja paluoja alatskivi alutaguse anija antsla aruküla elva haabneeme haapsalu haljala harju
    harku hiiumaa hullo häädemeeste iisaku järva jõgeva jõhvi jõelähtme jüri kadrina kambja kanepi
    karula kastre kehra keila kihnu kiili kiiu kilingi kohila kohtla kose kostivere kunda kurepalu
    kuusalu kärdla kõrveküla laagri lihula linaküla loksa luunja lääneranna lüganuse maardu märjamaa
    misso muhu mulgi mustvee mõniste narva jõesuu nõo obinitsa orava otepää paide pajusti paldiski
    parksepa peipsiääre põltsamaa põlva pärnu raasiku rae rakvere rapla ruhnu räpina rõuge saarde
    saaremaa saku saue setomaa sillamäe sindi sõmeru sõmerpalu tabasalu taebla tallinna tapa tartu
    toila tori tõrva türi urvaste uulu valga varstu vastseliina viimsi viljandi vinni vormsi võru
    väimela vändra värska ülenurme"""
)

# Short "into" forms that no rule gives.
PLACE_FORMS = {
    "võrru": "võru",
    "valka": "valga",
    "põlvva": "põlva",
    "tallinn": "tallinna",
    "tallinnasse": "tallinna",
    "narvva": "narva",
    "setumaa": "setomaa",
    "setumaal": "setomaa",
    "setumaale": "setomaa",
    "vastseliinna": "vastseliina",
}

STOP = _many(
    """aga ainult ei ega enda et ja ju just juba ka kas keda kelle kellele kes kui kuhu kuidas kus
    kust kuna ma me mida mille millal millele millest milline millised minu mina mind mis miks mul
    mulle mu nad need neid nende nii ning nüüd oma on olen oleks olema oli oma palun saab saaks saan
    saada saama see seda selle sellest siis siin sa sina sinu sul sulle ta tahan tahaks tema te teie
    teil teile too tal talle vaja vajan vajab vajame veel või võiks välja väga läbi üle
    a an and any are at be can do does for from get have how i in is it me my need of on or our the
    their there to we what when where which who with you your
    и в во на с со к ко у о об от до для по из за не но а что как где куда кто мне мой моя мы я он
    она они это эта есть ли мочь можно нужно нужен нужна хочу"""
)

# Small words that turn a phrase into its opposite.
NEGATIONS = _many("ei ilma pole mitte")

# Words that say little about what is sought, whatever text they stand in. Lemmas, folded.
COMMON_TERMS = _many(
    """abi aitama aitamine abistama abistamine saama saamine minema minek tulema tulemine
    kaima kaimine votma votmine teha tegema tegemine panema leidma leidmine otsima otsimine
    otsing poorduma poordumine
    kusima teadma tahtma soovima soovimine vajama vajamine vajadus vaja pakkuma pakkumine
    saada kasutama kasutamine teenus inimene keegi keski mees naine oma uks koik asi mure probleem
    ule kes moni palju suur vaike hea halb raske uus vana enam juba kohta korral puhul jaoks
    tahendama raakima raakimine helistama ettevotma korraldama korraldamine olema olemine jaama
    osalema osalemine toetama toetamine toetus tugi mote aeg paev kord nadal kuu aasta
    ema isa poeg tutar vend ode laps lapse noor abikaasa vanem vanaema vanaisa naaber sober
    help get find service person people need want somebody someone
    помощь помочь человек услуга найти получить"""
)

# What people type → what our texts say. Keys and values are lemmas; one direction.
SYNONYMS = {
    "psühholoog": ("psühholoogiline", "psühhoteraapia"),
    "terapeut": ("teraapia",),
    "trenn": ("aktiivsus", "treening"),
    "sport": ("aktiivsus", "liikumine"),
    "korter": ("eluase", "eluruum"),
    "maja": ("eluase",),
    "kolima": ("elukohavahetus", "kolimine"),
    "kolimine": ("elukohavahetus",),
    "eluase": ("elukoht", "eluruum"),
    "elukoht": ("eluase",),
    "töökoht": ("töötamine",),
    "tööleidmine": ("töötamine",),
    "hobi": ("huvitegevus", "huvi"),
    "sõber": ("suhe",),
    "üksindus": ("suhe",),
    "depressioon": ("vaimne", "meeleolu"),
    "ärevus": ("vaimne",),
    "perekond": ("pere",),
    "lähedane": ("pere",),
    "vanem": ("pere",),
    "intervallhoid": ("hoid",),
    "asenduskodu": ("hoid",),
    "kogemusnõustaja": ("kogemusnõustamine",),
    "tasu": ("hind",),
    "maksumus": ("hind",),
    # English
    "housing": ("eluase", "elukoht"),
    "home": ("kodu", "eluase"),
    "apartment": ("eluase",),
    "flat": ("eluase",),
    "move": ("kolimine", "elukohavahetus"),
    "work": ("töö",),
    "job": ("töö", "töökoht"),
    "employment": ("töö", "töötamine"),
    "school": ("kool", "õppimine"),
    "study": ("õppimine",),
    "learn": ("õppimine",),
    "family": ("pere",),
    "child": ("laps",),
    "doctor": ("arst", "perearst"),
    "counsel": ("nõustamine",),
    "counselling": ("nõustamine",),
    "counseling": ("nõustamine",),
    "advice": ("nõustamine",),
    "therapy": ("teraapia",),
    "psychologist": ("psühholoogiline",),
    "psychological": ("psühholoogiline",),
    "psychotherapy": ("psühhoteraapia",),
    "crisis": ("kriis", "kriisiabi"),
    "mental": ("vaimne",),
    "physical": ("füüsiline",),
    "health": ("tervis",),
    "peer": ("kogemusnõustamine",),
    "respite": ("hoid",),
    "transport": ("liikumine",),
    "volunteer": ("vabatahtlik",),
    "hobby": ("huvitegevus",),
    "leisure": ("huvitegevus",),
    "price": ("hind",),
    "support": ("toetamine", "tugi"),
    "plan": ("plaan", "planeerimine"),
    "disability": ("puue",),
    # Russian
    "жилье": ("eluase", "elukoht"),
    "квартира": ("eluase",),
    "переезд": ("kolimine", "elukohavahetus"),
    "работа": ("töö", "töötamine"),
    "школа": ("kool", "õppimine"),
    "учеба": ("õppimine",),
    "учиться": ("õppimine",),
    "семья": ("pere",),
    "ребенок": ("laps",),
    "врач": ("arst", "perearst"),
    "доктор": ("arst",),
    "консультация": ("nõustamine",),
    "консультирование": ("nõustamine",),
    "совет": ("nõustamine",),
    "терапия": ("teraapia",),
    "психолог": ("psühholoogiline",),
    "психологический": ("psühholoogiline",),
    "психотерапия": ("psühhoteraapia",),
    "кризис": ("kriis", "kriisiabi"),
    "психический": ("vaimne",),
    "здоровье": ("tervis",),
    "физический": ("füüsiline",),
    "транспорт": ("liikumine",),
    "досуг": ("huvitegevus",),
    "хобби": ("huvitegevus",),
    "цена": ("hind",),
    "поддержка": ("toetamine", "tugi"),
    "помощь": ("abi", "tugi"),
    "план": ("plaan", "planeerimine"),
    "инвалидность": ("puue",),
    "инвалид": ("puue",),
    "отношение": ("suhe",),
    "доброволец": ("vabatahtlik",),
}

# Three letters begin a compound only if they are one of these: "lii|kumine" is none.
SHORT_LEFT = _many(
    """abi aja ema elu eri iga isa ise jõu kuu käe maa oma pea suu tee toa töö une vee õue ühe
    üks"""
)

# Words that only look like compounds.
NOT_COMPOUNDS = _many("kontroll võimalus ajutine spetsialist omavahel üksteist samuti")

# Right-hand "parts" that are endings and not words: "liiku|mine" is not a compound.
NOT_PARTS = _many(
    """mine mise mist mised miste misi minu line lise list lised liste lisi lane lase tama data
    tada tava duse dust tuse tust sest kene kese mata mast maks mas matu likud like likus dele tele
    dega tega dest test deks teks dena tena sena selt selle seda sega seks sele seta ette tanud
    misel miseks misega misest misele misena ness isel iseks umine ilma atud etud utud ksed ajad
    peal pool kesi tine"""
)

# Regular declensions of words the dictionary may not hold: ending → nominative ending.
DECLENSIONS = {
    ending + case: nominative
    for nominative, ending, cases in (
        ("us", "us", "e t es est ele el elt eks ega eta ed te i se tes test tele tel tega teta"),
        ("ja", "ja", "t s st le l lt ks ga ta d te id tes test tele tel telt teks tega"),
        ("line", "lis", "e t es est ele el elt eks ega eta ed te i tes test tele tel tega"),
        ("lane", "las", "e t es est ele el elt eks ega eta ed te i tes test tele tel tega"),
        ("sioon", "sioon", "i is ist ile il ilt iks iga ita id ide e idele idel idega isse"),
        ("istik", "istik", "u ku us ust ule ul ult uks uga ud e"),
        ("spekt", "spekt", "i"),
    )
    for case in cases.split()
}
