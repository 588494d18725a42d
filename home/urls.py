"""Addresses of the public site. They do not change; the tree below them is the editors'."""

from django.urls import path, re_path

from home.views import calculator as calculator_views
from home.views import compare, finder, my_list, pages
from home.views import map as map_views
from home.views import search as search_views
from home.views import supply as supply_views

urlpatterns = [
    path("", pages.front, name="front"),
    path("teenused/", pages.component_list, name="component_list"),
    path("teenused/<slug:slug>/", pages.component_detail, name="component_detail"),
    path("vordle/", compare.compare, name="compare"),
    path("minu-nimekiri/", my_list.my_list, name="my_list"),
    path("leia/", finder.finder, name="finder"),
    path("arvuta/", calculator_views.calculator, name="calculator"),
    path("kaart/", pages.map_page, name="map"),
    path("kaart/nimekiri.csv", map_views.map_export, name="map_export"),
    path("vajadus-ja-pakkumine/", pages.supply, name="supply"),
    path("vajadus-ja-pakkumine/tabel.csv", supply_views.supply_export, name="supply_export"),
    path("otsing/", pages.search, name="search"),
    path("otsing/soovitused/", search_views.search_suggestions, name="search_suggestions"),
    path("uudised/", pages.news_list, name="news_list"),
    path("asutused/", pages.organisation_list, name="organisation_list"),
    path("asutused/<slug:slug>/", pages.organisation_detail, name="organisation_detail"),
    # Wagtail's own name and shape, so that its page addresses resolve to this view.
    re_path(r"^((?:[\w\-]+/)*)$", pages.page, name="wagtail_serve"),
]
