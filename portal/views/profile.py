"""The profile: what somebody may say about themselves, and what they are in the network."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.models import Holding, Seat
from portal.access.guards import signed_in
from portal.access.models import PortalRole
from portal.accounts import second_factor
from portal.accounts.forms import ProfileForm
from portal.accounts.models import User
from portal.accounts.services import change_profile


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and letters; positions, seats and roles to read."""
    # A copy of the row: a form with an error must not change the name above the page.
    user = User.objects.get(pk=str(request.user.pk))
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        change_profile(user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    day = timezone.localdate()
    holdings = (
        Holding.objects.valid_on(day)
        .filter(user=user)
        .select_related("position__organisation")
        .order_by("position__organisation__name", "position__title")
    )
    positions = [holding.position_id for holding in holdings]
    context = {
        "form": form,
        "address": user.email,
        "holdings": holdings,
        "seats": Seat.objects.valid_on(day).filter(position__in=positions).select_related("region"),
        "roles": PortalRole.objects.valid_on(day).filter(user=user),
        "has_second_factor": second_factor.is_set_up(user),
        "has_tara": bool(settings.TARA_CLIENT_ID),
        "tara_linked": SocialAccount.objects.filter(user=user, provider="tara").exists(),
        "has_password": user.has_usable_password(),
    }
    return render(request, "account/profile.html", context)
