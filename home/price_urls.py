"""Bringing in prices; stands in the intranet, below intranet/hinnad/."""

from django.urls import path

from home.views import price_import as views
from home.views import price_taken as taken

urlpatterns = [
    path("", views.price_import, name="price_import"),
    path("hinnakiri/", taken.price_list_export, name="price_list_export"),
    path("<uuid:import_id>/", views.price_import_detail, name="price_import_detail"),
    path("<uuid:import_id>/tagasi/", taken.price_import_refused, name="price_import_refused"),
    path("<uuid:taken_id>/vota-tagasi/", taken.price_import_undo, name="price_import_undo"),
    path("<uuid:import_id>/kustuta/", taken.price_import_delete, name="price_import_delete"),
]
