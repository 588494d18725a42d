"""Signing in: only the views of allauth that we need, under our own path names.

Nobody registers alone, so there is no sign-up; e-mail addresses are changed by who invites.
"""

from allauth.account import views
from django.urls import path, re_path

urlpatterns = [
    path("sisse/", views.login, name="account_login"),
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
]
