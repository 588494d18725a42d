"""Addresses of the daily work on cases, below /intranet/."""

from django.urls import path

from network.cases.views import note

urlpatterns = [
    path("juhtumid/<uuid:case_id>/markmed/", note.case_note_list, name="case_note_list"),
    path("juhtumid/<uuid:case_id>/markmed/lisa/", note.case_note_add, name="case_note_add"),
    path(
        "juhtumid/<uuid:case_id>/markmed/<uuid:note_id>/paranda/",
        note.case_note_correct,
        name="case_note_correct",
    ),
    path("juhtumid/<uuid:case_id>/failid/<uuid:file_id>/", note.case_note_file, name="case_note_file"),
]
