"""Addresses of the daily work; included under `intranet/`. Ids only, never a number or a name."""

from django.urls import path

from network.cases.views import break_glass, case, case_form, extract, gap, log, note, team

CASE = "juhtumid/<uuid:case_id>/"

urlpatterns = [
    path("juhtumid/", case.case_list, name="case_list"),
    path("juhtumid/uus/", case_form.case_open, name="case_open"),
    path("erakorraline/", break_glass.break_glass_list, name="break_glass_list"),
    path("erakorraline/uus/", break_glass.break_glass_open, name="break_glass_open"),
    path("erakorraline/<uuid:look_id>/", break_glass.break_glass_judge, name="break_glass_judge"),
    path(
        "erakorraline/<uuid:look_id>/lopeta/", break_glass.break_glass_end, name="break_glass_end"
    ),
    path(CASE, case.case_detail, name="case_detail"),
    path(f"{CASE}muuda/", case_form.case_change, name="case_change"),
    path(f"{CASE}isikukood/", case.case_code, name="case_code"),
    path(f"{CASE}valjavote/", extract.case_extract, name="case_extract"),
    path(f"{CASE}vaatajad/", log.case_log, name="case_log"),
    path(f"{CASE}vaatajad/inimesele/", log.case_log_print, name="case_log_print"),
    path(f"{CASE}vaatajad/link/", log.case_link_add, name="case_link_add"),
    path(f"{CASE}vaatajad/link/<uuid:link_id>/lopeta/", log.case_link_end, name="case_link_end"),
    path(f"{CASE}tiim/kutsu/", team.team_member_invite, name="team_member_invite"),
    path(f"{CASE}tiim/<uuid:member_id>/lopeta/", team.team_member_end, name="team_member_end"),
    path("kutsed/<uuid:member_id>/", team.team_member_answer, name="team_member_answer"),
    path(f"{CASE}markmed/", note.case_note_list, name="case_note_list"),
    path(f"{CASE}markmed/lisa/", note.case_note_add, name="case_note_add"),
    path(
        f"{CASE}markmed/<uuid:note_id>/paranda/", note.case_note_correct, name="case_note_correct"
    ),
    path(f"{CASE}puudub/", gap.case_gap_add, name="case_gap_add"),
    path("vajadused/nahtud/", gap.case_gap_seen, name="case_gap_seen"),
    path(f"{CASE}failid/<uuid:file_id>/", note.case_note_file, name="case_note_file"),
]
