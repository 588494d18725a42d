"""Who changed a case last: the view log knows."""

from network.cases.models import Case
from network.cases.services.changing import CHANGE
from portal.audit.models import AccessEvent


def last_change(case: Case) -> AccessEvent | None:
    """The entry of the last saved change of `case`. For readers who may see its log."""
    return (
        AccessEvent.objects.filter(
            subjects__subject=str(case.pk),
            actioncode=CHANGE,
            outcome=AccessEvent.Outcome.ALLOWED,
        )
        .order_by("-sequence")
        .first()
    )
