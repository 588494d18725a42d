"""Production less TLS and second factor, for one machine; its keys are made once in DATA_DIR."""

import json
import os

from portal.base.logging import logging_config
from portal.settings.base import DATA_DIR
from portal.settings.keys import kept_backup_keys, kept_keys, kept_password

DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
for _name, _value in (kept_keys(DATA_DIR) | kept_backup_keys(DATA_DIR)).items():
    os.environ[_name] = _value if isinstance(_value, str) else json.dumps(_value)
os.environ.setdefault("BASE_URL", f"http://localhost:{os.environ.get('PORT') or 8000}")
# Only the machine itself: passkeys and cookies want a name, so the address says localhost.
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,[::1]"

from portal.settings.production import *  # noqa: E402, F403

IS_DEMO = True
# Said in the band on top of the sign-in.
SECOND_FACTOR_REQUIRED = False
# All sample people share it; load_starter sets it, `make demo` shows it.
DEMO_PASSWORD = kept_password(DATA_DIR)

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_SECURE = False
LANGUAGE_COOKIE_SECURE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"

# Letters of the demo go nowhere: they are files that anybody at this machine can read.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

# Somebody reads the terminal: only what went wrong.
LOGGING = logging_config(as_json=False, requests=False)
