"""Addresses of the region's resources, and of its people; included under `intranet/`."""

from django.urls import path

from network.views import (
    detail,
    form,
    holders,
    joining,
    leaving,
    listing,
    own,
    people,
    proposal,
)

ONE = "ressursid/<int:resource_id>/"
POST = "inimesed/ametikohad/<uuid:position_id>/"

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
    path("inimesed/", people.people_list, name="people_list"),
    path("inimesed/ametikohad.csv", people.people_export, name="people_export"),
    path("inimesed/ametikohad/uus/", people.position_add, name="position_add"),
    path(POST, people.position_detail, name="position_detail"),
    path(f"{POST}muuda/", people.position_change, name="position_change"),
    path(f"{POST}ule-andmine/", holders.handover, name="handover"),
    path(f"{POST}asendaja/", holders.position_stand_in, name="position_stand_in"),
    path("inimesed/kutsu/", holders.worker_invite, name="worker_invite"),
    path(
        "inimesed/kutsed/<uuid:holding_id>/uuesti/",
        holders.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "inimesed/kutsed/<uuid:holding_id>/tagasi/",
        holders.invitation_cancel,
        name="invitation_cancel",
    ),
    path("inimesed/taitjad/<uuid:holding_id>/lopeta/", holders.holding_end, name="holding_end"),
    path("inimesed/kinnita/", holders.rights_confirm, name="rights_confirm"),
    path("inimesed/<uuid:user_id>/lahkumine/", leaving.leaving, name="leaving"),
    path("inimesed/<uuid:user_id>/sulge/", leaving.account_close, name="account_close"),
    path("liitumised/", joining.joining_list, name="joining_list"),
    path("liitumised/kutsu/", joining.organisation_invite, name="organisation_invite"),
    path("liitumised/<uuid:request_id>/", joining.join_decide, name="join_decide"),
    path(
        "liitumised/liikmed/<uuid:membership_id>/lopeta/",
        joining.membership_end,
        name="membership_end",
    ),
]
