"""Does the menu of the intranet lead its reader to cases?"""

from typing import Any

from django import template
from django.utils import timezone

from network.cases.policies import CasePolicy, OpeningPolicy

register = template.Library()


@register.simple_tag(takes_context=True)
def has_to_do_with_cases(context: dict[str, Any]) -> bool:
    """True for whoever sees a case or may open one; the page itself is there for everybody."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return False
    day = timezone.localdate()
    return (
        OpeningPolicy.rows(request.user, "open_case", day).exists()
        or CasePolicy.rows(request.user, "look", day).exists()
    )
