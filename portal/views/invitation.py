"""Accepting an invitation: a link by mail, a name, a password, once."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.access.guards import public
from portal.accounts import invitations
from portal.accounts.forms import AcceptForm

# Where the secret waits between the link and the form.
TOKEN = "invitation"  # noqa: S105


@public
@never_cache
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address before a page is shown; nothing else happens yet."""
    request.session[TOKEN] = token
    return redirect("invitation_accept")


@public
@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """The form; a link that is strange, used, cancelled or too old gets one sentence."""
    token = request.session.get(TOKEN, "")
    try:
        user = invitations.find_open(token, timezone.now()).user
        form = AcceptForm(request.POST if request.method == "POST" else None, user=user)
        if form.is_valid():
            data = form.cleaned_data
            invitations.accept(
                token,
                first_name=data["first_name"],
                last_name=data["last_name"],
                password=data["password1"],
            )
            # Whoever else was signed in here is not the one who has just been made.
            logout(request)
            messages.success(request, _("Your account is ready. Sign in with your new password."))
            return redirect("account_login")
    except invitations.NotOpen:
        return render(request, "account/invitation_gone.html", status=404)
    return render(request, "account/invitation_accept.html", {"form": form, "address": user.email})
