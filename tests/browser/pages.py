"""The public pages by kind: one example of each, as the starter content has them."""

COMPONENT = "/teenused/toosarnase-voi-rakendustegevuse-toetamine/"
ORGANISATION = "/asutused/kolme-kabi-tugikeskus/"
SUPPLY = "/vajadus-ja-pakkumine/"
NEWS_ITEM = "/uudised/antslas-alustab-kogemusnoustamise-ruhm/"

EXAMPLES = {
    "front": "/",
    "catalogue": "/teenused/",
    "catalogue filtered": "/teenused/?domain=hoivatus&form=group&municipality=antsla-vald",
    "catalogue empty": "/teenused/?q=kosmoselaev",
    "component": COMPONENT,
    "component near Antsla": f"{COMPONENT}?municipality=antsla-vald",
    "map": "/kaart/",
    "map near Antsla": "/kaart/?municipality=antsla-vald",
    "map empty": "/kaart/?municipality=parnu-linn&domain=hoivatus",
    "part of the map": "/kaart/?box=26.3,57.7,26.8,58&form=group",
    "supply": SUPPLY,
    "supply of a service": f"{SUPPLY}?municipality=rouge-vald&component=kogemusnoustamine",
    "supply not understood": f"{SUPPLY}?region=atlantis&domain=eluase",
    "Russian supply": f"/ru{SUPPLY}",
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
    "Russian map": "/ru/kaart/?municipality=voru-linn",
    "Russian component": f"/ru{COMPONENT}",
}
