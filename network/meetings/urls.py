"""Addresses of meetings, gaps and what comes of them; included under `intranet/`."""

from django.urls import path

from network.meetings.views.action import action_detail
from network.meetings.views.agenda import (
    agenda_gap_add,
    agenda_item_add,
    agenda_item_carry,
    agenda_item_change,
    agenda_item_move,
    agenda_item_remove,
    agenda_item_step,
)
from network.meetings.views.attendance import attendance_guest, attendance_set
from network.meetings.views.calendar import calendar_feed, meeting_ics
from network.meetings.views.gap import (
    gap_add,
    gap_answer,
    gap_detail,
    gap_export,
    gap_list,
    gap_to_agenda,
)
from network.meetings.views.inviting import meeting_invite
from network.meetings.views.meeting import (
    meeting_detail,
    meeting_end,
    meeting_export,
    meeting_list,
    meeting_start,
)
from network.meetings.views.minutes import minutes, minutes_approve, minutes_pdf
from network.meetings.views.note import meeting_note_add, meeting_note_change
from network.meetings.views.outcome import action_add, decision_add, decision_change
from network.meetings.views.outcome_list import (
    action_export,
    action_list,
    decision_export,
    decision_list,
)
from network.meetings.views.planning import meeting_add, meeting_cancel, meeting_change
from network.meetings.views.series import series_add, series_change, series_dates

urlpatterns = [
    path("kohtumised/", meeting_list, name="meeting_list"),
    path("kohtumised/kohtumised.csv", meeting_export, name="meeting_export"),
    path("kohtumised/<uuid:meeting_id>/", meeting_detail, name="meeting_detail"),
    path("kohtumised/<uuid:meeting_id>/alusta/", meeting_start, name="meeting_start"),
    path("kohtumised/<uuid:meeting_id>/kohalolek/", attendance_set, name="attendance_set"),
    path(
        "kohtumised/<uuid:meeting_id>/kohalolek/kylaline/",
        attendance_guest,
        name="attendance_guest",
    ),
    path("kohtumised/<uuid:meeting_id>/kohtumine.ics", meeting_ics, name="meeting_ics"),
    path("kohtumised/<uuid:meeting_id>/kutsu/", meeting_invite, name="meeting_invite"),
    path("kohtumised/<uuid:meeting_id>/lopeta/", meeting_end, name="meeting_end"),
    path(
        "kohtumised/<uuid:meeting_id>/markmed/<uuid:note_id>/",
        meeting_note_change,
        name="meeting_note_change",
    ),
    path("kohtumised/<uuid:meeting_id>/muuda/", meeting_change, name="meeting_change"),
    path(
        "kohtumised/<uuid:meeting_id>/paevakord/<uuid:item_id>/",
        agenda_item_change,
        name="agenda_item_change",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/paevakord/<uuid:item_id>/edasi/",
        agenda_item_carry,
        name="agenda_item_carry",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/paevakord/<uuid:item_id>/eemalda/",
        agenda_item_remove,
        name="agenda_item_remove",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/paevakord/<uuid:item_id>/liiguta/",
        agenda_item_move,
        name="agenda_item_move",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/paevakord/<uuid:item_id>/markmed/",
        meeting_note_add,
        name="meeting_note_add",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/paevakord/<uuid:item_id>/samm/",
        agenda_item_step,
        name="agenda_item_step",
    ),
    path("kohtumised/<uuid:meeting_id>/paevakord/lisa/", agenda_item_add, name="agenda_item_add"),
    path(
        "kohtumised/<uuid:meeting_id>/paevakord/vajadused/",
        agenda_gap_add,
        name="agenda_gap_add",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/protokoll.pdf",
        minutes_pdf,
        name="minutes_pdf",
    ),
    path("kohtumised/<uuid:meeting_id>/protokoll/", minutes, name="minutes"),
    path(
        "kohtumised/<uuid:meeting_id>/protokoll/kinnita/",
        minutes_approve,
        name="minutes_approve",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/punktid/<uuid:item_id>/otsus/",
        decision_add,
        name="decision_add",
    ),
    path(
        "kohtumised/<uuid:meeting_id>/punktid/<uuid:item_id>/tegevus/",
        action_add,
        name="action_add",
    ),
    path("kohtumised/<uuid:meeting_id>/tuhista/", meeting_cancel, name="meeting_cancel"),
    path("kohtumised/kalender/", calendar_feed, name="calendar_feed"),
    path("kohtumised/sari/<uuid:series_id>/", series_change, name="series_change"),
    path("kohtumised/sari/kuupaevad/", series_dates, name="series_dates"),
    path("kohtumised/sari/uus/", series_add, name="series_add"),
    path("kohtumised/uus/", meeting_add, name="meeting_add"),
    path("otsused/", decision_list, name="decision_list"),
    path("otsused/<uuid:decision_id>/", decision_change, name="decision_change"),
    path("otsused/otsused.csv", decision_export, name="decision_export"),
    path("tegevused/", action_list, name="action_list"),
    path("tegevused/<uuid:action_id>/", action_detail, name="action_detail"),
    path("tegevused/tegevused.csv", action_export, name="action_export"),
    path("vajadused/", gap_list, name="gap_list"),
    path("vajadused/<uuid:gap_id>/", gap_detail, name="gap_detail"),
    path("vajadused/<uuid:gap_id>/paevakorda/", gap_to_agenda, name="gap_to_agenda"),
    path("vajadused/<uuid:gap_id>/vasta/", gap_answer, name="gap_answer"),
    path("vajadused/lisa/", gap_add, name="gap_add"),
    path("vajadused/vajadused.csv", gap_export, name="gap_export"),
]
