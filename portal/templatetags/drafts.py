"""Whose drafts a sign-out takes away (portal/base/drafts.py)."""

from typing import Any

from django import template

from portal.base import drafts

register = template.Library()


@register.filter
def draft_owner(user: Any) -> str:
    """The signed-in user → the owner's mark of the drafts on this device; nobody → empty."""
    return drafts.draft_owner(user.pk) if user and user.is_authenticated else ""
