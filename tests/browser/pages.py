"""The public pages by kind: one example of each, as the starter content has them."""

COMPONENT = "/teenused/toosarnase-voi-rakendustegevuse-toetamine/"
ORGANISATION = "/asutused/kolme-kabi-tugikeskus/"
NEWS_ITEM = "/uudised/antslas-alustab-kogemusnoustamise-ruhm/"

EXAMPLES = {
    "front": "/",
    "catalogue": "/teenused/",
    "catalogue filtered": "/teenused/?domain=hoivatus&form=group&municipality=antsla-vald",
    "catalogue empty": "/teenused/?q=kosmoselaev",
    "component": COMPONENT,
    "component near Antsla": f"{COMPONENT}?municipality=antsla-vald",
    "search": "/otsing/?q=kogemusn%C3%B5ustamine",
    "search empty": "/otsing/?q=kosmoselaev",
    "organisations": "/asutused/",
    "organisation": ORGANISATION,
    "news": "/uudised/",
    "news item": NEWS_ITEM,
    "content page": "/alustamine/",
    "glossary": "/sonastik/",
    "price": "/hind-ja-ulempiir/",
    "help numbers": "/abinumbrid/",
    "contact": "/kontakt/",
    "accessibility": "/ligipaasetavus/",
    "privacy": "/andmekaitse/",
    "sign-in": "/konto/sisse/",
    "English front": "/en/",
    "English catalogue": "/en/teenused/",
    "Russian front": "/ru/",
    "Russian component": f"/ru{COMPONENT}",
}
