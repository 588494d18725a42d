"""Chance that comes out the same each time: numbers, keys of rows and case numbers from a seed.

Only what names a row is drawn from the seed. Nonces, salts and hashes stay truly random: the same
world made twice shares ids with the first one, never a cipher text.
"""

import os
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from network.cases.models import case as case_module
from portal.base import files as files_module


class _Instead:
    """A module as another one sees it, with some of its names replaced."""

    def __init__(self, module: ModuleType, **names: Any) -> None:
        self.__dict__.update(names)
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class Luck(random.Random):
    """Draws for one world. `uuid()` is like `uuid.uuid4()`, from the seed."""

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.randbytes(16), version=4)


@contextmanager
def ids_from(luck: Luck) -> Iterator[None]:
    """While this lasts, keys that models draw for themselves come from `luck`.

    For one command alone in its process: `uuid.uuid4` and the case numbers are turned for all.
    """
    uuid_module: Any = uuid
    cases: Any = case_module
    secrets = cases.secrets
    files: Any = files_module
    uuid_module.os = _Instead(os, urandom=luck.randbytes)
    cases.secrets = _Instead(secrets, choice=luck.choice)
    # A file of an earlier world may be in the folder still: names of files are nobody's business.
    files.uuid = _Instead(uuid, uuid4=_truly_random)
    try:
        yield
    finally:
        uuid_module.os, cases.secrets, files.uuid = os, secrets, uuid


def _truly_random() -> uuid.UUID:
    return uuid.UUID(bytes=os.urandom(16), version=4)
