"""Every address of the portal. docs/authorization.yaml is the reviewed table of who may."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from home.views import map as map_views
from network.meetings.views.calendar import calendar_ics
from portal.access.guards import public
from portal.views import (
    audit,
    desk,
    draft_key,
    errors,
    health,
    holds,
    invitation,
    media,
    profile,
    retention,
    rights,
    rights_index,
    session,
    sign_in,
    style,
    tara,
)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", health.robots, name="robots"),
    path("konto/sisse/", sign_in.sign_in, name="account_login"),
    path("konto/kutse/", invitation.invitation_accept, name="invitation_accept"),
    path("konto/kutse/<str:token>/", invitation.invitation_link, name="invitation_link"),
    path("konto/profiil/", profile.profile, name="profile"),
    path("konto/sessioon/", session.session_keep, name="session_keep"),
    path("konto/sisselogimised/", session.session_list, name="session_list"),
    path("konto/sisselogimised/lopeta/", session.session_end, name="session_end"),
    path(
        "konto/sisselogimised/lopeta-teised/",
        session.session_end_others,
        name="session_end_others",
    ),
    path("konto/tara/", tara.tara_begin, name="tara_begin"),
    path("konto/tara/tagasi/", tara.tara_callback, name="tara_callback"),
    path("konto/tara/eemalda/", tara.tara_unlink, name="tara_unlink"),
    # The same in every language.
    path("kaart/andmed.geojson", map_views.map_data, name="map_data"),
    path("", include("home.api.urls")),
    path("kalender/<str:token>.ics", calendar_ics, name="calendar_ics"),
    path("media/<path:path>", media.media, name="media"),
    path("konto/", include("portal.accounts.urls")),
    # One sign-in behind every door: the CMS's own would walk around it.
    path("", include("portal.access.urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("dokumendid/", include(wagtaildocs_urls)),
    path("intranet/", desk.desk, name="desk"),
    path("intranet/logi/", audit.audit_event_list, name="audit_event_list"),
    path("intranet/mustandi-voti/", draft_key.draft_key, name="draft_key"),
    path("intranet/oigused/", rights_index.rights_index, name="rights_index"),
    path("intranet/oigused/juhtum/<uuid:case_id>/", rights.rights_of_case, name="rights_of_case"),
    path("intranet/oigused/inimene/<uuid:user_id>/", rights.rights_of_user, name="rights_of_user"),
    path(
        "intranet/oigused/piirkond/<int:region_id>/",
        rights.rights_of_region,
        name="rights_of_region",
    ),
    path(
        "intranet/oigused/asutus/<int:organisation_id>/",
        rights.rights_of_organisation,
        name="rights_of_organisation",
    ),
    path(
        "intranet/oigused/kohtumine/<uuid:meeting_id>/",
        rights.rights_of_meeting,
        name="rights_of_meeting",
    ),
    path("intranet/sailitamine/", retention.retention_list, name="retention_list"),
    path("intranet/sailitamine/keelud/", holds.hold_list, name="hold_list"),
    path("intranet/sailitamine/keelud/uus/", holds.hold_add, name="hold_add"),
    path("intranet/sailitamine/keelud/<uuid:hold_id>/lopeta/", holds.hold_lift, name="hold_lift"),
    path(
        "intranet/sailitamine/<uuid:class_id>/",
        retention.retention_change,
        name="retention_change",
    ),
    path("intranet/stiil/", style.style, name="style"),
    path("intranet/hinnad/", include("home.price_urls")),
    path("intranet/", include("network.urls")),
    path("intranet/", include("network.cases.urls")),
    path("intranet/", include("network.meetings.urls")),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        public(wagtail_views.authenticate_with_password),
        name="wagtailcore_authenticate_with_password",
    ),
]

urlpatterns += i18n_patterns(
    path("minu/", include("network.cases.person_urls")),
    path("", include("home.urls")),
    prefix_default_language=False,
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
