"""Addresses of the public site. They do not change; the tree below them is the editors'."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path

from home import feeds
from home.api import catalogue as catalogue_data
from home.api import openapi
from home.sitemaps import SITEMAPS
from home.views import calculator as calculator_views
from home.views import compare, finder, my_list, pages
from home.views import map as map_views
from home.views import search as search_views
from home.views import supply as supply_views
from portal.access.guards import public

urlpatterns = [
    path("", pages.front, name="front"),
    path("teenused/", pages.component_list, name="component_list"),
    path("teenused/andmed.csv", catalogue_data.catalogue_csv, name="catalogue_csv"),
    path("teenused/andmed.xlsx", catalogue_data.catalogue_xlsx, name="catalogue_xlsx"),
    path("teenused/andmed.json", catalogue_data.catalogue_json, name="catalogue_json"),
    path("teenused/muudatused.atom", feeds.catalogue_feed, name="catalogue_feed"),
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
    path("uudised/uudised.atom", feeds.news_feed, name="news_feed"),
    path("uudised/", pages.news_list, name="news_list"),
    path("asutused/", pages.organisation_list, name="organisation_list"),
    path("asutused/<slug:slug>/", pages.organisation_detail, name="organisation_detail"),
    path("api/", openapi.api, name="api"),
    path("sitemap.xml", public(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    # Wagtail's own name and shape, so that its page addresses resolve to this view.
    re_path(r"^((?:[\w\-]+/)*)$", pages.page, name="wagtail_serve"),
]
