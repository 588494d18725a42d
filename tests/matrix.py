"""The tables of the permission matrix: every route of ours × everybody × whose it is.

A cell is the status of the answer; `.` is 404. A POST is tried empty; what a form that is filled in
does, and for whom, stands in `tests/deeds.py`. Whoever has no column in a table is a stranger to
all of it. Signed out, a page leads to the sign-in (302) and a form gives its text back (403).
Whoever has no second factor yet is led to setting one up, whatever they ask for.
"""

from portal.accounts.middleware import BEFORE_SECOND_FACTOR
from portal.base.http import is_private
from tests.world import MINE, OTHER_REGION, SAME_REGION, UNKNOWN

PEOPLE = {
    "nob": "nobody",
    "str": "stranger",
    "edi": "editor",
    "adm": "administrator",
    "aud": "auditor",
    "ste": "steering",
    "coo": "coordinator",
    "bas": "base",
    "add": "additional",
    "par": "partner",
    "bar": "bare_partner",
    "fme": "former_member",
    "fho": "former_holder",
    "dis": "disabled",
    "inv": "invited",
    "col": "colleague",
    "lea": "lead",
    "oth": "other_region",
    "off": "offer_editor",
    "ofe": "offer_editor_elsewhere",
    "net": "network_seat",
    "gue": "guest",
    "res": "responsible",
    "fse": "former_seat",
    "sel": "steering_elsewhere",
    "pub": "publisher",
    "rem": "removed_now",
    "nof": "no_factor",
}
SIGNED_OUT = ("nobody", "disabled")
# Signed in, on the team, and led to setting up a second factor before anything else.
LED_AWAY = "no_factor"
# In tables without a column for them.
SAME_AS = {"publisher": "editor", "removed_now": "colleague"}
# Methods that no page of ours answers.
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS")
# Who has to do with what the regions share; all others are strangers to it.
OF_REGIONS = (
    "nobody",
    "stranger",
    "steering",
    "coordinator",
    "base",
    "offer_editor",
    "offer_editor_elsewhere",
    "network_seat",
    "guest",
    "responsible",
    "former_seat",
    "steering_elsewhere",
)
# To whom who sees what is told.
EXPLAINERS = ("administrator", "auditor")

# On the case that is “mine”. To every other case everybody is a stranger, but for `other_region`,
# who is to the case of that region what `base` is here.
CASES = """
                        nob str edi adm aud ste coo bas add par bar fme fho dis inv col lea oth
case_detail GET         302  .   .   .   .   .   .  200 200 200 200  .   .  302  .   .  200  .
case_change GET         302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
case_change POST        403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
case_code GET           302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302
case_code POST          403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
case_log GET            302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
case_log_print GET      302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
case_extract GET        302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
case_extract POST       403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
case_link_add GET       302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
case_link_add POST      403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
case_link_end GET       405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
case_link_end POST      403  .   .   .   .   .   .  302 403 403 403  .   .  403  .   .  403  .
team_member_invite GET  302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
team_member_invite POST 403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
team_member_end GET     302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
team_member_end POST    403  .   .   .   .   .   .  302 403 403 403  .   .  403  .   .  403  .
team_member_answer GET  302  .   .   .   .   .   .   .   .   .   .   .   .  302 200  .   .   .
team_member_answer POST 403  .   .   .   .   .   .   .   .   .   .   .   .  403 200  .   .   .
case_note_list GET      302  .   .   .   .   .   .  200 200 200 200  .   .  302  .   .  403  .
case_note_list POST     403  .   .   .   .   .   .  200 200 200 200  .   .  403  .   .  403  .
case_note_add GET       302  .   .   .   .   .   .  200 200 403 403  .   .  302  .   .  403  .
case_note_add POST      403  .   .   .   .   .   .  200 200 403 403  .   .  403  .   .  403  .
case_note_correct GET   302  .   .   .   .   .   .  200  .  403 403  .   .  302  .   .  403  .
case_note_correct POST  403  .   .   .   .   .   .  200  .  403 403  .   .  403  .   .  403  .
case_note_file GET      302  .   .   .   .   .   .  200 200 200  .   .   .  302  .   .  403  .
case_gap_add GET        302  .   .   .   .   .   .  200 200 403 403  .   .  302  .   .  403  .
case_gap_add POST       403  .   .   .   .   .   .  200 200 403 403  .   .  403  .   .  403  .
"""

# On what is “mine” in the region. Of the other thing of the same region somebody else is keeper,
# guest or responsible; to that of the other region only its own steering group is no stranger.
REGION = """
                         nob str ste coo net off gue res fse bas
resource_detail GET      302  .  200 200 200 200  .   .   .   .
resource_change GET      302  .  200 200 403 200  .   .   .   .
resource_change POST     403  .  200 200 403 200  .   .   .   .
resource_confirm GET     405 405 405 405 405 405 405 405 405 405
resource_confirm POST    403  .  302 302 403 302  .   .   .   .
resource_availability GET 405 405 405 405 405 405 405 405 405 405
resource_availability POST 403 .  200 200 403 200  .   .   .   .
resource_publish GET     302  .  200 200 403 403  .   .   .   .
resource_publish POST    403  .  302 302 403 403  .   .   .   .
resource_withdraw GET    302  .  200 200 403 403  .   .   .   .
resource_withdraw POST   403  .  302 302 403 403  .   .   .   .
price_import_detail GET  302  .   .   .   .  200  .   .   .   .
price_import_detail POST 403  .   .   .   .  302  .   .   .   .
price_import_refused GET 302  .   .   .   .  200  .   .   .   .
price_import_delete GET  405 405 405 405 405 405 405 405 405 405
price_import_delete POST 403  .   .   .   .  409  .   .   .   .
price_import_undo GET    302  .   .   .   .  200  .   .   .   .
price_import_undo POST   403  .   .   .   .  409  .   .   .   .
proposal_change GET      302  .  302 302  .  302  .   .   .   .
proposal_change POST     403  .  302 302  .  302  .   .   .   .
proposal_decide GET      302  .  200 200  .  403  .   .   .   .
proposal_decide POST     403  .  200 200  .  403  .   .   .   .
meeting_detail GET       302  .  200 200  .   .  200  .   .   .
meeting_ics GET          302  .  200 200  .   .  200  .   .   .
meeting_change GET       302  .  200 200  .   .  403  .   .   .
meeting_change POST      403  .  200 200  .   .  403  .   .   .
meeting_cancel GET       302  .  200 200  .   .  403  .   .   .
meeting_cancel POST      403  .  200 200  .   .  403  .   .   .
meeting_invite GET       302  .  200 200  .   .  403  .   .   .
meeting_invite POST      403  .  200 200  .   .  403  .   .   .
meeting_start GET        405 405 405 405 405 405 405 405 405 405
meeting_start POST       403  .  302 302  .   .  403  .   .   .
meeting_end GET          302  .  200 200  .   .  403  .   .   .
meeting_end POST         403  .  302 302  .   .  403  .   .   .
attendance_set GET       405 405 405 405 405 405 405 405 405 405
attendance_set POST      403  .  302 302  .   .  403  .   .   .
attendance_guest GET     405 405 405 405 405 405 405 405 405 405
attendance_guest POST    403  .  200 200  .   .  403  .   .   .
agenda_item_add GET      302  .  200 200  .   .  403  .   .   .
agenda_item_add POST     403  .  200 200  .   .  403  .   .   .
agenda_gap_add GET       405 405 405 405 405 405 405 405 405 405
agenda_gap_add POST      403  .   .   .   .   .  403  .   .   .
agenda_item_change GET   302  .  200 200  .   .  403  .   .   .
agenda_item_change POST  403  .  200 200  .   .  403  .   .   .
agenda_item_move GET     405 405 405 405 405 405 405 405 405 405
agenda_item_move POST    403  .  409 409  .   .  403  .   .   .
agenda_item_remove GET   405 405 405 405 405 405 405 405 405 405
agenda_item_remove POST  403  .  409 409  .   .  403  .   .   .
agenda_item_carry GET    405 405 405 405 405 405 405 405 405 405
agenda_item_carry POST   403  .  409 409  .   .  403  .   .   .
agenda_item_step GET     405 405 405 405 405 405 405 405 405 405
agenda_item_step POST    403  .  302 302  .   .  403  .   .   .
meeting_note_add GET     405 405 405 405 405 405 405 405 405 405
meeting_note_add POST    403  .  200 200  .   .  403  .   .   .
meeting_note_change GET  302  .  200 200  .   .  403  .   .   .
meeting_note_change POST 403  .  200 200  .   .  403  .   .   .
decision_add GET         302  .  200 200  .   .  403  .   .   .
decision_add POST        403  .  200 200  .   .  403  .   .   .
action_add GET           302  .  200 200  .   .  403  .   .   .
action_add POST          403  .  200 200  .   .  403  .   .   .
minutes GET              302  .  200 200  .   .  200  .   .   .
minutes_pdf GET          302  .  200 200  .   .  200  .   .   .
minutes_approve GET      405 405 405 405 405 405 405 405 405 405
minutes_approve POST     403  .  302 302  .   .  403  .   .   .
decision_change GET      302  .  200 200  .   .   .   .   .   .
decision_change POST     403  .  200 200  .   .   .   .   .   .
action_detail GET        302  .  200 200  .   .   .  200  .   .
action_detail POST       403  .  200 200  .   .   .  200  .   .
series_change GET        302  .  200 200  .   .   .   .   .   .
series_change POST       403  .  200 200  .   .   .   .   .   .
gap_detail GET           302  .  200 200 200  .   .   .   .   .
gap_answer GET           302  .  200 200 403  .   .   .   .   .
gap_answer POST          403  .  200 200 403  .   .   .   .   .
gap_to_agenda GET        405 405 405 405 405 405 405 405 405 405
gap_to_agenda POST       403  .  302 302 403  .   .   .   .   .
"""

# Who sees what: of every case, person and thing alike, for two roles of the portal.
RIGHTS = """
                           nob str adm aud ste coo bas
rights_of_case GET         302  .  200 200  .   .   .
rights_of_user GET         302  .  200 200  .   .   .
rights_of_region GET       302  .  200 200  .   .   .
rights_of_organisation GET 302  .  200 200  .   .   .
rights_of_meeting GET      302  .  200 200  .   .   .
break_glass_judge GET      302  .   .  200  .   .   .
break_glass_judge POST     403  .   .  200  .   .   .
break_glass_end GET        405 405 405 405 405 405 405
break_glass_end POST       403  .   .  403  .   .   .
retention_change GET       302  .  200  .   .   .   .
retention_change POST      403  .  200  .   .   .   .
hold_lift GET              302  .  200  .   .   .   .
hold_lift POST             403  .  200  .   .   .   .
"""

# On who holds what and who works in the region: of the keeper of offers, whom the coordinator
# sees and does not give; the administrator sees all of them.
STAFF = """
                          nob str adm ste coo off lea
position_detail GET       302  .  200  .  200  .   .
position_change GET       302  .  200  .  403  .   .
position_change POST      403  .  200  .  403  .   .
handover GET              302  .  200  .  403  .   .
handover POST             403  .  200  .  403  .   .
position_stand_in GET     302  .  200  .  403  .   .
position_stand_in POST    403  .  200  .  403  .   .
holding_end GET           302  .  200  .  403  .   .
holding_end POST          403  .  200  .  403  .   .
invitation_resend GET     405 405 405 405 405 405 405
invitation_resend POST    403  .  403  .  403  .   .
invitation_cancel GET     405 405 405 405 405 405 405
invitation_cancel POST    403  .  403  .  403  .   .
leaving GET               302  .  200  .   .   .   .
leaving POST              403  .  200  .   .   .   .
account_close GET         302  .  200  .   .   .   .
account_close POST        403  .  302  .   .   .   .
join_decide GET           302  .   .  200 200  .   .
join_decide POST          403  .   .  200 200  .   .
membership_end GET        302  .   .  403 200  .   .
membership_end POST       403  .   .  403 302  .   .
"""

# Pages of the private half that belong to nothing in particular.
PAGES = """
                        nob str edi adm aud ste coo bas add par bar fme fho dis inv col lea oth
desk GET                302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
case_list GET           302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
case_list POST          403 200 200 200 200 200 200 200 200 200 200 200 200 403 200 200 200 200
case_open GET           302 403 403 403 403 403 403 200 403 403 403 403 403 302 403 200 403 200
case_open POST          403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 200 403 200
audit_event_list GET    302  .   .   .  200  .   .   .   .   .   .   .   .  302  .   .   .   .
break_glass_list GET    302  .   .   .  200  .   .   .   .   .   .   .   .  302  .   .   .   .
break_glass_open GET    302 403 403 403 403 403 403 200 403 403 403 403 403 302 403 200 403 200
break_glass_open POST   403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 200 403 200
rights_index GET        302  .   .  200 200  .   .   .   .   .   .   .   .  302  .   .   .   .
rights_index POST       403  .   .  200 200  .   .   .   .   .   .   .   .  403  .   .   .   .
retention_list GET      302  .   .  200  .   .   .   .   .   .   .   .   .  302  .   .   .   .
hold_list GET           302  .   .  200  .   .   .   .   .   .   .   .   .  302  .   .   .   .
hold_add GET            302  .   .  200  .   .   .   .   .   .   .   .   .  302  .   .   .   .
hold_add POST           403  .   .  200  .   .   .   .   .   .   .   .   .  403  .   .   .   .
people_list GET         302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
people_export GET       302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
position_add GET        302 403 403 200 403 403 403 403 403 403 403 403 403 302 403 403 200 403
position_add POST       403 403 403 200 403 403 403 403 403 403 403 403 403 403 403 403 200 403
worker_invite GET       302 403 403 200 403 403 200 403 403 403 403 403 403 302 403 403 200 403
worker_invite POST      403 403 403 200 403 403 200 403 403 403 403 403 403 403 403 403 200 403
rights_confirm GET      302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
rights_confirm POST     403 302 302 302 302 302 302 302 302 302 302 302 302 403 302 302 302 302
joining_list GET        302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
organisation_invite GET 302 403 403 403 403 403 200 403 403 403 403 403 403 302 403 403 200 403
organisation_invite POST 403 403 403 403 403 403 200 403 403 403 403 403 403 403 403 403 200 403
profile GET             302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
profile POST            403 200 200 200 200 200 200 200 200 200 200 200 200 403 200 200 200 200
draft_key GET           302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
session_list GET        302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
session_keep GET        302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
session_keep POST       403 200 200 200 200 200 200 200 200 200 200 200 200 403 200 200 200 200
session_end POST        403 302 302 302 302 302 302 302 302 302 302 302 302 403 302 302 302 302
session_end_others POST 403 302 302 302 302 302 302 302 302 302 302 302 302 403 302 302 302 302
tara_unlink GET         302 405 405 405 405 405 405 405 405 405 405 405 405 302 405 405 405 405
tara_unlink POST        403 302 302 302 302 302 302 302 302 302 302 302 302 403 302 302 302 302
style GET               302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
account_login GET       200 302 302 302 302 302 302 302 302 302 302 302 302 200 302 302 302 302
account_login POST      200 302 302 302 302 302 302 302 302 302 302 302 302 200 302 302 302 302
cms GET                 302 403 200 200 403 403 403 403 403 403 403 403 403 302 403 403 403 403
"""

# Pages of the region: lists show each reader their own rows, forms are for those who may fill them.
REGION_PAGES = """
                        nob str adm bas ste coo net off ofe lea fse sel
resource_list GET       302 200 200 200 200 200 200 200 200 200 200 200
resource_export GET     302 200 200 200 200 200 200 200 200 200 200 200
own_offers GET          302 200 200 200 200 200 200 200 200 200 200 200
own_offers_confirm POST 403 302 302 302 302 302 302 302 302 302 302 302
resource_add GET        302 403 403 403 200 200 403 200 200 200 403 200
resource_add POST       403 403 403 403 200 200 403 200 200 200 403 200
gap_list GET            302 200 200 200 200 200 200 200 200 200 200 200
gap_export GET          302 200 200 200 200 200 200 200 200 200 200 200
gap_add GET             302 403 403 403 200 200 403 403 403 403 403 200
gap_add POST            403 403 403 403 200 200 403 403 403 403 403 200
case_gap_seen POST      403 302 302 302 302 302 302 302 302 302 302 302
meeting_list GET        302 200 200 200 200 200 200 200 200 200 200 200
meeting_export GET      302 200 200 200 200 200 200 200 200 200 200 200
meeting_add GET         302 403 403 403 200 200 403 403 403 403 403 200
meeting_add POST        403 403 403 403 200 200 403 403 403 403 403 200
series_add GET          302 403 403 403 200 200 403 403 403 403 403 200
series_add POST         403 403 403 403 200 200 403 403 403 403 403 200
series_dates GET        302 403 403 403 200 200 403 403 403 403 403 200
calendar_feed GET       302 200 200 200 200 200 200 200 200 200 200 200
calendar_feed POST      403 200 200 200 200 200 200 200 200 200 200 200
decision_list GET       302 200 200 200 200 200 200 200 200 200 200 200
decision_export GET     302 200 200 200 200 200 200 200 200 200 200 200
action_list GET         302 200 200 200 200 200 200 200 200 200 200 200
action_export GET       302 200 200 200 200 200 200 200 200 200 200 200
"""

# Bringing in prices: of a round by publishers, of an organisation by whoever speaks for it or leads
# its region.
PRICE_PAGES = """
                        nob str edi pub adm bas ste coo net off ofe lea fse sel
price_import GET        302  .   .  200  .   .  200 200  .  200 200 200  .  200
price_import POST       403  .   .  200  .   .  200 200  .  200 200 200  .  200
price_list_export GET   302  .   .  200  .   .  200 200  .  200 200 200  .  200
"""

# The same for everybody, signed in or not: path and status.
PUBLIC = {
    "front": ("/", 200),
    "component_list": ("/teenused/", 200),
    "compare": ("/vordle/", 200),
    "my_list": ("/minu-nimekiri/", 200),
    "finder": ("/leia/", 200),
    "component_detail": ("/teenused/ei-ole/", 404),
    "organisation_list": ("/asutused/", 200),
    "organisation_detail": ("/asutused/ei-ole/", 404),
    "news_list": ("/uudised/", 200),
    "search": ("/otsing/", 200),
    "search_suggestions": ("/otsing/soovitused/", 200),
    "calculator": ("/arvuta/", 200),
    "map": ("/kaart/", 200),
    "map_data": ("/kaart/andmed.geojson", 200),
    "map_export": ("/kaart/nimekiri.csv", 200),
    "supply": ("/vajadus-ja-pakkumine/", 200),
    "supply_export": ("/vajadus-ja-pakkumine/tabel.csv", 200),
    "calendar_ics": ("/kalender/ei-ole.ics", 404),
    "wagtail_serve": ("/ei-ole/", 404),
    "wagtailcore_authenticate_with_password": ("/_util/authenticate_with_password/1/1/", 404),
    "healthz": ("/healthz", 200),
    "readyz": ("/readyz", 200),
    "robots": ("/robots.txt", 200),
    "sitemap": ("/sitemap.xml", 200),
    "api": ("/api/", 200),
    "api_openapi": ("/api/openapi.json", 200),
    "catalogue_csv": ("/teenused/andmed.csv", 200),
    "catalogue_xlsx": ("/teenused/andmed.xlsx", 200),
    "catalogue_json": ("/teenused/andmed.json", 200),
    "catalogue_feed": ("/teenused/muudatused.atom", 200),
    "news_feed": ("/uudised/uudised.atom", 200),
    "hsds": ("/api/hsds/", 200),
    "hsds_services": ("/api/hsds/services", 200),
    "hsds_service": ("/api/hsds/services/ei-ole", 404),
    "hsds_service_at_locations": ("/api/hsds/service_at_locations", 200),
    "hsds_service_at_location": ("/api/hsds/service_at_locations/ei-ole", 404),
    "hsds_locations": ("/api/hsds/locations", 200),
    "hsds_location": ("/api/hsds/locations/ei-ole", 404),
    "hsds_organizations": ("/api/hsds/organizations", 200),
    "hsds_organization": ("/api/hsds/organizations/ei-ole", 404),
    "hsds_taxonomies": ("/api/hsds/taxonomies", 200),
    "hsds_taxonomy": ("/api/hsds/taxonomies/ei-ole", 404),
    "hsds_taxonomy_terms": ("/api/hsds/taxonomy_terms", 200),
    "hsds_taxonomy_term": ("/api/hsds/taxonomy_terms/ei-ole", 404),
    "cms_sign_in": ("/cms/login/", 302),
    "page_sign_in": ("/_util/login/", 302),
    "cms_password_reset": ("/cms/password_reset/", 302),
    "cms_password_reset_step": ("/cms/password_reset/done/", 302),
    "media": ("/media/ei-ole.png", 404),
    "tara_begin": ("/konto/tara/", 405),
    "tara_callback": ("/konto/tara/tagasi/", 404),
    "invitation_link": ("/konto/kutse/ei-ole/", 302),
    "invitation_accept": ("/konto/kutse/", 404),
    # By a link that was never made: its own test has the others (tests/cases/test_case_link.py).
    "person_log_link": ("/minu/vaatajad/ei-ole/", 302),
    "person_log": ("/minu/vaatajad/", 404),
}


Row = dict[str, str]


def rows_of(table: str) -> dict[tuple[str, str], Row]:
    """A table as (route, method) → persona → cell."""
    heading, *lines = table.strip().splitlines()
    names = [PEOPLE[short] for short in heading.split()]
    found = {}
    for line in lines:
        route, method, *cells = line.split()
        assert len(cells) == len(names), line
        row = dict(zip(names, cells, strict=True))
        for persona in PEOPLE.values():
            same = "nobody" if persona in SIGNED_OUT else "stranger"
            row.setdefault(persona, row.get(SAME_AS.get(persona, same), row[same]))
        found[route, method] = row
    return found


CASE_ROWS, REGION_ROWS = rows_of(CASES), rows_of(REGION)
PAGE_ROWS = rows_of(PAGES) | rows_of(REGION_PAGES) | rows_of(PRICE_PAGES)
RIGHTS_ROWS = rows_of(RIGHTS)
STAFF_ROWS = rows_of(STAFF)


def in_case(row: Row, persona: str, kind: str) -> str:
    """The cell that holds for a case of `kind`."""
    if kind == MINE or persona in SIGNED_OUT or row["stranger"] != ".":
        return row[persona]
    if kind == OTHER_REGION and persona == "other_region":
        return row["base"]
    return "."


def in_rights(row: Row, persona: str, kind: str) -> str:
    """The cell that holds for whatever is asked about, as long as it is there."""
    if kind == UNKNOWN and persona in EXPLAINERS and row["stranger"] == ".":
        return "."
    return row[persona]


def in_staff(row: Row, persona: str, kind: str) -> str:
    """The cell that holds for a position, its holder or a request in a region of `kind`."""
    if kind == MINE or persona in SIGNED_OUT or row["stranger"] != ".":
        return row[persona]
    if persona == "administrator" and kind != UNKNOWN:
        return row[persona]
    if kind == SAME_REGION and persona in {"coordinator", "steering"}:
        return row[persona]
    if kind == OTHER_REGION and persona == "steering_elsewhere":
        return row["steering"]
    return "."


def in_region(row: Row, persona: str, kind: str) -> str:
    """The cell that holds for something of a region of `kind`."""
    if kind == MINE or persona in SIGNED_OUT or row["stranger"] != ".":
        return row[persona]
    if kind == SAME_REGION:
        stand_for = {
            "offer_editor": "stranger",
            "offer_editor_elsewhere": "offer_editor",
            "guest": "stranger",
            "responsible": "stranger",
            "base": "stranger",
        }
        return row[stand_for.get(persona, persona)]
    if kind == OTHER_REGION and persona == "steering_elsewhere":
        return row["steering"]
    return "."


def in_pages(row: Row, persona: str, kind: str) -> str:
    return row[persona]


# Each table with what tells the cell for something of a kind.
TABLES = (
    (CASE_ROWS, in_case),
    (REGION_ROWS, in_region),
    (RIGHTS_ROWS, in_rights),
    (STAFF_ROWS, in_staff),
    (PAGE_ROWS, in_pages),
)
ROWS = {place: (table[place], tell) for table, tell in TABLES for place in table}
OF_CASES = {route for route, _method in CASE_ROWS}


def kinds_of(route: str) -> tuple[str, ...]:
    """Whose thing may stand in the address; a page of nothing in particular is “mine”."""
    is_page = any((route, method) in PAGE_ROWS for method in ("GET", "POST"))
    return (MINE,) if is_page else (MINE, SAME_REGION, OTHER_REGION, UNKNOWN)


def wanted(route: str, method: str, persona: str, kind: str) -> int:
    """The status of the answer."""
    if persona == LED_AWAY and is_led_away(route, "/intranet/"):
        return 302
    row, tell = ROWS[route, method]
    cell = tell(row, persona, kind)
    return 404 if cell == "." else int(cell)


def is_led_away(route: str, path: str) -> bool:
    """Does `route` at `path` first ask for a second factor?"""
    return is_private(path) and route not in BEFORE_SECOND_FACTOR
