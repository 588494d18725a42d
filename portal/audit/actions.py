"""What each action of the log is called. An app names its own in `AppConfig.ready()`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_actions: dict[str, Words] = {
    "audit_event_list": _("looked at the view log"),
    "audit_event_export": _("took a copy of the view log"),
    "audit_report": _("took a report from the view log"),
    "audit_erase": _("wiped whom entries are about"),
    "rights_index": _("looked for who can see what"),
    "rights_of_user": _("looked at what a person can see"),
    "rights_of_user_export": _("took a copy of what a person can see"),
    "rights_of_case": _("looked at who can see the case"),
    "rights_of_case_export": _("took a copy of who can see the case"),
    "rights_of_thing": _("looked at who can see a thing of the region"),
    "rights_of_thing_export": _("took a copy of who can see a thing of the region"),
}


def register(actions: Mapping[str, Words]) -> None:
    """Name further actions: code to words."""
    _actions.update(actions)


def known() -> dict[str, Words]:
    """All codes with their words."""
    return dict(_actions)


def in_words(code: str) -> str:
    """The action for people; the code itself if nobody has named it."""
    return str(_actions.get(code, code))
