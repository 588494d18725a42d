"""For the person who writes the code: debug on, mail in the console, no secrets."""

from importlib.util import find_spec

from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATA_DIR, INSTALLED_APPS

# manage.py lintmigrations; it comes with the development lock only.
if find_spec("django_migration_linter"):
    INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]

DEBUG = True
SECOND_FACTOR_REQUIRED = False
SECRET_KEY = "only-for-development-never-for-real-data"  # noqa: S105
FIELD_ENCRYPTION_KEYS = {"dev": "ZGV2ZWxvcG1lbnQta2V5LW9mLTMyLWJ5dGVzLWxvbmc="}
FIELD_HASH_KEY = "ZGV2ZWxvcG1lbnQtaGFzaC1rZXktb2YtMzItYnl0ZXM="
BACKUP_KEYS = {"dev": "YmFja3VwLWtleS1vZi0zMi1ieXRlcy10aGF0LWlzLTE="}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DATA_DIR.mkdir(parents=True, exist_ok=True)
