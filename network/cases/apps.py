from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "network.cases"
    label = "cases"
    verbose_name = _("Cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from network import duties
        from network.cases import duties as own_duties
        from network.cases import explain, letters, privacy
        from network.cases.access import expected_grants, fill_listings
        from network.cases.actions import ACTIONS
        from network.cases.models import CaseGrant
        from network.cases.services.links import end_all_links, tidy_case_links
        from portal.access import grants
        from portal.audit import actions
        from portal.base import due, mail, restored

        grants.register(CaseGrant, expected_grants, also=fill_listings)
        actions.register(ACTIONS)
        explain.register_kinds()
        duties.register("cases", own_duties.of_positions, of_cases=True)
        duties.when_leaving_region("cases", own_duties.end_teams)
        mail.register(letters.TEAM_INVITATION, letters.write_team_invitation)
        mail.register(letters.TEAM_DECLINED, letters.write_declined)
        mail.register(letters.EMERGENCY_LOOK, letters.write_of_emergency)
        mail.register(letters.CASE_LINK, letters.write_of_link)
        due.register("team_invitations", letters.tell_waiting, every=letters.DAY)
        due.register("case_links", tidy_case_links, every=letters.DAY)
        restored.register("case links", end_all_links)
        privacy.register()
