"""Bringing in prices, in the menu of the CMS; the page itself stands in the intranet."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from home.wagtail_rounds import RoundsMenuItem


@hooks.register("register_admin_menu_item")
def price_import_menu_item() -> MenuItem:
    return RoundsMenuItem(
        _("Bring in prices"), reverse("price_import"), icon_name="upload", order=202
    )
