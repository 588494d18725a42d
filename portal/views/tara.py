"""The two steps of signing in by TARA, and taking a link off again."""

from collections.abc import Callable
from typing import Any

from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.guards import public, signed_in, user_of
from portal.accounts import letters, second_factor
from portal.accounts.tara.adapter import refused
from portal.accounts.tara.provider import TaraAdapter

View = Callable[..., HttpResponseBase]


class Callback(OAuth2CallbackView):
    """Hands the adapter what was put aside, so that it can compare the nonce."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


_begin = OAuth2LoginView.adapter_view(TaraAdapter)
_back = Callback.adapter_view(TaraAdapter)


def is_configured() -> bool:
    """Is TARA switched on here?"""
    return bool(settings.TARA_CLIENT_ID)


@public
@require_POST
def tara_begin(request: HttpRequest) -> HttpResponseBase:
    """Off to TARA; from the profile (`process=connect`) only who has shown who they are."""
    if not is_configured():
        raise Http404
    if request.POST.get("process") == "connect":
        if not request.user.is_authenticated:
            return refused(request, "state")
        if not second_factor.was_shown_lately(request):
            way = second_factor.way_to_show(request.user) or "account_reauthenticate"
            messages.info(request, _("Show once more who you are, then link the identity."))
            return redirect_to_login(reverse("profile"), way)
    response: HttpResponseBase = _begin(request)
    return response


@public
@require_GET
def tara_callback(request: HttpRequest) -> HttpResponseBase:
    """Back from TARA. What it says is checked before anybody is signed in."""
    if not is_configured():
        raise Http404
    response: HttpResponseBase = _back(request)
    return response


@signed_in
@require_POST
@transaction.atomic
def tara_unlink(request: HttpRequest) -> HttpResponseBase:
    """The identity opens this account no more."""
    gone, _rows = SocialAccount.objects.filter(user_id=request.user.pk, provider="tara").delete()
    if gone:
        letters.tell_second_factor(user_of(request), "tara_removed")
        messages.success(request, _("The identity is not linked any more."))
    return redirect("profile")
