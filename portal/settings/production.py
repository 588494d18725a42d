"""For real people: nothing starts without its keys, nothing leaves without TLS.

Every name read from the environment is described in docs/operations.md.
"""

import sys
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.base.logging import logging_config
from portal.settings.base import *  # noqa: F403
from portal.settings.base import (
    DATA_DIR,
    INSTALLED_APPS,
    INTRANET_HOST,
    SILENCED_SYSTEM_CHECKS,
    STORAGES,
    env,
)
from portal.settings.keys import checked_key, checked_keys
from portal.settings.refusals import faults

# --- What nobody else can know ---------------------------------------------------------------

NEEDED = {
    "SECRET_KEY": "SECRET_KEY is missing: set it to at least 50 random characters.",
    "FIELD_ENCRYPTION_KEYS": (
        'FIELD_ENCRYPTION_KEYS is missing: set it to JSON such as {"2026-1": "…"},'
        " each value 32 random bytes in base64, the newest key first."
    ),
    "FIELD_HASH_KEY": "FIELD_HASH_KEY is missing: set it to 32 random bytes in base64.",
    "ALLOWED_HOSTS": "ALLOWED_HOSTS is missing: name the hosts of this site, with commas between.",
    "BASE_URL": "BASE_URL is missing: set it to the address of this site, as in https://host.",
}
_missing = [sentence for name, sentence in NEEDED.items() if not env.str(name, default="").strip()]
if _missing:
    raise ImproperlyConfigured("\n".join(_missing))

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_ENCRYPTION_KEYS = checked_keys("FIELD_ENCRYPTION_KEYS", env.str("FIELD_ENCRYPTION_KEYS"))
FIELD_HASH_KEY = checked_key("FIELD_HASH_KEY", env.str("FIELD_HASH_KEY"))
# May stand with the one command that needs them instead of here (docs/operations.md).
_backup_keys = env.str("BACKUP_KEYS", default="")
BACKUP_KEYS = checked_keys("BACKUP_KEYS", _backup_keys) if _backup_keys.strip() else {}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
BASE_URL = env.str("BASE_URL").rstrip("/")
# Letters and calendars lead to the half behind the sign-in.
WAGTAILADMIN_BASE_URL = f"https://{INTRANET_HOST}" if INTRANET_HOST else BASE_URL
CSRF_TRUSTED_ORIGINS = [
    "{0.scheme}://{0.netloc}".format(urlsplit(address))
    for address in dict.fromkeys([BASE_URL, WAGTAILADMIN_BASE_URL])
]

DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
# The demo reads these settings too, and is open to its own machine alone.
if "portal.settings.demo" not in sys.modules:
    _demo = {"DEMO_PASSWORD": env.str("DEMO_PASSWORD", default="")}
    _faults = list(faults({**globals(), **_demo}, DATA_DIR))
    if _faults:
        raise ImproperlyConfigured("\n".join(_faults))

# --- TLS and cookies -------------------------------------------------------------------------

SECURE_SSL_REDIRECT = True
# The machine's own watchers ask inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=True)
# Only where a proxy of ours stands in front and sets this header itself on every request;
# elsewhere anybody could claim to come over TLS.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

# `__Host-` makes the browser refuse the cookie without TLS or from another host.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True

# The preview of the CMS is a frame of our own pages, so DENY would blind the editors.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W019"]

# --- Files -----------------------------------------------------------------------------------

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 60 * 60
# Names carry a hash of the content, so the plain copies would only take room.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

S3_BUCKET = env.str("S3_BUCKET", default="")
if S3_BUCKET:
    # Only what is public anyway; private files stay under DATA_DIR.
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "querystring_auth": False,
            "file_overwrite": False,
        },
    }

# --- Mail, errors ----------------------------------------------------------------------------

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
if env.str("EMAIL_URL", default=""):
    globals().update(env.email_url("EMAIL_URL"))
if EMAIL_BACKEND.startswith("anymail."):
    INSTALLED_APPS = [*INSTALLED_APPS, "anymail"]
    ANYMAIL = env.json("ANYMAIL", default={})

LOGGING = logging_config(as_json=env.bool("LOG_JSON", default=True), requests=True)

SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    import sentry_sdk

    # Local variables of a traceback would carry personal codes and notes out of the house.
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        include_local_variables=False,
        send_default_pii=False,
        max_request_body_size="never",
    )
