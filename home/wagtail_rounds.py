"""The rounds in the menu of the CMS, for those who may set prices."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from catalogue.policies import RoundPolicy
from home.views import rounds


class RoundsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return RoundPolicy.rows(request.user, "price", timezone.localdate()).exists()


@hooks.register("register_admin_urls")
def round_urls() -> list[Any]:
    return [
        path("voorud/", rounds.round_list, name="round_list"),
        path("voorud/<slug:slug>/", rounds.round_prices, name="round_table"),
        path("voorud/<slug:slug>/kopeeri/", rounds.round_copy, name="round_copy"),
    ]


@hooks.register("register_admin_menu_item")
def rounds_menu_item() -> MenuItem:
    return RoundsMenuItem(
        _("Rounds and prices"), reverse("round_list"), icon_name="calendar", order=201
    )
