"""Why somebody looked, in words for the person whom it was about."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.roles import Role
from portal.audit.models import AccessEvent

Words = str | Promise

EMERGENCY = "emergency"
# What each of them needs it for.
REASONS: dict[str, Words] = {
    Role.BASE_SUPPORT: _("arranges your help and keeps it together"),
    Role.CASE_MANAGER: _("answers in the municipality for your help"),
    Role.ADDITIONAL_SUPPORT: _("gives you help that is part of your plan"),
    Role.PARTNER: _("works together with your team"),
    Role.ORGANISATION_LEAD: _("answers for the work of the organisation; sees no content"),
    Role.AUDITOR: _("checks that nobody looks without need; sees no content"),
    Role.ADMINISTRATOR: _("keeps the portal and its rights in order; sees no content"),
    Role.PERSON: _("you looked yourself"),
    Role.REPRESENTATIVE: _("whoever stands for you looked"),
}
IN_EMERGENCY: Words = _("an emergency; an auditor judges whether it was right")
REFUSED: Words = _("had no right to it; nothing was shown")
RUNNING: Words = _("keeps the portal running")


def reason_of(event: AccessEvent) -> str:
    """Why, as one line; empty where the entry does not say in which role somebody came."""
    if event.outcome == AccessEvent.Outcome.REFUSED:
        return str(REFUSED)
    if event.purpose == EMERGENCY:
        return str(IN_EMERGENCY)
    if event.channel == AccessEvent.Channel.COMMAND and not event.role:
        return str(RUNNING)
    return str(REASONS.get(event.role, ""))
