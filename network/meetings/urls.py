"""Addresses of meetings, gaps and what comes of them; included under `intranet/`."""

from django.urls import path

from network.meetings.views.action import action_detail
from network.meetings.views.minutes import minutes, minutes_approve, minutes_pdf
from network.meetings.views.outcome import action_add, decision_add, decision_change
from network.meetings.views.outcome_list import (
    action_export,
    action_list,
    decision_export,
    decision_list,
)

urlpatterns = [
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
    path("otsused/", decision_list, name="decision_list"),
    path("otsused/<uuid:decision_id>/", decision_change, name="decision_change"),
    path("otsused/otsused.csv", decision_export, name="decision_export"),
    path("tegevused/", action_list, name="action_list"),
    path("tegevused/<uuid:action_id>/", action_detail, name="action_detail"),
    path("tegevused/tegevused.csv", action_export, name="action_export"),
]
