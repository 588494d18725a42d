"""What the search box asks while somebody types."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from home.models.sections import SEARCHED
from home.reports.search import suggested_rows
from home.visit import visit_from
from portal.access.guards import public


@public
@require_safe
def search_suggestions(request: HttpRequest) -> JsonResponse:
    """A few results for the beginning of a question, each with the address that it leads to."""
    rows = suggested_rows(visit_from(request), request.GET.get("q", ""), SEARCHED)
    found = [
        {
            "label": row.label,
            "detail": " · ".join(filter(None, (row.kind_label, row.detail))),
            "address": row.address,
        }
        for row in rows
    ]
    answer = JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Language"] = get_language() or "et"
    return answer
