"""How long the session of the page lasts, and whether signing in asks for a second factor."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from portal.accounts import second_factor, sessions

register = template.Library()


@register.simple_tag(takes_context=True)
def session_left(context: dict[str, Any]) -> sessions.Left | None:
    """Seconds left (`idle`, `whole`) for whoever is signed in; nobody → None."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return None
    return sessions.left_of(request.session, int(timezone.now().timestamp()))


@register.simple_tag
def second_factor_is_off() -> bool:
    """Does nobody here have to show a second factor? So in the demo, which says it."""
    return not settings.SECOND_FACTOR_REQUIRED


@register.simple_tag(takes_context=True)
def must_set_up_the_code(context: dict[str, Any]) -> bool:
    """Is there no way on without a second factor, so that nothing leads back?"""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return True
    return second_factor.is_required_of(request.user, timezone.localdate())
