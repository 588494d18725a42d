"""What a visitor asked stays with them when they switch the language.

Only what a page itself reads goes along, so a link never carries what somebody else put there.
The kept pages (portal/base/page_cache.py) are named by the whole question, so each has its own
links. Slugs of services, life domains and municipalities are the same in every language.
"""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import ResolverMatch

COUNTED = ("price", "individual", "family", "group", "begin", "end", "spent")
SERVICES = ("q", "sort", "domain", "kind", "audience", "form", "free", "municipality", "page")
PLACES = ("component", "in", "box", "lat", "lon")
# Name of the route -> what its page reads from the address.
READ: dict[str, tuple[str, ...]] = {
    "front": ("municipality",),
    "component_list": SERVICES,
    "component_detail": ("municipality", *COUNTED),
    "compare": ("component", "offer", "municipality"),
    "my_list": ("k", "municipality"),
    "finder": ("who", "hard", "municipality", "how", "step"),
    "calculator": ("component", *COUNTED),
    "map": (*SERVICES, *PLACES),
    "supply": ("region", "municipality", "domain", "component"),
    "search": ("q", "kind", "page"),
    "news_list": ("page",),
    "organisation_list": ("q", "kind", "municipality", "page"),
}
# A full list of services in a foreign alphabet fits; a longer question is nobody's.
MAX_LENGTH = 6000


def kept_question(request: HttpRequest) -> str:
    """The question of this page as `?…`, in the order it was asked; empty if there is none."""
    match: ResolverMatch | None = getattr(request, "resolver_match", None)
    read = READ.get(match.url_name or "", ()) if match else ()
    pairs = [
        (name, value) for name, values in request.GET.lists() if name in read for value in values
    ]
    query = urlencode(pairs, safe=",")
    return f"?{query}" if query and len(query) <= MAX_LENGTH else ""
