from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "network.meetings"
    label = "meetings"
    verbose_name = _("Meetings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from network import duties
        from network.meetings import duties as own_duties
        from network.meetings import explain, letters, outcome_letters, privacy
        from network.meetings.access import expected_grants
        from network.meetings.models import MeetingGrant
        from network.meetings.services import feeds, series
        from portal.access import grants
        from portal.base import due, mail

        grants.register(MeetingGrant, expected_grants)
        explain.register_kinds()
        duties.register("meetings", own_duties.of_positions)
        duties.when_closing_account("calendar", lambda user: feeds.take_feed_back(by=user))
        mail.register(outcome_letters.MEETING_ACTIONS, outcome_letters.write_meeting_actions)
        mail.register(outcome_letters.ACTIONS_DUE, outcome_letters.write_actions_due)
        due.register("meeting_actions", outcome_letters.tell_of_actions, every=outcome_letters.DAY)
        mail.register(letters.INVITE, letters.write_invitation)
        mail.register(letters.CHANGE, letters.write_invitation)
        mail.register(letters.CANCEL, letters.write_cancellation)
        mail.register(letters.TAKE_BACK, letters.write_taking_back)
        due.register("meetings_of_series", series.plan_all, every=series.DAILY)
        privacy.register()
