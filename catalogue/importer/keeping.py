"""How long a price form waits: what nobody took over goes, and so do the cells of what was."""

import datetime as dt

from catalogue.models import PriceImport

WAITS = dt.timedelta(days=30)
CELLS_KEPT = dt.timedelta(days=365)


def prune(now: dt.datetime) -> None:
    """Run daily by the worker."""
    waiting = PriceImport.objects.filter(applied_at__isnull=True, at__lt=now - WAITS)
    # Whoever has just taken it back may want to take it over again.
    waiting.exclude(taken_back_at__gte=now - WAITS).delete()
    old = PriceImport.objects.filter(applied_at__lt=now - CELLS_KEPT).exclude(sheets=[])
    old.update(sheets=[], answers={}, columns={}, seen=[], outcome={})
