"""What keeps the pages in order, as hooks of the CMS: reports and their lines in the menu."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from home import cms_reports
from home.upkeep import undo


@hooks.register("register_admin_urls")
def upkeep_urls() -> list[Any]:
    return cms_reports.urls()


def _menu_item(view: type[cms_reports.TableReport], order: int) -> Callable[[], MenuItem]:
    def item() -> MenuItem:
        address = reverse(view.index_url_name)
        return MenuItem(view.page_title, address, icon_name=view.header_icon, order=order)

    return item


for _view, _word, _order in cms_reports.REPORTS:
    hooks.register("register_reports_menu_item", _menu_item(_view, _order))


@hooks.register("register_page_header_buttons")
def undo_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Any:
    """In the menu of a page: for who may publish, where there is a change to take back."""
    if page.live and page.permissions_for_user(user).can_publish() and undo.last_change(page):
        address = reverse("undo_page", args=[page.pk])
        yield Button(_("Undo the last change"), address, icon_name="history", priority=62)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("home.read_over", _("Read over"), _("Read over: still right"))
