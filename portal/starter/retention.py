"""The terms of keeping, as the sources name them; those of people's data are left open."""

from django.db import transaction

from portal.privacy.terms import ensure_class
from portal.starter.source import read_yaml


@transaction.atomic
def load_retention() -> None:
    """Add the terms that are not there yet."""
    for row in read_yaml("retention"):
        ensure_class(**row)
