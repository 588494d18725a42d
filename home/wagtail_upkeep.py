"""What keeps the pages in order, as hooks of the CMS: reports and their lines in the menu."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, json_script
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page, WorkflowState

from home import cms_reports
from home.models.base import SitePage
from home.upkeep import reading, undo


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


@hooks.register("insert_editor_js")
def reading_script() -> str:
    """Sentence length and word difficulty beside each text, while one writes."""
    facts = {
        "usual": reading.USUAL,
        "plain": reading.PLAIN,
        "lixLetters": reading.LIX_LETTERS,
        "abbreviations": reading.ABBREVIATIONS,
        "lixLimits": (reading.LIX_EASY, reading.LIX_HARD),
        "lixWords": (_("easy to read"), _("of middling difficulty"), _("hard to read")),
        "sum": _("Words: {words}. Sentences: {sentences}. LIX {lix}: {grade}."),
        "long": _("Sentences of more than {most} words: {n}. The first: “{first}”"),
        "hard": _("Words of more than {most} letters: {words}"),
    }
    script = static("portal/js/cms-reading.js")
    words = json_script(facts, "reading-facts")
    return format_html('{}<script type="module" src="{}"></script>', words, script)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def tell_what_is_hard(request: HttpRequest, page: Page) -> None:
    """After saving an Estonian page: what is hard to read in it. Nothing is refused."""
    is_ours = isinstance(page, SitePage) and page.locale.language_code == settings.LANGUAGE_CODE
    # The editor saves by itself too; a message each minute would only be in the way.
    if not (is_ours and request.accepts("text/html")):
        return
    hard = reading.hard_fields(page)
    if not hard:
        return
    sentences = sum(len(counted.long_sentences) for _name, counted in hard)
    names = ", ".join(name for name, _counted in hard)
    if sentences:
        text = ngettext(
            "%(n)s sentence is long, in: %(names)s. Could it be two?",
            "%(n)s sentences are long, in: %(names)s. Could they be shorter?",
            sentences,
        )
    else:
        text = str(_("Some words of the plain text are long. Is there a simpler one?"))
    messages.warning(request, text % {"n": sentences, "names": names})


@hooks.register("before_edit_page")
def tell_why_it_came_back(request: HttpRequest, page: Page) -> None:
    """Over a page that a publisher has sent back: what they wrote, until it is sent again."""
    state = page.current_workflow_state
    if request.method != "GET" or not state or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    task = state.current_task_state
    comment = task.comment.strip() if task else ""
    if comment:
        text = _("The publisher asks you to change something: “%(comment)s”")
        messages.warning(request, text % {"comment": comment})
    else:
        messages.warning(request, _("The publisher has sent the page back without a comment."))


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("home.read_over", _("Read over"), _("Read over: still right"))
