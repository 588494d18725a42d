"""Guard marks of views: `@public`, `@signed_in`, `@guarded(Policy, "action")`.

A mark both guards the view and says so (`guard_of`), so that `list_routes` can tell and
`GuardMiddleware` can refuse a view without one. All of them take functions and class-based views.
"""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import resolve_url
from django.template import loader
from django.utils import timezone
from django.views.generic import View

from portal.access.policies import Policy, UnknownAction
from portal.accounts.models import User
from portal.base.busy import typed_text

V = TypeVar("V", bound=Callable[..., Any])
Gate = Callable[[HttpRequest], HttpResponseBase | None]

PUBLIC = "public"
SIGNED_IN = "signed in"
OURS = frozenset({"portal", "catalogue", "network", "home", "tests"})


@dataclass(frozen=True)
class Pass:
    """What a guarded view was opened with: it finds its rows through this and nothing else."""

    policy: type[Policy[Any]]
    action: str
    user: Any
    day: dt.date

    def rows(self) -> QuerySet[Any]:
        """The rows this user may act on."""
        return self.policy.rows(self.user, self.action, self.day)

    def find(self, **lookup: Any) -> Any:
        """The one row of `lookup`: 404 if it is not visible or not there, 403 if refused."""
        try:
            found = self.rows().filter(**lookup).first()
            if found is None and self.policy.sees(self.user, self.day, **lookup):
                raise PermissionDenied
        except (ValidationError, ValueError):
            found = None  # not even the shape of an id
        if found is None:
            raise Http404
        return found


def public(view: V) -> V:
    """Anybody may open this view."""
    return _guard(view, PUBLIC, lambda request: None)


def signed_in(view: V) -> V:
    """Whoever is signed in may open this view; others are led to the sign-in."""
    return _guard(view, SIGNED_IN, lead_to_sign_in)


def guarded(policy: type[Policy[Any]], action: str) -> Callable[[V], V]:
    """The view acts on rows of `policy`; it finds them with `pass_of(request)`."""
    if action not in policy.actions:
        raise UnknownAction(f"{policy.__name__} has no action “{action}”.")

    def gate(request: HttpRequest) -> HttpResponseBase | None:
        refusal = lead_to_sign_in(request)
        if refusal is None:
            # The day is asked once, here at the door.
            ticket = Pass(policy, action, request.user, timezone.localdate())
            request.access_pass = ticket  # type: ignore[attr-defined]
        return refusal

    return lambda view: _guard(view, f"policy:{policy.__name__}.{action}", gate)


def user_of(request: HttpRequest) -> User:
    """Who is signed in; for views behind a guard, which has seen to it that somebody is."""
    return cast(User, request.user)


def pass_of(request: HttpRequest) -> Pass:
    """The pass that `guarded` gave this request; an AttributeError if the view has no policy."""
    return cast(Pass, request.access_pass)  # type: ignore[attr-defined]


def guard_of(view: Any) -> str | None:
    """The guard mark of a view as text, or None if it carries none."""
    return cast(str | None, getattr(view, "guard_mark", None))


def lead_to_sign_in(request: HttpRequest) -> HttpResponseBase | None:
    """None for whoever is signed in; else the way to the sign-in, with what was typed."""
    if request.user.is_authenticated and request.user.is_active:
        return None
    if request.method == "POST":
        return _session_ended(request)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def _session_ended(request: HttpRequest) -> HttpResponse:
    """403 with the typed text to copy: a redirect would lose it.

    The text stands in this one answer and is kept nowhere, so whoever signs in next never sees it.
    """
    back = QueryDict(mutable=True)
    back[REDIRECT_FIELD_NAME] = request.path
    page = loader.render_to_string(
        "portal/session_ended.html",
        {
            "typed": typed_text(request),
            "sign_in_url": f"{resolve_url(settings.LOGIN_URL)}?{back.urlencode(safe='/')}",
        },
    )
    response = HttpResponse(page, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def _guard(view: V, mark: str, gate: Gate) -> V:
    if isinstance(view, type) and issubclass(view, View):
        if view.__module__.split(".")[0] not in OURS:
            raise TypeError("Guard what as_view() returns: this class is not ours to mark.")
        # as_view() copies the attributes of dispatch, so the mark reaches the URLconf; a subclass
        # that writes its own dispatch loses mark and guard together and answers 404.
        view.dispatch = _guard_method(view.dispatch, mark, gate)  # type: ignore[method-assign]
        return cast(V, view)

    answer = cast(Callable[..., Any], view)

    @functools.wraps(answer)
    def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = gate(request)
        return answer(request, *args, **kwargs) if refusal is None else refusal

    guarded_view.guard_mark = mark  # type: ignore[attr-defined]
    return cast(V, guarded_view)


def _guard_method(dispatch: Callable[..., Any], mark: str, gate: Gate) -> Callable[..., Any]:
    @functools.wraps(dispatch)
    def guarded_dispatch(self: View, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = gate(request)
        return dispatch(self, request, *args, **kwargs) if refusal is None else refusal

    guarded_dispatch.guard_mark = mark  # type: ignore[attr-defined]
    return guarded_dispatch
