"""Ways to write an address of another site so that a careless check takes it for one of ours."""

import re

EVIL = "kurjam.example"
HERE = "testserver"
SPECIAL = ("http", "https", "ftp", "ws", "wss")

# The first forty leave in every browser; the others only where something decodes them once more.
VARIANTS = [
    f"https://{EVIL}/",
    f"http://{EVIL}/",
    f"HTTPS://{EVIL}/",
    f"//{EVIL}",
    f"//{EVIL}/intranet/",
    f"///{EVIL}/",
    f"////{EVIL}/",
    f"/\\{EVIL}/",
    f"\\/{EVIL}/",
    f"\\\\{EVIL}/",
    f"/\\/{EVIL}/",
    f"/\\\\{EVIL}/",
    f" //{EVIL}/",
    f"\t//{EVIL}/",
    f"\n//{EVIL}/",
    f"\r\n//{EVIL}/",
    f"/\t/{EVIL}/",
    f"/\n/{EVIL}/",
    f"/\r/{EVIL}/",
    f"\x0b//{EVIL}/",
    f"\x01//{EVIL}/",
    f"\x1f//{EVIL}/",
    f"/\t\\{EVIL}/",
    f"ht\ttps://{EVIL}/",
    f"https:/{EVIL}/",
    f"https:{EVIL}/",
    f"https:\\\\{EVIL}/",
    f"https:\\{EVIL}/",
    f"ftp://{EVIL}/",
    f"wss://{EVIL}/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://testserver/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    f"https://{HERE}@{EVIL}/",
    f"https://{HERE}:80@{EVIL}/",
    f"//{HERE}@{EVIL}/",
    f"https://{HERE}.{EVIL}/",
    f"https://{EVIL}\\@{HERE}/",
    f"https://{EVIL}#@{HERE}/",
    f"https://{EVIL}?@{HERE}/",
    f"https://{EVIL}/{HERE}",
    f"//{EVIL}:443/",
    f"//{EVIL}%00.{HERE}/",
    "https://[::1]/",
    "https://[::1/",
    "https://0x7f.1/",
    "https://kurjam\u3002example/",
    "//kurjam\uff0eexample/",
    "\uff0f\uff0fkurjam.example/",
    "/\u2215kurjam.example/",
    "/\u2044/kurjam.example/",
    "\u00a0//kurjam.example/",
    "\u200b//kurjam.example/",
    f"%2f%2f{EVIL}/",
    f"/%2f{EVIL}/",
    f"/%5c{EVIL}/",
    f"%68ttps://{EVIL}/",
    f"/%09/{EVIL}/",
    f"/%0d%0aLocation:%20https://{EVIL}/",
    f"/intranet/../..//{EVIL}/",
    f"/.//{EVIL}/",
    f"/;@{EVIL}/",
    f"https://{EVIL}/" + "a" * 3000,
    "/" * 3000 + EVIL,
    f"blob:https://{EVIL}/x",
    f"view-source:https://{EVIL}/",
]


def leaves(address: str, here: str = HERE) -> bool:
    """Would a browser that reads `address` on a page of `here` go somewhere else?

    As browsers read it: controls and spaces around it are dropped, tabs and line ends anywhere,
    and a backslash is a slash.
    """
    text = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33)))))
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", text)
    if scheme:
        if scheme[1].lower() not in SPECIAL:
            return True
        rest = text[scheme.end() :]
    else:
        rest = text.replace("\\", "/")
        if not rest.startswith("//"):
            return False
    host = re.match(r"[/\\]*([^/\\?#]*)", rest)[1].rpartition("@")[2]
    return host.partition(":")[0].lower() != here
