"""What people say and what our pages call it: the list the editors begin with."""

from home.models import Synonym
from portal.starter.source import read_yaml


def load_synonyms() -> None:
    """Create the lines that are not there yet; a list that an editor has touched stays as it is."""
    if Synonym.objects.exists():
        return
    for row in read_yaml("synonyms"):
        Synonym.objects.get_or_create(
            said=row["said"],
            defaults={"meant": row["meant"], "both_ways": row.get("both", False)},
        )
