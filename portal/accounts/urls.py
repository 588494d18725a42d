"""Signing in: only the views of allauth that we need, under our own path names.

The sign-in itself and what is ours (profile, invitation) stand in portal/urls.py, on the roof.

Nobody registers alone, so there is no sign-up; e-mail addresses are changed by who invites.
"""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path, reverse_lazy

BACK_TO_LIST = reverse_lazy("mfa_index")

urlpatterns = [
    path("sisse/kood/", second_factor.authenticate, name="mfa_authenticate"),
    path("sisse/voti/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("valja/", views.logout, name="account_logout"),
    path("suletud/", views.account_inactive, name="account_inactive"),
    path("parool/", views.password_change, name="account_change_password"),
    path("parool/loo/", views.password_set, name="account_set_password"),
    path("parool/uus/", views.password_reset, name="account_reset_password"),
    path("parool/uus/saadetud/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^parool/uus/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "parool/uus/valmis/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("kinnita/", views.reauthenticate, name="account_reauthenticate"),
    path("kinnita/kood/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("kinnita/voti/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("kood/", second_factor.index, name="mfa_index"),
    path("kood/lisa/", totp.activate_totp, name="mfa_activate_totp"),
    path("kood/eemalda/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("kood/varukoodid/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "kood/varukoodid/uued/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "kood/varukoodid/fail/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("voti/lisa/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "voti/<int:pk>/nimi/",
        passkeys.EditWebAuthnView.as_view(success_url=BACK_TO_LIST),
        name="mfa_edit_webauthn",
    ),
    path(
        "voti/<int:pk>/eemalda/",
        passkeys.RemoveWebAuthnView.as_view(success_url=BACK_TO_LIST),
        name="mfa_remove_webauthn",
    ),
]
