from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "network"
    label = "network"
    verbose_name = _("Network")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from network import explain, letters, models, privacy
        from network.access import expected_organisation_grants, expected_region_grants
        from portal.access import grants
        from portal.accounts import second_factor
        from portal.audit import actions, reports
        from portal.base import content_version, due, mail, midnight

        content_version.watch(
            models.County,
            models.Municipality,
            models.Organisation,
            models.Resource,
            models.Offer,
            models.OfferPrice,
            # The public page of needs counts them.
            models.Gap,
        )
        midnight.watch(models.OfferPrice)
        grants.register(models.RegionGrant, expected_region_grants)
        grants.register(models.OrganisationGrant, expected_organisation_grants)
        explain.register_kinds()
        reports.register_names(explain.names_in_the_log)
        # A position may be on a case team any day.
        second_factor.require_of(
            lambda user, day: models.Holding.objects.valid_on(day).filter(user_id=user.pk).exists()
        )
        actions.register(
            {
                "worker_invite": _("invited a worker"),
                "invitation_cancel": _("took an invitation back"),
                "position_add": _("added a position"),
                "position_change": _("changed a position"),
                "handover": _("handed a position over"),
                "stand_in": _("let somebody stand in"),
                "holding_end": _("ended the holding of a position"),
                "leaving": _("saw somebody off"),
                "account_close": _("closed an account"),
                "rights_confirm": _("confirmed that rights are needed"),
                "organisation_invite": _("asked that an organisation joins"),
                "join_decide": _("decided whether an organisation joins"),
                "join_take_back": _("took a request to join back"),
                "membership_end": _("ended the work of an organisation in a region"),
            }
        )
        mail.register(letters.POSITION_GIVEN, letters.write_position_given)
        mail.register(letters.VACANCY, letters.write_vacancy)
        mail.register(letters.JOIN_ASKED, letters.write_join_asked)
        mail.register(letters.JOIN_DECIDED, letters.write_join_decided)
        mail.register(letters.RIGHTS_OVERDUE, letters.write_rights_overdue)
        due.register("vacancies", letters.tell_of_vacancies, every=letters.DAY)
        due.register("rights_overdue", letters.tell_overdue_rights, every=letters.DAY)
        privacy.register()
