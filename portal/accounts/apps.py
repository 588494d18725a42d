import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from allauth.socialaccount import signals as identities
        from django.contrib.auth.signals import user_logged_in

        from portal.accounts import (
            invitations,
            letters,
            privacy,
            rotation,
            second_factor,
            sessions,
        )
        from portal.accounts.middleware import note_device, note_sign_in
        from portal.base import due, mail, restored
        from portal.base.rotation import register

        mail.register(letters.PASSWORD_RESET, letters.write_password_reset)
        mail.register(letters.SECOND_FACTOR, letters.write_second_factor)
        mail.register(invitations.LETTER, letters.write_invitation)
        register("mfa.Authenticator.data", rotation.secrets_with_old_key, rotation.rotate_secret)
        user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
        account.password_reset.connect(note_device, dispatch_uid="accounts.note_device")
        due.register("forget ended sessions", sessions.forget_ended, every=dt.timedelta(days=1))
        restored.register("sessions", sessions.end_all)
        restored.register("invitations", invitations.cancel_all)
        mfa.authenticator_added.connect(second_factor.when_added)
        mfa.authenticator_removed.connect(second_factor.when_removed)
        mfa.authenticator_reset.connect(second_factor.when_reset)
        identities.social_account_added.connect(second_factor.when_linked)
        privacy.register()
