"""Addresses of the region's resources; included under `intranet/`."""

from django.urls import path

from network.views import detail, form, listing, own, proposal

ONE = "ressursid/<int:resource_id>/"

urlpatterns = [
    path("ressursid/", listing.resource_list, name="resource_list"),
    path("ressursid/ressursid.csv", listing.resource_export, name="resource_export"),
    path("ressursid/minu/", own.own_offers, name="own_offers"),
    path("ressursid/minu/kinnita/", own.own_offers_confirm, name="own_offers_confirm"),
    path("ressursid/uus/", form.resource_add, name="resource_add"),
    path(
        "ressursid/ettepanekud/<uuid:change_id>/", proposal.proposal_decide, name="proposal_decide"
    ),
    path(
        "ressursid/ettepanekud/<uuid:change_id>/muuda/",
        proposal.proposal_change,
        name="proposal_change",
    ),
    path(ONE, detail.resource_detail, name="resource_detail"),
    path(f"{ONE}muuda/", form.resource_change, name="resource_change"),
    path(f"{ONE}kinnita/", own.resource_confirm, name="resource_confirm"),
    path(f"{ONE}vabad-kohad/", own.resource_availability, name="resource_availability"),
    path(f"{ONE}avalda/", detail.resource_publish, name="resource_publish"),
    path(f"{ONE}vota-tagasi/", detail.resource_withdraw, name="resource_withdraw"),
]
