"""The search in the CMS: synonyms, and the questions that nothing answered."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import ListingButton
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from home.models import Synonym, UnansweredQuestion
from home.questions import answered_by
from network.models import Gap
from network.services.gaps import note_gap


class SynonymCreateView(CreateView):
    """Begins with the words of a question, if it came from one."""

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"said": self.request.GET.get("said", "")[:300]}

    @transaction.atomic
    def save_instance(self) -> Synonym:
        synonym: Synonym = super().save_instance()
        answered_by(synonym)
        return synonym


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "link"
    menu_label = _("Synonyms")
    add_view_class = SynonymCreateView
    list_display = ["said", "meant", "both_ways"]
    list_filter = ["both_ways"]
    list_export = ["said", "meant", "both_ways"]
    search_fields = ["said", "meant"]
    ordering = ["said"]
    panels = [
        HelpPanel(
            _(
                "Whoever types the words of the first line also finds the pages that say the words"
                " of the second. It holds from the moment it is saved."
            )
        ),
        FieldPanel("said"),
        FieldPanel("meant"),
        FieldPanel("both_ways"),
    ]


class QuestionEditView(EditView):
    """Says what became of a question; a gap goes to the list of the region at once."""

    @transaction.atomic
    def save_instance(self) -> UnansweredQuestion:
        before = UnansweredQuestion.objects.select_for_update().get(pk=self.object.pk).state
        question: UnansweredQuestion = super().save_instance()
        state = UnansweredQuestion.State
        if question.state == state.GAP and before != state.GAP and question.municipality:
            day = timezone.localdate()
            member = question.municipality.memberships.valid_on(day).select_related("region").get()
            note_gap(
                region=member.region,
                municipality=question.municipality,
                kind=Gap.Kind.MISSING,
                day=day,
                text=question.words,
            )
        return question


class QuestionViewSet(SnippetViewSet):
    """No names, no addresses: words, a month and how often."""

    model = UnansweredQuestion
    icon = "help"
    menu_label = _("Questions without an answer")
    edit_view_class = QuestionEditView
    list_display = ["words", Column("count", label=_("how often")), "month", "state"]
    list_filter = ["state", "month"]
    list_export = ["words", "count", "month", "state"]
    search_fields = ["words"]
    ordering = ["-month", "-count"]
    copy_view_enabled = False
    panels = [
        FieldPanel("words", read_only=True),
        FieldPanel("count", read_only=True),
        FieldPanel("month", read_only=True),
        FieldPanel("state"),
        FieldPanel("municipality"),
    ]


class SearchGroup(SnippetViewSetGroup):
    items = (SynonymViewSet, QuestionViewSet)
    menu_label = _("Site search")
    menu_icon = "search"
    menu_order = 215


register_snippet(SearchGroup)


@hooks.register("register_snippet_listing_buttons")
def question_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Any:
    """From a question to a synonym in one click, and to the region's list of gaps."""
    if isinstance(snippet, UnansweredQuestion) and user.has_perm("home.add_synonym"):
        add = reverse(SynonymViewSet().get_url_name("add"))
        yield ListingButton(
            _("Make a synonym"), f"{add}?{urlencode({'said': snippet.words})}", priority=5
        )
        edit = reverse(QuestionViewSet().get_url_name("edit"), args=[snippet.pk])
        yield ListingButton(_("Note as a gap or put aside"), edit, priority=6)


__all__ = ["HttpResponse", "SearchGroup"]
