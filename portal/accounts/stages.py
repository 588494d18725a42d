"""The steps of a sign-in that are ours."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from portal.accounts.second_factor import METHOD


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor unless this very sign-in has shown it, as by TARA."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(record.get("method") == METHOD for record in records):
            return False
        return bool(super()._should_handle(request))
