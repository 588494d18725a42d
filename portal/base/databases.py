"""One DATABASE_URL decides: empty means the embedded SQLite file, anything else what it says."""

from pathlib import Path
from typing import Any

import environ

# rules.md 10: with Django's defaults one concurrent post in five failed as locked.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA temp_store=MEMORY;"
        "PRAGMA cache_size=-16000;"
        "PRAGMA mmap_size=134217728;"
        # What is deleted is overwritten, so that an erased text is not left in the file.
        "PRAGMA secure_delete=ON;"
    ),
}

# As long as SQLite waits: whoever cannot get a row or a table by then is told to come back.
# A server that takes the connection and says nothing is given up after the other.
POSTGRES_OPTIONS = {"options": "-c lock_timeout=20s", "connect_timeout": 5}


def database_from(url: str, data_dir: Path) -> dict[str, Any]:
    """Return the Django database settings for `url`; without one, SQLite under `data_dir`."""
    config: dict[str, Any] = environ.Env.db_url_config(
        url or f"sqlite:///{data_dir / 'tugivork.sqlite3'}"
    )
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        config["CONN_MAX_AGE"] = None
    else:
        config["OPTIONS"] = {**POSTGRES_OPTIONS, **config.get("OPTIONS", {})}
        config["CONN_MAX_AGE"] = 600
        config["CONN_HEALTH_CHECKS"] = True
    return config
