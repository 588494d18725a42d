"""The public pages by kind: one example of each, as the starter content has them."""

COMPONENT = "/teenused/toosarnase-voi-rakendustegevuse-toetamine/"
ORGANISATION = "/asutused/kolme-kabi-tugikeskus/"
SUPPLY = "/vajadus-ja-pakkumine/"
NEWS_ITEM = "/uudised/antslas-alustab-kogemusnoustamise-ruhm/"
THREE = "component=kogemusnoustamine&component=tootamise-toetamine&component=ajutise-hoiu-teenus"
ANSWER = "/leia/?who=close&municipality=antsla-vald&step=5"

EXAMPLES = {
    "front": "/",
    "catalogue": "/teenused/",
    "catalogue filtered": "/teenused/?domain=hoivatus&form=group&municipality=antsla-vald",
    "catalogue empty": "/teenused/?q=kosmoselaev",
    "component": COMPONENT,
    "component near Antsla": f"{COMPONENT}?municipality=antsla-vald",
    "services side by side": f"/vordle/?{THREE}&municipality=antsla-vald",
    "one service to compare": "/vordle/?component=kogemusnoustamine",
    "nothing to compare": "/vordle/?component=kosmoselaev",
    "Russian comparison": f"/ru/vordle/?{THREE}",
    "list that was sent": "/minu-nimekiri/?k=kogemusnoustamine,ajutise-hoiu-teenus,kosmoselaev",
    "empty list": "/minu-nimekiri/",
    "finder, who": "/leia/",
    "finder, what": "/leia/?who=self&step=2",
    "finder, nothing ticked": "/leia/?who=self&step=3",
    "finder, where": "/leia/?who=self&hard=unsure&step=3",
    "finder, how": "/leia/?who=self&hard=unsure&municipality=&step=4",
    "finder, answer": f"{ANSWER}&hard=hoivatus&hard=vaimne-tervis&how=group&how=home",
    "finder, crisis": f"{ANSWER}&hard=crisis",
    "finder, nothing known": "/leia/?who=work&hard=unsure&step=5",
    "Russian finder": f"/ru{ANSWER}&hard=pere-toetamine",
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
