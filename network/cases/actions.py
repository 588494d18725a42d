"""What is done with cases, as the view log calls it: code to words (rules.md 8).

Opening a page or a form has a code of its own beside the act that its service writes.
"""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "desk": _("looked at the desk"),
    "case_list": _("looked at the list of own cases"),
    "case_search": _("looked for own cases"),
    "case_view": _("looked at the case"),
    "case_code": _("looked at the personal code"),
    "case_log": _("looked at who has looked"),
    "case_log_print": _("printed for the person who has looked"),
    "case_link_add_form": _("opened the form to make a link for the person"),
    "case_link_add": _("made a link for the person to see who has looked"),
    "case_link_end": _("took back a link for the person"),
    "case_link_open": _("opened the link to see who has looked"),
    "case_link_read": _("read who has looked"),
    "case_open": _("opened the case"),
    "case_extract_form": _("looked at how to make a copy for the person"),
    "case_extract": _("saved a copy for the person"),
    "case_change_form": _("opened the form to change the case"),
    "case_change": _("changed the case"),
    "team_member_invite_form": _("opened the form to invite to the team"),
    "team_member_invite": _("invited to the team"),
    "team_member_answer_form": _("looked at an invitation to the team"),
    "team_member_accept": _("joined the team"),
    "team_member_decline": _("declined to join the team"),
    "team_member_end_form": _("opened the form to end a membership of the team"),
    "team_member_end": _("ended a membership of the team"),
    "case_note_list": _("read the notes"),
    "case_note_add_form": _("opened the form to write a note"),
    "case_note_add": _("wrote a note"),
    "case_note_correct_form": _("opened the form to correct a note"),
    "case_note_correct": _("corrected a note"),
    "case_note_file": _("opened a file of a note"),
    "break_glass": _("looked into the case in an emergency"),
    "break_glass_end": _("ended an emergency look"),
    "break_glass_list": _("looked at the emergency looks"),
    "break_glass_judge_form": _("looked at one emergency look"),
    "break_glass_judge": _("judged an emergency look"),
    "case_gap_add_form": _("opened the form to tell the region what is missing"),
    "case_gap_add": _("told the region what is missing or works well"),
}
