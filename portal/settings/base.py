"""What is the same everywhere. Nothing here is a secret and nothing here opens a door."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.base.databases import database_from
from portal.base.logging import logging_config

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()

DEBUG = False
ALLOWED_HOSTS: list[str] = []
IS_DEMO = False

# --- Apps, from the ground up (docs/architecture.md) -----------------------------------------

INSTALLED_APPS = [
    "portal",
    "home",
    "network.monitoring",
    "network.cases",
    "network.meetings",
    "network",
    "catalogue",
    "portal.search",
    "portal.privacy",
    "portal.audit",
    "portal.access",
    "portal.accounts",
    "portal.base",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "guardian",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "portal.base.logging.RequestLogMiddleware",
    "portal.base.middleware.CleanInputMiddleware",
    # Headers come first: redirects to TLS and static files, answered further in, carry them too.
    "portal.base.csp.PolicyMiddleware",
    "portal.base.middleware.NoStoreMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.base.hosts.HostsMiddleware",
    "portal.base.page_cache.PageCacheMiddleware",
    "portal.base.patience.PatienceMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "portal.base.middleware.DatabaseBusyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.base.middleware.PathLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.SessionLimitsMiddleware",
    "portal.accounts.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "portal.access.middleware.GuardMiddleware",
    "home.plain.PlainLanguageMiddleware",
    "portal.base.redirects.PublicRedirectMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "home.frame.frame",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------

DATABASES = {"default": database_from(env.str("DATABASE_URL", default=""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Under IMMEDIATE every public page would take SQLite's write lock.
ATOMIC_REQUESTS = False

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "portal.base.shared_cache.SharedCache",
        # The table that keeps the counts, always without Redis and whenever it is away.
        "LOCATION": "django_cache",
        "OPTIONS": {
            "REDIS_URL": REDIS_URL,
            # With the usual 300 rows a guesser would push the counts out.
            "MAX_ENTRIES": 100_000,
        },
    },
    # Whole public pages, one store per process: a hit costs no query and no network.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        # Named by version and day, so never out of date: while the database is away they go on.
        "TIMEOUT": 24 * 60 * 60,
        # Two for each page: itself, and what its last one is called.
        "OPTIONS": {"MAX_ENTRIES": 4000},
    },
}

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "static_root")))
# Icons and map files come out of packages at set-up (manage.py build_assets), never as copies.
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_FILES_ROOT = DATA_DIR / "private"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "portal.base.files.PrivateFileSystemStorage",
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_HANDLERS = [
    "portal.base.upload_limit.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Time and language -----------------------------------------------------------------------

LANGUAGE_CODE = "et"
LANGUAGES = [("et", _("Estonian")), ("en", _("English")), ("ru", _("Russian"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Tallinn"
USE_TZ = True
USE_I18N = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["portal.formats"]

# --- Who is who ------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/intranet/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "change_password": "portal.accounts.forms.PasswordChangeForm",
    "set_password": "portal.accounts.forms.PasswordSetForm",
    "reset_password": "portal.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "portal.accounts.forms.PasswordResetKeyForm",
    "reauthenticate": "portal.accounts.forms.PasswordAgainForm",
}
# Kept in the cache, so several processes need a shared one. Tries of passwords and codes are
# counted by portal/accounts/limits.py: a count by address would lock the owner out with a stranger.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "change_password": "5/m/user",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
}
PASSWORD_RESET_TIMEOUT = 60 * 60
# A one-time code for everybody who can see a case or administers; only the demo goes without.
SECOND_FACTOR_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey asks for a fingerprint, a face or a PIN each time, so it is both factors at once.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.CodeForm",
    "reauthenticate": "portal.accounts.forms.CodeAgainForm",
    "activate_totp": "portal.accounts.forms.CodeSetUpForm",
    "add_webauthn": "portal.accounts.passkey_forms.PasskeyAddForm",
    "edit_webauthn": "portal.accounts.passkey_forms.PasskeyNameForm",
    "authenticate_webauthn": "portal.accounts.passkey_forms.PasskeyForm",
    "login_webauthn": "portal.accounts.passkey_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "portal.accounts.passkey_forms.PasskeyAgainForm",
}
MFA_TOTP_ISSUER = "Tugivõrk"
# Phones go a little wrong: the code before and the code after count too, each of them once.
MFA_TOTP_TOLERANCE = 1
# Addresses come from whoever invites; nobody registers with a stranger's.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# --- TARA, the state's sign-in: off without a client id (docs/operations.md) -------------------

TARA_URL = env.str("TARA_URL", default="https://tara.ria.ee").rstrip("/")
TARA_CLIENT_ID = env.str("TARA_CLIENT_ID", default="")
TARA_CLIENT_SECRET = env.str("TARA_CLIENT_SECRET", default="")
# How sure it must be at least: low, substantial or high.
TARA_ACR = env.str("TARA_ACR", default="high")
TARA_SCOPES = env.list("TARA_SCOPES", default=["idcard", "mid", "smartid"])
TARA_AMR = env.list("TARA_AMR", default=["idcard", "mID", "smartid"])
SOCIALACCOUNT_ADAPTER = "portal.accounts.tara.adapter.IdentityAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {
    "tara": {"APP": {"client_id": TARA_CLIENT_ID, "secret": TARA_CLIENT_SECRET, "key": ""}}
}

# A historical row's key is known before it is stored, so its encrypted texts can be bound to it.
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True

GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
# guardian wants its backend in AUTHENTICATION_BACKENDS; ours asks grants through policies alone.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# --- Sessions, cookies, headers --------------------------------------------------------------

SESSION_ENGINE = "portal.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
# A session ends this long after its last request, and at the latest after SESSION_COOKIE_AGE.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "portal.base.cookies.MessageStorage"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer",
        "camera",
        "display-capture",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
} | {"geolocation": ["self"]}

# --- Wagtail ---------------------------------------------------------------------------------

# Two names for public site and intranet, or none: then one name serves both.
PUBLIC_HOST = env.str("PUBLIC_HOST", default="")
INTRANET_HOST = env.str("INTRANET_HOST", default="")

WAGTAIL_SITE_NAME = "Tugivõrk"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
# Both would call a host outside.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Letters about comments would be sent by the request itself, past the outbox.
WAGTAILADMIN_COMMENTS_ENABLED = False
# One sign-in behind every door: allauth keeps passwords, not the CMS.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
# The system's whole list holds names that browsers do not know, and the page breaks on them.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# As the calendar writes a chosen day; what people type is read by home/cms_days.py.
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("et", "Eesti"), ("en", "English"), ("ru", "Русский")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search.backend"}}
# Questions without an answer are written down by a thread, so many seconds later; 0: not at all.
QUESTIONS_WRITTEN_AFTER = 30
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx"]
# Saved, never shown: nothing that somebody has sent runs in our name.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.cms_files.DocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.cms_files.ImageForm"

# --- Mail ------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tugivõrk <tugivork@localhost>")
EMAIL_TIMEOUT = 10

# --- Ours ------------------------------------------------------------------------------------

# How far "near" reaches from the seat of a municipality, in kilometres along the air.
NEAR_KM = 40
# Where the public map may take tiles from, `https://host/{z}/{x}/{y}.png`; empty: from nowhere.
MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
MAP_TILES_ATTRIBUTION = env.str("MAP_TILES_ATTRIBUTION", default="")
# An offer not confirmed for this many days is shown as not fresh.
OFFER_FRESH_DAYS = 60
# The head of the view log is written here every hour. Best on another machine's disk.
# Which letters the mail server has taken, kept between its word and the database's.
OUTBOX_JOURNAL_FILE = DATA_DIR / "outbox-sent.log"
AUDIT_ANCHOR_FILE = env.str("AUDIT_ANCHOR_FILE", default=str(DATA_DIR / "audit-anchors.log"))
# An address that gets each of them by letter too; empty: nobody.
AUDIT_ANCHOR_MAIL = env.str("AUDIT_ANCHOR_MAIL", default="")
# Who answers for the data here, as the national data tracker is told (audit_report --format).
CONTROLLER_NAME = env.str("CONTROLLER_NAME", default="Tugivõrk")
CONTROLLER_CODE = env.str("CONTROLLER_CODE", default="")
# Whom an older backup has to be erased of again: ids and days. Best on another machine's disk.
ERASURES_FILE = env.str("ERASURES_FILE", default=str(DATA_DIR / "erasures.jsonl"))
# Copies of everything are sealed with keys of their own; without one none can be made.
BACKUP_KEYS: dict[str, str] = {}
# Where `manage.py backup` puts them; where it is set, the portal says when the last one was made.
BACKUP_DIR = env.str("BACKUP_DIR", default="")

# Whether the worker asks other sites, once a week, if the pages our texts lead to are there.
CHECK_LINKS = env.bool("CHECK_LINKS", default=False)

LOGGING = logging_config(as_json=False, requests=False)
