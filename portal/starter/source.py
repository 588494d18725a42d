"""Reads the data files beside this module."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent / "data"


def read_yaml(name: str) -> Any:
    """The content of `data/<name>.yaml`."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of `data/<name>.csv` by column name."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def money(text: str | None) -> Decimal | None:
    """Euros, or None for an empty cell."""
    return Decimal(text) if text else None
