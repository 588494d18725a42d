"""The one sign-in behind all doors (rules.md 13)."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from portal.access.guards import public


@public
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in; afterwards back to `next` if it stays on this host."""
    target = request.GET.get("next", "")
    stays_here = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not stays_here:
        return redirect(settings.LOGIN_URL)
    return redirect_to_login(target, settings.LOGIN_URL)


@public
def to_password_reset(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Lead to our password reset, whatever step of the other one was asked for."""
    return redirect("account_reset_password")
