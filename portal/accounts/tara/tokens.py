"""The identity token: whose signature, for whom, how old, how sure. Everything is checked here."""

import time
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from django.conf import settings
from stdnum.ee import ik

from portal.accounts.tara.refusals import TaraRefused

# Clocks differ a little; the token itself lives 40 seconds.
LEEWAY = 10
# From how sure to surer (eIDAS).
ACR = ("low", "substantial", "high")
KEYS_KEPT = 600
# An unknown key id asks the provider anew, but not at every forged token.
ASK_AGAIN_AFTER = 30
TIMEOUT = (2, 5)

_keys: dict[str, tuple[float, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Identity:
    """Who signed in: country code and code, such as EE60001019906; and how sure it is."""

    sub: str
    acr: str
    amr: str


def identity_of(token: str, *, nonce: str) -> Identity:
    """Check an ID token of TARA. Raises TaraRefused."""
    claims = _claims(token)
    if not nonce or claims.get("nonce") != nonce:
        raise TaraRefused("nonce")
    acr = claims.get("acr")
    if acr not in ACR or ACR.index(acr) < ACR.index(settings.TARA_ACR):
        raise TaraRefused("acr")
    amr = claims.get("amr")
    methods = amr if isinstance(amr, list) else [amr]
    if not methods or not all(method in settings.TARA_AMR for method in methods):
        raise TaraRefused("amr")
    sub = claims["sub"]
    if not _is_sub(sub):
        raise TaraRefused("token")
    return Identity(sub, acr, str(methods[0]))


def _claims(token: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(token),
            algorithms=["RS256"],
            audience=settings.TARA_CLIENT_ID,
            issuer=settings.TARA_URL,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"], "verify_iat": True},
        )
    except jwt.ExpiredSignatureError:
        raise TaraRefused("expired") from None
    except jwt.ImmatureSignatureError:
        raise TaraRefused("token") from None
    except jwt.InvalidIssuerError:
        raise TaraRefused("issuer") from None
    except jwt.InvalidAudienceError:
        raise TaraRefused("audience") from None
    except jwt.InvalidSignatureError:
        raise TaraRefused("signature") from None
    except jwt.PyJWTError:
        raise TaraRefused("token") from None
    audience = claims["aud"]
    if isinstance(audience, list) and audience != [settings.TARA_CLIENT_ID]:
        # Meant for somebody else as well: not for us.
        raise TaraRefused("audience")
    return claims


def _is_sub(sub: Any) -> bool:
    """Country code and code; an Estonian one is a real personal code."""
    if not isinstance(sub, str) or not 3 <= len(sub) <= 66 or not sub[:2].isalpha():
        return False
    return not sub.startswith("EE") or ik.is_valid(sub[2:])


def _key_of(token: str) -> Any:
    """The provider's public key that the token names. Raises TaraRefused."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise TaraRefused("token") from None
    if header.get("alg") != "RS256":
        # "none" and keys shared with the client would let anybody sign.
        raise TaraRefused("signature")
    kid = header.get("kid")
    for keys in (_provider_keys(), _provider_keys(anew=True)):
        if kid is None and len(keys) == 1:
            return next(iter(keys.values()))
        if kid in keys:
            return keys[kid]
    raise TaraRefused("signature")


def _provider_keys(*, anew: bool = False) -> dict[str, Any]:
    """Public keys by their id, kept for ten minutes."""
    url = f"{settings.TARA_URL}/oidc/jwks"
    asked, keys = _keys.get(url, (0.0, {}))
    age = time.monotonic() - asked if asked else float("inf")
    if age < (ASK_AGAIN_AFTER if anew else KEYS_KEPT):
        return keys
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        listed = answer.json()["keys"]
        keys = {
            key.get("kid") or str(place): jwt.PyJWK(key, algorithm="RS256").key
            for place, key in enumerate(listed)
            if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"
        }
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        raise TaraRefused("unavailable") from None
    except jwt.PyJWTError:
        raise TaraRefused("signature") from None
    _keys[url] = (time.monotonic(), keys)
    return keys
