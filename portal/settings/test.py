"""The tests: real database and templates, fast password hashes, mail kept in memory."""

import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import CACHES, TASKS

SECRET_KEY = "only-for-tests"  # noqa: S105
FIELD_ENCRYPTION_KEYS = {"test": "ZGV2ZWxvcG1lbnQta2V5LW9mLTMyLWJ5dGVzLWxvbmc="}
FIELD_HASH_KEY = "ZGV2ZWxvcG1lbnQtaGFzaC1rZXktb2YtMzItYnl0ZXM="
BACKUP_KEYS = {"test": "YmFja3VwLWtleS1vZi0zMi1ieXRlcy10aGF0LWlzLTE="}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECOND_FACTOR_REQUIRED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Kept in a name: the folder goes when the process does.
TEST_FOLDER_OWNER = tempfile.TemporaryDirectory(prefix="tugivork-test-", ignore_cleanup_errors=True)
TEST_FOLDER = Path(TEST_FOLDER_OWNER.name)
MEDIA_ROOT = TEST_FOLDER / "media"
PRIVATE_FILES_ROOT = TEST_FOLDER / "private"
OUTBOX_JOURNAL_FILE = TEST_FOLDER / "outbox-sent.log"
AUDIT_ANCHOR_FILE = str(TEST_FOLDER / "audit-anchors.log")
ERASURES_FILE = str(TEST_FOLDER / "erasures.jsonl")
# Static files straight from where they stand: nothing needs to be collected for a live server.
STATIC_ROOT = TEST_FOLDER / "static"
STATIC_ROOT.mkdir()
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {
    **CACHES,
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "test",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
TASKS = {
    "default": {**TASKS["default"], "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}
}

# No thread writes behind a test.
QUESTIONS_WRITTEN_AFTER = 0
