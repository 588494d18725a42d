"""Addresses of the public site. They do not change; the tree below them is the editors'."""

from django.urls import path, re_path

from home.views import map as map_views
from home.views import pages
from home.views import supply as supply_views

urlpatterns = [
    path("", pages.front, name="front"),
    path("teenused/", pages.component_list, name="component_list"),
    path("teenused/<slug:slug>/", pages.component_detail, name="component_detail"),
    path("kaart/", pages.map_page, name="map"),
    path("kaart/nimekiri.csv", map_views.map_export, name="map_export"),
    path("vajadus-ja-pakkumine/", pages.supply, name="supply"),
    path("vajadus-ja-pakkumine/tabel.csv", supply_views.supply_export, name="supply_export"),
    path("otsing/", pages.search, name="search"),
    path("uudised/", pages.news_list, name="news_list"),
    path("asutused/", pages.organisation_list, name="organisation_list"),
    path("asutused/<slug:slug>/", pages.organisation_detail, name="organisation_detail"),
    # Wagtail's own name and shape, so that its page addresses resolve to this view.
    re_path(r"^((?:[\w\-]+/)*)$", pages.page, name="wagtail_serve"),
]
