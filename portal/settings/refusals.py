"""What production refuses to start with: each a sentence that says what to do."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHORTEST_KEY = 50
OPEN_TO_ALL = 0o007
FEWEST_SIGNS = 10
# Words of examples and guides: whoever reads those knows the key.
EXAMPLES = ("insecure", "change-me", "changeme", "example", "secret-key", "only-for-tests")


def faults(settings: Mapping[str, Any], data_dir: Path) -> Iterator[str]:
    """What is wrong with the settings of a portal for real people, one sentence each."""
    yield from _keys(settings)
    yield from _hosts(settings)
    yield from _doors(settings)
    if _is_open(data_dir):
        yield f"DATA_DIR is open to everybody on the machine: chmod 700 {data_dir}."


def _is_open(place: Path) -> bool:
    return place.exists() and bool(stat.S_IMODE(place.stat().st_mode) & OPEN_TO_ALL)


def _doors(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings.get("DEBUG"):
        yield "DEBUG is on: its error pages show what nobody may see."
    if not settings.get("SECOND_FACTOR_REQUIRED", True):
        yield "SECOND_FACTOR_REQUIRED is off: only the demo goes without a second factor."
    if settings.get("DEMO_PASSWORD"):
        yield "DEMO_PASSWORD is set: its sign-ins would be open to everybody who read it."
    for name in ("TARA_URL", "MAP_TILES_URL"):
        if settings.get(name) and urlsplit(settings[name]).scheme != "https":
            yield f"{name} has to begin with https://."
    database = settings.get("DATABASES", {}).get("default", {})
    file = Path(str(database.get("NAME", "")))
    is_file = database.get("ENGINE", "").endswith("sqlite3") and file.is_absolute()
    # A file that everybody may read is safe where nobody gets into its folder.
    if is_file and _is_open(file) and _is_open(file.parent):
        yield f"The database is open to everybody on the machine: chmod o= {file}."


def _keys(settings: Mapping[str, Any]) -> Iterator[str]:
    secret = settings["SECRET_KEY"]
    if len(secret) < SHORTEST_KEY or len(set(secret)) < FEWEST_SIGNS:
        yield f"SECRET_KEY is too weak: set it to at least {SHORTEST_KEY} random characters."
    elif any(word in secret.lower() for word in EXAMPLES):
        yield "SECRET_KEY comes from an example: make one of your own."
    field_keys = list(settings["FIELD_ENCRYPTION_KEYS"].values())
    backup_keys = list(settings.get("BACKUP_KEYS", {}).values())
    used = [secret, settings["FIELD_HASH_KEY"], *field_keys, *backup_keys]
    for earlier in settings.get("SECRET_KEY_FALLBACKS", ()):
        if len(earlier) < SHORTEST_KEY:
            yield "SECRET_KEY_FALLBACKS holds a key that is too weak: leave it away."
    if len(set(used)) < len(used):
        yield (
            "The same key stands in two places: SECRET_KEY, FIELD_HASH_KEY and each of "
            "FIELD_ENCRYPTION_KEYS and BACKUP_KEYS are different keys."
        )


def _hosts(settings: Mapping[str, Any]) -> Iterator[str]:
    hosts = settings["ALLOWED_HOSTS"]
    if any(host.strip() in ("*", ".", "") for host in hosts):
        yield "ALLOWED_HOSTS names every host: name the hosts of this site only."
    if urlsplit(settings["BASE_URL"]).scheme != "https":
        yield "BASE_URL has to begin with https://: letters carry links that open accounts."
    public, intranet = settings["PUBLIC_HOST"], settings["INTRANET_HOST"]
    if bool(public) != bool(intranet) or (public and public == intranet):
        yield "PUBLIC_HOST and INTRANET_HOST are two different names, or both empty."
    for host in filter(None, (public, intranet)):
        if host.partition(":")[0] not in {name.lstrip(".") for name in hosts}:
            yield f"ALLOWED_HOSTS does not name {host}."
