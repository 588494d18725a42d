"""Addresses for machines, the same in every language."""

from django.urls import include, path

from home.api.openapi import openapi

urlpatterns = [
    path("api/openapi.json", openapi, name="api_openapi"),
    path("", include("home.api.hsds_urls")),
]
