"""What is thrown where, as plain values: the suite takes a part of it and `make fuzz` all.

Every generator is the same each time it is asked; `share` is one in how many is taken.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from network.cases.models import Case
from tests.fuzz.fill import filled
from tests.fuzz.page import Field, Form
from tests.fuzz.town import Offered, Sent, Town
from tests.fuzz.values import BIG, CURSORS, ODD, RAW, encoded
from tests.world import MINE, SAME_REGION

CSRF = "csrfmiddlewaretoken"

# Parameters that our code reads and no page shows as a field or a link.
HIDDEN_PARAMETERS = {
    "/kaart/andmed.geojson": ("box", "zoom", "municipality", "domain", "form", "free", "q", "in"),
    "/kaart/nimekiri.csv": ("box", "municipality", "domain", "form", "free", "q", "in", "page"),
    "/kaart/": ("box", "zoom", "page"),
    "/teenused/": ("page", "sort"),
    "/teenused/noustamine/": ("price", "individual", "group", "begin", "end", "spent"),
    "/arvuta/": ("component", "price", "individual", "family", "group", "begin", "end", "spent"),
    "/vordle/": ("component", "offer", "municipality"),
    "/minu-nimekiri/": ("k", "municipality"),
    "/leia/": ("who", "hard", "municipality", "how", "step"),
    "/otsing/": ("page", "kind", "municipality"),
    "/uudised/": ("page", "year"),
    "/sisu/": ("password", "preview", "next"),
    "/vajadus-ja-pakkumine/tabel.csv": ("municipality", "domain", "component"),
    "/sitemap.xml": ("p", "section"),
    "/intranet/": ("page", "q"),
    "/intranet/logi/": ("before", "page"),
    "/intranet/liitumised/": ("q", "page", "format"),
    "/intranet/juhtumid/": ("after", "before", "words"),
    "/intranet/kohtumised/sari/kuupaevad/": (
        "group",
        "how",
        "weekday",
        "week",
        "day",
        "first_day",
        "begins",
        "ends",
        "rule",
        "starts_on",
    ),
    "/intranet/kohtumised/uus/": ("group", "gap"),
    "/intranet/inimesed/kutsu/": ("ametikoht",),
    "/intranet/vajadused/": ("q", "state", "kind", "municipality", "subject", "sort", "page"),
    "/konto/sisse/": ("email", "next", "process"),
    "/konto/kinnita/": ("next",),
}
KEYS = ("page", "before", "after", "enne", "marge", "valmis", "punkt", "p")
EVERYWHERE = ("page", "format", "sort", "q", "zq")


# Ways to ask that are none of GET and POST.
METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "ÕÄÖ", "get")
BAD_IDS = (
    "0",
    "-1",
    "99999999999999999999",
    "00000000-0000-4000-8000-000000000000",
    "00000000-0000-4000-8000-00000000000",
    "00000000000040008000000000000000",
    "{00000000-0000-4000-8000-000000000000}",
    "NaN",
    "a\0b",
    "..",
    "õ",
    "'",
    "<zq7>",
    "x" * 8_000,
)
# Each is read by some piece of the way in: cookies, languages, caches, proxies, scripts.
HEADERS: tuple[dict[str, str], ...] = (
    {"HTTP_COOKIE": "sessionid=" + "a" * 60_000},
    {"HTTP_COOKIE": 'sessionid="\\000\\"; csrftoken=\xff; messages=x; =; ;; a'},
    {"HTTP_COOKIE": "messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjUsIjx6cTc+Il1d:zq"},
    {"HTTP_ACCEPT_LANGUAGE": "x" * 5_000 + ";q=1e9"},
    {"HTTP_ACCEPT_LANGUAGE": "et;q=NaN,,;;zh-Hant-TW-x-\0"},
    {"HTTP_ACCEPT": "*/" * 3_000},
    {"HTTP_ACCEPT_ENCODING": "gzip;q=-1, br;q=x, \xff"},
    {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Feb 99999 25:61:61 GMT"},
    {"HTTP_IF_NONE_MATCH": '"' * 900},
    {"HTTP_RANGE": "bytes=99999999999999999999-1,-"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[::1", "HTTP_HX_TARGET": "<zq7"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_PROMPT-URI-AutoEncoded": "true"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_X_FORWARDED_FOR": "<zq7, \xff, ::1"},
    {"HTTP_X_FORWARDED_HOST": "zq.example", "HTTP_X_FORWARDED_PROTO": "javascript"},
    {"HTTP_REFERER": "http://[::1", "HTTP_ORIGIN": "null", "HTTP_USER_AGENT": "<zq7" * 2_000},
    {"HTTP_HOST": "zq.example"},
    {"HTTP_HOST": "testserver:99999"},
    {"HTTP_HOST": "õ\xff<zq7"},
    {"CONTENT_LENGTH": "-5"},
    {"CONTENT_LENGTH": "x"},
    {"CONTENT_LENGTH": "99999999999999999999"},
    {"REMOTE_ADDR": "<zq7"},
    {"HTTP_AUTHORIZATION": "Basic \xff", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
)
# Bodies that are no form: type and content.
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b'{"text": ["x"], "key": {"a": 1}}'),
    ("application/json", b"[" * 90_000),
    ("text/xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
    ("", b"text=x"),
    ("nonsense", b"text=x"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-zq7-"),
    ("application/x-www-form-urlencoded; charset=no-such-one", b"text=x"),
    ("application/x-www-form-urlencoded; charset=base64", b"text=x"),
    ("application/x-www-form-urlencoded", b"text=%ff%zz%&=&&&%=%00=%"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(12_000))),
    ("multipart/form-data", b"text=x"),
    ("multipart/form-data; boundary=", b"----\r\n"),
    ("multipart/form-data; boundary=\xf5", b"--a--"),
    ("multipart/form-data; boundary=" + "x" * 500, b"--x"),
    ("multipart/form-data; boundary=a; charset=no-such-one", b"--a\r\n\r\n--a--"),
    ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=text\r\n"),
    (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="te\0xt"; filename="\xff"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--a--\r\n",
    ),
    (
        "multipart/form-data; boundary=a",
        b"--a\r\nContent-Disposition: form-data; name*=utf-7''x; filename*=x\r\n"
        b"Content-Type: text/plain; charset=zq\r\n\r\nx\r\n--a--\r\n",
    ),
    (
        "multipart/form-data; boundary=a",
        b"".join(
            b'--a\r\nContent-Disposition: form-data; name="f"; filename="%d.txt"\r\n\r\nx\r\n' % n
            for n in range(150)
        )
        + b"--a--\r\n",
    ),
)


@dataclass(frozen=True)
class Asked:
    """One request to read something."""

    persona: str
    path: str
    query: str
    said: str = ""
    headers: dict[str, Any] = field(default_factory=dict)


def questions(town: Town, share: int = 1) -> Iterator[Asked]:
    """Every parameter of every address with every odd value, all parameters of a page at once."""
    values = list(ODD.values())
    for number, (path, (persona, known)) in enumerate(town.queries().items()):
        names = [*known, *HIDDEN_PARAMETERS.get(path, ())]
        names += [name for name in EVERYWHERE if name not in names]
        # Where no parameter is known, whatever stands there is not read.
        turns = range(number % share, len(values), share) if len(names) > 5 else (number % 7,)
        for turn in turns:
            sent = [values[(turn + place) % len(values)] for place in range(len(names))]
            pairs = [f"{name}={encoded(text)}" for name, text in zip(names, sent, strict=True)]
            yield Asked(persona, path, "&".join(pairs), "\n".join(sent))
        # What an address can hold and a form cannot; and places in a list that nobody has seen.
        raw, cursor = RAW[number % len(RAW)], CURSORS[number % len(CURSORS)]
        pairs = [f"{name}={raw}&{name}=&{name}[]=1" for name in names]
        pairs += [f"{name}={encoded(cursor)}" for name in KEYS]
        yield Asked(persona, path, "&".join(pairs), cursor)


@dataclass(frozen=True)
class Thrown:
    """One form sent; `odd`: the names of the fields that hold something odd."""

    offered: Offered
    sent: Sent
    odd: tuple[str, ...]

    def __str__(self) -> str:
        said = {name: self.sent.get(name, ["(left out)"])[0][:60] for name in self.odd[:6]}
        return f"{self.offered.route or self.offered.form.path} by {self.offered.persona}: {said}"


def by_hand(town: Town) -> list[Offered]:
    """Forms that no page of the town shows just now, as their templates write them."""
    world, other = town.world, town.world.ids[MINE]
    holding = town.invited.pk
    written: list[tuple[str, str, list[Any], dict[str, str]]] = [
        ("colleague", "break_glass_end", [town.look.pk], {}),
        ("base", "case_gap_seen", [], {"gap": str(other["gap_id"])}),
        ("administrator", "invitation_cancel", [holding], {}),
        ("administrator", "invitation_resend", [holding], {}),
        ("coordinator", "meeting_start", [town.planned.pk], {}),
        ("coordinator", "agenda_item_remove", [town.planned.pk, town.topic.pk], {"version": "1"}),
        ("offer_editor", "proposal_change", [other["change_id"]], {"version": "1", "name": ""}),
        ("base", "case_link_end", [world.case.pk, town.link.pk], {}),
        ("base", "session_end", [], {"session": "1"}),
        ("base", "session_end_others", [], {}),
        ("base", "tara_unlink", [], {}),
        ("nobody", "tara_begin", [], {"process": "login", "next": "/intranet/"}),
    ]
    found = []
    for persona, route, ids, values in written:
        path = reverse(route, args=ids)
        fields = {name: Field(name, "text", value) for name, value in values.items()}
        fields["key"] = Field("key", "hidden", str(uuid.uuid4()))
        found.append(Offered(persona, path, Form(path, "post", False, fields)))
    return found


def all_forms(town: Town) -> list[Offered]:
    """Every form; what only the town knows stands in it already."""
    shown, cases = town.forms, Case.objects.all()
    other = cases.get(pk=town.world.ids[SAME_REGION]["case_id"]).number
    colleague = town.world.people["colleague"].email
    known_here = {("break_glass_open", "number"): other, ("hold_add", "what"): colleague}
    for offered in shown:
        for name, one in offered.form.fields.items():
            one.value = known_here.get((offered.route, name), one.value)
    known = {offered.route for offered in shown}
    return shown + [offered for offered in by_hand(town) if offered.route not in known]


def all_odd(town: Town, share: int = 1) -> Iterator[Thrown]:
    """Every form with something odd in all fields, hidden ones and choices too."""
    values = [*ODD.values(), *town.foreign()[::9]]
    for number, offered in enumerate(all_forms(town)):
        names = [name for name in offered.form.fields if name != CSRF]
        for turn in range(number % share, len(values), share):
            odd = {name: values[(turn + at) % len(values)] for at, name in enumerate(names)}
            yield Thrown(offered, filled(offered, **odd), tuple(names))


def one_odd(town: Town, share: int = 1) -> Iterator[Thrown]:
    """Every form filled in well but for one field, which holds something odd."""
    values = [*ODD.values(), *town.foreign()[::9]]
    number = 0
    for offered in all_forms(town):
        for name in offered.form.fields:
            if name == CSRF:
                continue
            for value in values:
                number += 1
                if number % share == 0:
                    yield Thrown(offered, filled(offered, **{name: value}), (name,))


def misshapen(town: Town) -> Iterator[Thrown]:
    """Every form with a field missing, with several values for one, with names nobody knows."""
    for offered in all_forms(town):
        good = filled(offered)
        names = [name for name in good if name != CSRF]
        yield Thrown(offered, {}, tuple(names))
        yield Thrown(offered, {name: [*good[name], "zq", "\0"] for name in names}, tuple(names))
        yield Thrown(offered, {f"{name}[0]": good[name] for name in names}, tuple(names))
        for name in names:
            yield Thrown(offered, filled(offered, **{name: None}), (name,))


def too_big(town: Town) -> Iterator[Thrown]:
    """A megabyte in each field that takes text."""
    for offered in all_forms(town):
        typed = [one.name for one in offered.form.fields.values() if one.is_typed]
        for number, name in enumerate(typed):
            value = list(BIG.values())[number % len(BIG)]
            yield Thrown(offered, filled(offered, **{name: value}), (name,))
