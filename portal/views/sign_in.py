"""The sign-in: allauth's, and in the demo with the people whom one can sign in as."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from portal.access.guards import public
from portal.starter.people import PEOPLE


class SignIn(LoginView):
    """`?email=` fills in the address of one of the demo's people, and of nobody else."""

    http_method_names = ["get", "head", "post"]

    def get_initial(self) -> dict[str, Any]:
        chosen = self.request.GET.get("email", "")
        return super().get_initial() | ({"login": chosen} if chosen in _demo_addresses() else {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.IS_DEMO:
            context |= {"people": PEOPLE, "chosen": self.request.GET.get("email", "")}
        context["has_tara"] = bool(settings.TARA_CLIENT_ID)
        return context


def _demo_addresses() -> set[str]:
    return {person.email for person in PEOPLE} if settings.IS_DEMO else set()


sign_in = public(SignIn.as_view())
