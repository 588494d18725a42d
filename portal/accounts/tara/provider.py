"""TARA as a provider of allauth: fixed scope, nonce, no e-mail, and no personal code at rest."""

import secrets
from typing import Any

from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from portal.accounts.tara.refusals import TaraRefused
from portal.accounts.tara.tokens import Identity, identity_of
from portal.base.encryption import keyed_hash

PURPOSE = "accounts.tara.sub"
LANGUAGES = ("et", "en", "ru")


class TaraAdapter(OAuth2Adapter):
    """How allauth talks to TARA. `state` is what was put aside when the sign-in began."""

    provider_id = "tara"
    basic_auth = True
    state: dict[str, Any]

    @property
    def authorize_url(self) -> str:
        return f"{settings.TARA_URL}/oidc/authorize"

    @property
    def access_token_url(self) -> str:
        return f"{settings.TARA_URL}/oidc/token"

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """As registered with TARA: never what the request's headers say."""
        return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("tara_callback")

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: Any = None
    ) -> dict[str, Any]:
        """Fetch the tokens for the code. Raises TaraRefused, OAuth2Error, RequestException."""
        try:
            data = super().get_access_token_data(request, app, client, pkce_code_verifier)
        except (ValueError, KeyError):
            raise TaraRefused("unavailable") from None
        if not isinstance(data, dict):
            raise TaraRefused("unavailable")
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """A token that holds nothing: we ask TARA for nothing more, so there is none to keep."""
        return SocialToken(token="")

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **more: Any
    ) -> SocialLogin:
        token_text = more["response"].get("id_token")
        if not isinstance(token_text, str):
            raise TaraRefused("token")
        identity = identity_of(token_text, nonce=self.state.get("nonce", ""))
        return self.get_provider().sociallogin_from_response(request, identity)


class TaraProvider(OAuth2Provider):
    """`sub` is kept as a keyed hash and nothing else of the answer is kept at all."""

    id = "tara"
    name = "TARA"
    oauth2_adapter_class = TaraAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only `next` and the process come from the request: scope and parameters are fixed."""
        asked = super(OAuth2Provider, self).get_redirect_from_request_kwargs(request)
        if asked["process"] not in {AuthProcess.LOGIN, AuthProcess.CONNECT}:
            asked["process"] = AuthProcess.LOGIN
        return asked

    def redirect(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> Any:
        nonce = secrets.token_urlsafe(24)
        language = translation.get_language() or "et"
        parameters = {
            "nonce": nonce,
            "acr_values": settings.TARA_ACR,
            "ui_locales": language if language in LANGUAGES else "et",
        }
        return super().redirect(
            request,
            process,
            *args,
            **kwargs,
            auth_params=parameters,
            scope=["openid", *settings.TARA_SCOPES],
            nonce=nonce,
        )

    def extract_uid(self, data: Identity) -> str:
        return keyed_hash(data.sub, PURPOSE)

    def extract_extra_data(self, data: Identity) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: Identity) -> dict[str, Any]:
        return {}
