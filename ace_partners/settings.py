"""Settings of ace_partners: one file, read from the environment (and from `.env`), failing with one sentence.

What each variable means and when it is needed stands in README.md, "Deploy".
"""

import os
import sys
import tempfile
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").exists():
    environ.Env.read_env(str(BASE_DIR / ".env"))

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False) and not TESTING
SECURE = not DEBUG and not TESTING

SECRET_KEY = env.str("SECRET_KEY", default="for-tests-only" if TESTING else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing: set it in the environment or in .env (any 50 random characters)."
    )

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"] if not SECURE else []
)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- what ACE itself decides ------------------------------------------------------------------------------------

ACE_CONTACT_EMAIL = env.str("ACE_CONTACT_EMAIL", default="partenaires@example.org")
ACE_AUDIT_ANCHOR = env.str("ACE_AUDIT_ANCHOR", default=str(BASE_DIR / "var" / "audit-anchor.jsonl"))
ACE_FILES_ROOT = env.str("ACE_FILES_ROOT", default=str(BASE_DIR / "var" / "files"))
ACE_UPLOAD_MAX_BYTES = 10 * 1024 * 1024
ACE_IMAGE_MAX_PIXELS = 40_000_000
ACE_PDF_TIMEOUT = env.int("ACE_PDF_TIMEOUT", default=30)  # seconds
ACE_LIST_MAX_BYTES = env.int("ACE_LIST_MAX_BYTES", default=200_000_000)  # one file of a sanctions list
ACE_LIST_STALE_DAYS = env.int("ACE_LIST_STALE_DAYS", default=30)  # an older edition is marked
ACE_REVIEW_DAYS = env.int("ACE_REVIEW_DAYS", default=30)  # in which an organisation can ask for a review of a decision
ACE_REPLY_DAYS = env.int("ACE_REPLY_DAYS", default=14)  # in which an organisation can reply to a flag
ACE_SHARE_DAYS = env.int("ACE_SHARE_DAYS", default=90)  # the longest life of a link to a passport
ACE_MAIL_HOLD_MINUTES = env.int("ACE_MAIL_HOLD_MINUTES", default=10)  # a decision can still be stopped during this time
# Screening: how alike a name and a listed name are, 0 to 1, to be shown to a person; from the second on it is called strong.
ACE_SCREEN_REVIEW = env.float("ACE_SCREEN_REVIEW", default=0.85)
ACE_SCREEN_STRONG = env.float("ACE_SCREEN_STRONG", default=0.92)
ACE_SCREEN_MONTHS = env.int("ACE_SCREEN_MONTHS", default=12)  # a screening counts this long
# Days with ACE until it decides or asks; the organisation sees them.
ACE_ANSWER_DAYS = env.int("ACE_ANSWER_DAYS", default=30)
# Days before the last day of a paper at which its organisation is reminded; once more when it has lapsed.
ACE_EXPIRY_REMINDERS = env.list("ACE_EXPIRY_REMINDERS", cast=int, default=[90, 30, 7])
ACE_DEMO = env.bool("ACE_DEMO", default=False)
if TESTING:
    ACE_FILES_ROOT = str(Path(tempfile.gettempdir()) / f"ace-test-files-{os.getpid()}")
    ACE_AUDIT_ANCHOR = str(Path(tempfile.gettempdir()) / f"ace-test-anchor-{os.getpid()}.jsonl")

# --- database ---------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # IMMEDIATE: a transaction takes the write lock when it begins, so that it never fails in its middle.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;" + ("PRAGMA synchronous=OFF;" if TESTING else ""),
}
POSTGRESQL_OPTIONS = {
    # A server that hangs or a network that drops packets must cost seconds, not a worker.
    "connect_timeout": 3,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5000,
    "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
}


def database():
    """The one database, from DATABASE_URL; ImproperlyConfigured names the setting when it cannot be read."""
    url = env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'ace_partners.sqlite3'}")
    try:
        config = env.db_url_config(url)
    except Exception as mistake:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {mistake}") from mistake
    engine = config.get("ENGINE", "")
    if engine.endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
        # A file, not memory: tests that need committed data work on a copy of it (design §4).
        config["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"ace-test-{os.getpid()}.sqlite3")}
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    elif engine.endswith("postgresql"):
        config["OPTIONS"] = POSTGRESQL_OPTIONS
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by all workers: sign-in limits must count across processes.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- application ------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "ace_partners.core",
    "partners",
    "vetting",
    "impact",
    "ace_partners.public",
    "ace_partners.desk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_structlog",
    "phonenumber_field",
    "django_countries",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ace_partners.core.middleware.HeadersMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ace_partners.core.kept.KeptFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ace_partners.core.middleware.RefusalMiddleware",
    "ace_partners.core.middleware.OnceMiddleware",
]

ROOT_URLCONF = "ace_partners.urls"
WSGI_APPLICATION = "ace_partners.wsgi.application"

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
                "ace_partners.core.context.site",
                "ace_partners.desk.context.navigation",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- accounts ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:start"
LOGOUT_REDIRECT_URL = "public:home"
ACCOUNT_ADAPTER = "ace_partners.core.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "ace_partners.core.accounts.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account exists only because ACE or an organisation's signatory invited it
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "ACE : "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "ACE"

SESSION_COOKIE_AGE = 30 * 24 * 3600  # "téléphone personnel"; unticked, the session ends with the browser
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ace_partners.core.errors_pages.csrf_failure"

# --- headers ----------------------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
if SECURE:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The one proxy overwrites X-Forwarded-For (deploy/nginx.conf); behind its socket there is no other address to count by.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- language, time, numbers ------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
# "sw" joins when its catalogue is filled; until then no /sw/ address exists.
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Lubumbashi"

# --- files, mail, log -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": ACE_FILES_ROOT}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SECURE
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not SECURE
WHITENOISE_AUTOREFRESH = DEBUG

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ACE <ne-pas-repondre@example.org>")
EMAIL_TIMEOUT = 20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "ace_partners.core.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if SECURE else "WARNING"},
}
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
