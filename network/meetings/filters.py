"""What may stand in the address of the list of meetings. Anything else is left out, no error."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.meetings.models import Group
from network.meetings.reports import MeetingChoice
from portal.base.form_fields import capped

STATES = [
    ("", _("all")),
    ("coming", pgettext_lazy("meetings", "coming")),
    ("held", pgettext_lazy("meetings", "held")),
    ("to_approve", _("minutes to approve")),
    ("cancelled", pgettext_lazy("meetings", "cancelled")),
]
SORTS = [("new", _("newest first")), ("old", _("oldest first"))]


class MeetingFilterForm(forms.Form):
    q = forms.CharField(label=_("Words in the agenda, name or place"), required=False, strip=True)
    group = forms.ChoiceField(label=_("Group"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=capped(STATES))
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=capped(SORTS))

    def __init__(self, data: QueryDict, *, groups: Iterable[Group]) -> None:
        super().__init__(data)
        names = [(str(group.pk), str(group)) for group in groups]
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *names,
        ]

    def choice(self) -> MeetingChoice:
        """What was asked for, as far as it is on the lists."""
        self.is_valid()
        asked = self.cleaned_data
        return MeetingChoice(
            words=asked.get("q", "").replace("\0", "")[:200],
            group=asked.get("group") or None,
            state=asked.get("state", ""),
            sort=asked.get("sort") or "new",
        )
