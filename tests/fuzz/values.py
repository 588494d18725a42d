"""What people, programs and enemies put into fields. `MARKS` are how a leak is recognised."""

import random
from urllib.parse import quote, quote_from_bytes

# Each of these stands nowhere else, so wherever it is found it came from here.
TAG, ATTRIBUTE, APOSTROPHE, TEMPLATE = "<zq7", '"zq8', "'zq9", "{{ 'zqrun'|upper }}"
TEMPLATE_DONE, FORMULA = "ZQRUN", "=zq10()"

ODD = {
    "empty": "",
    "blanks": " \t\r\n\u00a0\u2003\u200b",
    "nul": "a\0b",
    "only nul": "\0",
    "control": "a\x01\x07\x1b[31m\x7f\x85b",
    "line ends": "a\r\nSet-Cookie: zq=1\r\n\r\nb",
    "lone surrogate": "a\ud800b",
    "right to left": "\u202eabc\u2066\u0627\u0644",
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "combining": "Z\u0335\u0321" + "a\u0301\u0302\u0303" * 40,
    "not characters": "\ufffe\uffff\U0010ffff",
    "dotless": "İIıſßŉ\u1e9e",
    "quotes": "'\"`´‘’“”«»",
    "sql": "x' OR 1=1; DROP TABLE cases_case; --",
    "full text": '"a* AND b" NEAR/2 col:x ^ - (',
    "like": "%_\\%_[a-z]",
    "tag": f"{TAG} onx=1>&lt;&amp;&#60;",
    "attribute": f"x{ATTRIBUTE} onfocus=a(1) {APOSTROPHE} y",
    "closes all": f"</textarea></title></script>{TAG}>-->]]>",
    "template": f"{TEMPLATE}{{% debug %}}%(x)s%s{{0.__class__}}${{7}}",
    "formula": f"{FORMULA}+@SUM(1)",
    "path": "../../../../etc/passwd",
    "windows path": "..\\..\\con\0.txt",
    "absolute": "//zq.example/x",
    "script": "javascript:alert(1)",
    "huge number": "9" * 60,
    "past 32 bits": str(2**31),
    "past 64 bits": str(2**63),
    "very negative": "-9223372036854775809",
    "minus one": "-1",
    "nought": "0",
    "exponent": "1e9999",
    "tiny": "1e-9999",
    "not a number": "NaN",
    "infinite": "-Infinity",
    "fraction": "1,005.5.5",
    "other digits": "١٢٣",
    "superscript": "²",
    "underscores": "1_000",
    "year nought": "01.01.0000",
    "first year": "01.01.0001",
    "last year": "31.12.9999",
    "31 February": "31.02.2027",
    "no leap year": "29.02.2027",
    "iso nought": "0000-00-00",
    "week date": "2027-W53-1",
    "skipped hour": "3.30",
    "skipped day": "28.03.2027",
    "past midnight": "24.00",
    "negative hour": "-1.30",
    "json": '{"a": [1, {"$gt": ""}], "__proto__": {}}',
    "array": "[]",
    "null": "null",
    "true": "True",
    "almost an id": "00000000-0000-0000-0000-00000000000g",
    "unknown id": "00000000-0000-4000-8000-000000000000",
    "braced id": "{00000000-0000-4000-8000-000000000000}",
    "mail": '"a b"@[127.0.0.1], x@naidis.example\r\nBcc: y@naidis.example',
    "mail of letters": "õ@üö.example",
    "long mail": "a" * 300 + "@" + "b." * 100 + "example",
    "web address": "http://[::1",
    "other web address": "https://user:pass@naidis.example:99999/\u202e",
    "long": "õ" * 5_000,
    "long word": "A" * 70_000,
    "many lines": "\n" * 20_000,
    "many blanks": "a" + " " * 60_000 + "b",
    "many brackets": "((((((((((" * 500,
}
BIG = {"megabyte": "Pikk jutt. " * 95_000, "megabyte of digits": "38" * 500_000}
# What an address bar can hold and a form cannot.
RAW = (
    "%",
    "%zz",
    "%u0041",
    "%FF%FE",
    "%00",
    "%C0%80",
    "%ED%A0%80",
    "a%00b",
    "x" * 9_000,
    "%F0%9F%92%A9",
    "=&&=;=",
    "[]=1",
    "\\",
)
# Where a number of a page or a key of a row stands.
CURSORS = ("0", "-1", "1e3", "99999999999999999999", "last", "²", "1.5", "", "\0", "None", "1 OR 1")


def encoded(value: str) -> str:
    """For an address, lone surrogates and all."""
    return quote_from_bytes(value.encode("utf-8", "surrogatepass"))


def random_text(chance: random.Random) -> str:
    """Some text that nobody thought of: pieces of the odd ones, of all planes, of bytes."""
    pieces = []
    for _ in range(chance.randint(1, 6)):
        match chance.randrange(4):
            case 0:
                pieces.append(chance.choice(list(ODD.values()))[: chance.randint(1, 400)])
            case 1:
                codes = [chance.randrange(0x110000) for _ in range(chance.randint(1, 30))]
                pieces.append("".join(map(chr, codes)))
            case 2:
                pieces.append(chance.choice("0123456789.,:;-+%_'\"<>\\/ ") * chance.randint(1, 40))
            case _:
                pieces.append(str(chance.randint(-(2**70), 2**70)))
    return "".join(pieces)


def random_query(chance: random.Random, names: list[str]) -> str:
    """A query string with some of the parameters, repeated, empty, broken."""
    pairs = []
    for _ in range(chance.randint(1, 8)):
        name = chance.choice([*names, "page", "q", "format"]) + chance.choice(["", "", "", "[]"])
        value = chance.choice([encoded(random_text(chance)[:900]), chance.choice(RAW)])
        pairs.append(quote(name) + chance.choice(["=", "=", "=", ""]) + value)
    return chance.choice("&&&;").join(pairs)
