"""The judge of headers (rules.md 18), and the settings of production for a test."""

import json
import re
import runpy
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from portal.access.routes import Route
from portal.base.http import is_private

HOST = "tugi.example"
PRODUCTION = {
    "SECRET_KEY": "q8Zr-2mVt_Wd7Hs0LkXeYb4NfGu9JcPa6RoTi1QwSzCxVyBnM3KhD5",
    "FIELD_ENCRYPTION_KEYS": json.dumps({"2026-1": "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="}),
    "FIELD_HASH_KEY": "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=",
    "ALLOWED_HOSTS": HOST,
    "BASE_URL": f"https://{HOST}",
}
# What an answer depends on; keys, database and files stay those of the tests.
APPLIED = re.compile(
    r"ALLOWED_HOSTS|BASE_URL|WAGTAILADMIN_BASE_URL|(SECURE|SESSION|CSRF|LANGUAGE_COOKIE)_\w+"
)
REFERRERS = {"same-origin", "no-referrer", "strict-origin", "strict-origin-when-cross-origin"}
LINK = re.compile(r"""(?:href|src|action|data-[a-z-]+)=["']([^"'#]+)""")
YEAR = 365 * 24 * 60 * 60


def production_settings(folder: Any, monkeypatch: Any, **more: str) -> dict[str, Any]:
    """What portal/settings/production.py says about cookies, TLS and headers."""
    folder.chmod(0o700)
    monkeypatch.setattr("portal.settings.base.DATA_DIR", folder)
    # Where the tests keep theirs is nobody's secret.
    monkeypatch.setattr("portal.settings.base.DATABASES", {})
    for name, value in {**PRODUCTION, **more}.items():
        monkeypatch.setenv(name, value)
    found = runpy.run_module("portal.settings.production")
    return {name: value for name, value in found.items() if APPLIED.fullmatch(name)}


def policy_of(headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The Content-Security-Policy as directive → sources."""
    policy = headers.get("Content-Security-Policy", "")
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def missing(path: str, headers: Mapping[str, str]) -> list[str]:
    """What the headers of an answer lack, as sentences; `headers` answer without regard to case."""
    return list(_missing(path, headers))


def _missing(path: str, headers: Mapping[str, str]) -> Iterator[str]:
    policy = policy_of(headers)
    for name in ("object-src", "base-uri"):
        if policy.get(name) != ["'none'"]:
            yield f"{name} is {policy.get(name)}"
    if policy.get("frame-ancestors") not in (["'self'"], ["'none'"]):
        yield f"frame-ancestors is {policy.get('frame-ancestors')}"
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    elements = [] if path.startswith("/cms/") else policy.get("script-src-elem", [])
    if not {*scripts, *elements} <= {"'self'", "'none'"}:
        yield f"scripts may come from {scripts} {elements}"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"
    if headers.get("Referrer-Policy") not in REFERRERS:
        yield "no Referrer-Policy"
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        yield "no Permissions-Policy"
    age = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    if not age or int(age[1]) < YEAR:
        yield "no Strict-Transport-Security"
    if is_private(path) and headers.get("Cache-Control") != "no-store":
        yield f"Cache-Control is {headers.get('Cache-Control')}"
    for name in ("Server", "X-Powered-By"):
        if headers.get(name, "gunicorn") != "gunicorn":
            yield f"{name} tells {headers[name]}"


def links_in(page: str, at: str) -> list[str]:
    """The addresses on our own host that a page names, without fragments."""
    found = []
    for link in LINK.findall(page):
        whole = urlsplit(urljoin(f"https://{HOST}{at}", link.replace("&amp;", "&")))
        if whole.netloc == HOST and whole.path.startswith("/"):
            found.append(whole.path + (f"?{whole.query}" if whole.query else ""))
    return found


def path_of(route: Route, ids: Mapping[str, Any], number: int) -> str:
    """An address of the route: ids by their name, `number` for any other number."""

    def fill(match: re.Match[str]) -> str:
        kind, _colon, name = match[1].rpartition(":")
        if name in ids:
            return str(ids[name])
        return {"int": str(number), "uuid": str(uuid.uuid4())}.get(kind, "ei-ole")

    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", _of_pattern, route.path)
    path = re.sub(r"<((?:\w+:)?\w+)>", fill, path)
    for group, sample in ((r"(\d+)", str(number)), ("(.*)", "ei-ole.pdf")):
        path = path.replace(group, sample)
    path = path.replace("((?:[\\w\\-]+/)*)", "ei-ole/").replace(".*", "ei-ole")
    # A slash that may be or not is there.
    return "/" + re.sub(r"[\^$\\?]", "", path).lstrip("/")


def _of_pattern(match: re.Match[str]) -> str:
    samples = {"uidb36": "1", "key": "ei-ole", "revision_id_a": "earliest"}
    return {**samples, "revision_id_b": "latest"}.get(match[1], "1")
