"""Addresses of records, the same in every language. A slash at the end may be or not."""

from typing import Any

from django.urls import re_path

from home.api import term_views, views
from home.api.open_data import open_data
from home.api.views import DataView
from portal.access.guards import public


def _at(pattern: str, view: type[DataView], name: str) -> Any:
    answer = public(open_data(view.as_view()))
    return re_path(rf"^api/hsds{pattern}/?$", answer, name=name)


ID = "(?P<id>[^/]+)"
urlpatterns = [
    _at("", views.ApiDetails, "hsds"),
    _at("/services", views.ServiceList, "hsds_services"),
    _at(f"/services/{ID}", views.ServiceOne, "hsds_service"),
    _at("/service_at_locations", views.ServiceAtLocationList, "hsds_service_at_locations"),
    _at(f"/service_at_locations/{ID}", views.ServiceAtLocationOne, "hsds_service_at_location"),
    _at("/locations", views.LocationList, "hsds_locations"),
    _at(f"/locations/{ID}", views.LocationOne, "hsds_location"),
    _at("/organizations", views.OrganizationList, "hsds_organizations"),
    _at(f"/organizations/{ID}", views.OrganizationOne, "hsds_organization"),
    _at("/taxonomies", term_views.TaxonomyList, "hsds_taxonomies"),
    _at(f"/taxonomies/{ID}", term_views.TaxonomyOne, "hsds_taxonomy"),
    _at("/taxonomy_terms", term_views.TaxonomyTermList, "hsds_taxonomy_terms"),
    _at(f"/taxonomy_terms/{ID}", term_views.TaxonomyTermOne, "hsds_taxonomy_term"),
]
