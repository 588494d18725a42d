"""What a person reads of their own; included under `minu/`, in three languages."""

from django.urls import path

from network.cases.views import person_log

urlpatterns = [
    path("vaatajad/", person_log.person_log, name="person_log"),
    path("vaatajad/<str:token>/", person_log.person_log_link, name="person_log_link"),
]
