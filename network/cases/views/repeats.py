"""A form that did its work and is sent once more: the same answer, no second work."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from portal.base.idempotency import was_done

View = Callable[..., HttpResponseBase]


def led_on_again(purpose: str, to: Callable[[uuid.UUID], Any]) -> Callable[[View], View]:
    """For a write after which its own page is closed to the writer, so the guard would say no.

    `purpose` is the one of the service; `to` gives the place where the first one led. Stands above
    the guard: it asks about the reader's own key only and shows nothing.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, case_id: uuid.UUID, **ids: uuid.UUID) -> HttpResponseBase:
            if request.method == "POST" and request.user.is_authenticated:
                key = request.POST.get("key", "")
                if was_done(key, purpose=purpose, by=str(request.user.pk)):
                    return redirect(to(case_id))
            return view(request, case_id=case_id, **ids)

        return answer

    return decorate
