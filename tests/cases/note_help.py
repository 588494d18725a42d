"""What the tests of notes share."""

import uuid

from django.utils import timezone

from network.cases.services.changing import change_case

TEXT = "Hommikud on rasked. Leppisime kokku, et räägib perearstiga."


def typed(**other):
    """The fields of a note as the form sends them, with a key of its own."""
    now = timezone.localtime()
    values = {
        "key": str(uuid.uuid4()),
        "kind": "visit",
        "text": TEXT,
        "duration": "45",
        "day": f"{now:%d.%m.%Y}",
        "time": f"{now:%H.%M}",
        "audience": "team",
    }
    return values | other


def close(case, *, by):
    change_case(
        case,
        state="closed",
        next_review=case.next_review,
        noticing="",
        version=case.version,
        by=by.user,
    )


def page_of(response):
    return response.content.decode()
