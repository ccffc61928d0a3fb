"""All settings, from the environment only. docs/operators.md explains each HECTO_ variable."""

from __future__ import annotations

import os
from datetime import timedelta
from logging import getLevelNamesMapping
from typing import Any
from zoneinfo import available_timezones

from hectograph.newsroom import environment as env

HECTO_HOME = env.folder("HECTO_HOME", "var")
HECTO_KEYS = env.folder("HECTO_KEYS", "keys")
PRODUCTION = env.flag("HECTO_PRODUCTION", default=False)
DEBUG = False
SECRET_KEY = env.secret(HECTO_KEYS, "django-secret-key")
ALLOWED_HOSTS = env.words("HECTO_ADMIN_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")

INSTALLED_APPS = [
    "hectograph.newsroom.apps.NewsroomConfig",
    "hectograph.stories.apps.StoriesConfig",
    "hectograph.readers.apps.ReadersConfig",
    "hectograph.letters.apps.LettersConfig",
    "hectograph.support.apps.SupportConfig",
    "wagtail.contrib.forms",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.table_block",
    "hectograph.newsroom.wagtail_apps.LocalesConfig",
    "wagtail.embeds",
    "wagtail.sites",
    "hectograph.newsroom.access.staff_app.StaffAppConfig",
    "hectograph.newsroom.wagtail_apps.SnippetsConfig",
    "hectograph.newsroom.wagtail_apps.DocumentsConfig",
    "hectograph.newsroom.wagtail_apps.ImagesConfig",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hectograph.newsroom.access.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hectograph.newsroom.access.sessions.SessionAgeMiddleware",
    "hectograph.newsroom.access.second_factor.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hectograph.newsroom.urls"
WSGI_APPLICATION = "hectograph.newsroom.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # ours come first, as our app does
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hectograph.newsroom.access.sign_in.mode",
            ],
        },
    },
]

# --- storage ------------------------------------------------------------------------------------------------------

_SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA secure_delete=ON;PRAGMA foreign_keys=ON;"


def _database() -> dict[str, Any]:
    if url := os.environ.get("DATABASE_URL"):
        return env.database(url)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HECTO_HOME / "newsroom.sqlite3",
        # IMMEDIATE: a transaction that will write takes its lock at once instead of failing half-way.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_PRAGMAS},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = HECTO_HOME / "media"
MEDIA_URL = "/media/"
SITE_ROOT = HECTO_HOME / "site"
STATIC_ROOT = HECTO_HOME / "static"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # no half-cleaned picture on a disk
FILE_UPLOAD_MAX_MEMORY_SIZE = 45_000_000

# --- who may come in ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "newsroom.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "hectograph.newsroom.access.sign_in.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
# Codes of a second factor are counted by this alone; axes counts passwords, and holds up sooner.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/15m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Newsroom"
MFA_ADAPTER = "hectograph.newsroom.access.factors.SealedFactors"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for clocks that drift
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "hectograph.newsroom.access.traces.hashed_address"
AXES_CLIENT_STR_CALLABLE = "hectograph.newsroom.access.traces.nobody"
AXES_USERNAME_CALLABLE = "hectograph.newsroom.access.throttling.hashed_name"
AXES_HANDLER = "hectograph.newsroom.access.throttling.QuietHandler"
AXES_SENSITIVE_PARAMETERS = ["login", "next", "csrfmiddlewaretoken"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # whoever keeps knocking can't keep the owner out for ever
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
SESSION_ENGINE = "hectograph.newsroom.access.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("HECTO_ADMIN_HTTPS", default=False)
# Behind a proxy that speaks TLS we see plain HTTP; browsers name the origin as they see it.
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if CSRF_COOKIE_SECURE else []
SECURE_REFERRER_POLICY = "same-origin"  # with none at all, a form's Origin is null and Django refuses it
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # workflow notices show in the admin; mail is off

# --- languages and time -------------------------------------------------------------------------------------------

HECTO_LANGUAGES = env.words("HECTO_LANGUAGES", "en,ru")
LANGUAGE_NAMES = {
    "en": "English",
    "ru": "Русский",
    "uk": "Українська",
    "be": "Беларуская",
    "de": "Deutsch",
    "fr": "Français",
}
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [(code, LANGUAGE_NAMES.get(code, code)) for code in HECTO_LANGUAGES]
LANGUAGE_CODE = HECTO_LANGUAGES[0]
USE_I18N = WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = env.one_of("HECTO_TIME_ZONE", "UTC", available_timezones(), "Europe/Riga")

# --- Wagtail ------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Hectograph"
WAGTAILADMIN_BASE_URL = env.text("HECTO_ADMIN_URL", "http://127.0.0.1:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # one newsroom, one clock: hours mean the same to everyone
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_IMAGE_MODEL = "stories.Photo"
WAGTAILDOCS_DOCUMENT_MODEL = "stories.PdfDocument"
WAGTAILIMAGES_IMAGE_FORM_BASE = "hectograph.stories.upload_forms.PhotoForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "hectograph.stories.upload_forms.PdfForm"
WAGTAILDOCS_SERVE_METHOD = "direct"  # from where staff see pictures: readers never come here
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "heic", "heif", "tif", "tiff"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []  # nothing is embedded from elsewhere
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}  # Wagtail keeps those in clear
WAGTAIL_AUTOSAVE_INTERVAL = 5_000  # milliseconds: saves text often, without a revision for each word
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "hectograph.stories.word_forms"}}
# Wagtail's own small tasks run at once: queued, they would leave search stale whenever the worker is down.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SILENCED_SYSTEM_CHECKS = [
    "wagtailadmin.W003",  # WAGTAILADMIN_BASE_URL is used in mails alone, and mail is off
]
_LOG_LEVEL = env.one_of("HECTO_LOG_LEVEL", "WARNING", getLevelNamesMapping(), "INFO")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "hectograph.newsroom.log_lines.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.security.DisallowedHost": {"filters": ["one_line"]}},
    "root": {"handlers": ["console"], "level": _LOG_LEVEL},
}

# --- desks and mail ---------------------------------------------------------------------------------------------------

HECTO_RELAY = env.text("HECTO_RELAY", "smtp+plain://127.0.0.1:8025")
HECTO_RELAY_SMALL = env.text("HECTO_RELAY_SMALL")  # another way for small mails; empty: the same
HECTO_MAIL_FROM = env.text("HECTO_MAIL_FROM", "letter@newsroom.example")
HECTO_MAIL_NAME = env.text("HECTO_MAIL_NAME")
HECTO_BOUNCE_DOMAIN = env.text("HECTO_BOUNCE_DOMAIN")  # what comes back is addressed there; empty: no telling whose
HECTO_BOUNCES = env.folder("HECTO_BOUNCES", "") if env.text("HECTO_BOUNCES") else None
HECTO_DKIM_SELECTOR = env.text("HECTO_DKIM_SELECTOR")
HECTO_SEND_CONNECTIONS = env.number("HECTO_SEND_CONNECTIONS", 8)
HECTO_SEND_HOURLY = env.number("HECTO_SEND_HOURLY", 0, least=0)  # mails; 0 is no limit
HECTO_SEND_DAILY = env.number("HECTO_SEND_DAILY", 0, least=0)
HECTO_SEND_WARM_UP = env.text("HECTO_SEND_WARM_UP")  # the day on which this relay was first written to
HECTO_JOURNAL_STRICT = env.flag("HECTO_JOURNAL_STRICT", default=False)
HECTO_LINKS = env.text("HECTO_LINKS", "http://127.0.0.1:8090")  # a domain of the newsroom's own, never lent
HECTO_LETTER_TIME = env.text("HECTO_LETTER_TIME", "friday 08:00")  # by the newsroom's clock
HECTO_LETTER_APPROVALS = env.number("HECTO_LETTER_APPROVALS", 1)
HECTO_LETTER_SITES = env.words("HECTO_LETTER_SITES")  # where the letter's links to stories may lead; the first is used
HECTO_WATCHED_HOSTS = env.words("HECTO_WATCHED_HOSTS")
HECTO_REFUSE_WATCHED = env.flag("HECTO_REFUSE_WATCHED", default=False)
HECTO_LOOK_UP_MX = env.flag("HECTO_LOOK_UP_MX", default=PRODUCTION)  # who takes the mail of a contact's domain

# --- support: what desks show; keys that move money lie in HECTO_KEYS -------------------------------------------------

HECTO_SUPPORT_METHODS = env.words("HECTO_SUPPORT_METHODS")  # card, sepa, transfer; empty: desks take no payments
HECTO_STRIPE_PUBLISHABLE = env.text("HECTO_STRIPE_PUBLISHABLE")
HECTO_STRIPE_ACCOUNT = env.text("HECTO_STRIPE_ACCOUNT")
HECTO_TRANSFER_HOLDER = env.text("HECTO_TRANSFER_HOLDER")
HECTO_TRANSFER_IBAN = env.text("HECTO_TRANSFER_IBAN")
HECTO_TRANSFER_BIC = env.text("HECTO_TRANSFER_BIC")
HECTO_TRANSFER_CURRENCIES = env.words("HECTO_TRANSFER_CURRENCIES", "EUR")
HECTO_STRIPE_STAND_IN = env.text("HECTO_STRIPE_STAND_IN")  # an address on this machine, for demo and tests
