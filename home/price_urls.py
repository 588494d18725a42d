"""Bringing in prices; stands in the intranet, below intranet/hinnad/."""

from django.urls import path

from home.views import price_import as views

urlpatterns = [
    path("", views.price_import, name="price_import"),
    path("hinnakiri/", views.price_list_export, name="price_list_export"),
    path("<uuid:import_id>/", views.price_import_detail, name="price_import_detail"),
    path("<uuid:import_id>/tagasi/", views.price_import_refused, name="price_import_refused"),
]
