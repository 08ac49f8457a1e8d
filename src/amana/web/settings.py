"""Django's settings. What happens to a person's data is decided in the policy file, never here."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from amana.kernel import addresses
from amana.web import home

SOURCE = Path(__file__).resolve().parent.parent
AMANA_HOME = home.home()
AMANA_PORT = int(os.environ.get("PORT", "8000"))
AMANA_TLS = os.environ.get("AMANA_TLS", "") == "1"
AMANA_PUBLIC_URL = os.environ.get(
    "AMANA_PUBLIC_URL", f"{'https' if AMANA_TLS else 'http'}://127.0.0.1:{AMANA_PORT}"
).rstrip("/")
AMANA_SYSTEM_TOKEN = os.environ.get("AMANA_SYSTEM_TOKEN", "")
AMANA_SMTP_URL = os.environ.get("AMANA_SMTP_URL", "")
AMANA_TRUSTED_PROXIES = addresses.networks(os.environ.get("AMANA_TRUSTED_PROXIES", ""))
AMANA_PSEUDONYM_KEY_FILE = os.environ.get("AMANA_PSEUDONYM_KEY_FILE", "")
AMANA_SURVEY_KEY_FILE = os.environ.get("AMANA_SURVEY_KEY_FILE", "")
AMANA_WITNESSES = os.environ.get("AMANA_WITNESSES", "")
AMANA_LAKE_URL = os.environ.get("AMANA_LAKE_URL", "")
AMANA_LAKE_KEY_ID = os.environ.get("AMANA_LAKE_KEY_ID", "")
AMANA_LAKE_KEY_SECRET = os.environ.get("AMANA_LAKE_KEY_SECRET", "")
AMANA_LAKE_THREADS = int(os.environ.get("AMANA_LAKE_THREADS", "2"))
AMANA_LAKE_MEMORY = os.environ.get("AMANA_LAKE_MEMORY", "1GB")
AMANA_GALLERY = os.environ.get("AMANA_GALLERY", "") == "1"
AMANA_DEMO = os.environ.get("AMANA_DEMO", "") == "1"
# How often `serve` takes a backup (0: never), and how many are there at a time.
AMANA_BACKUP_HOURS = 0 if AMANA_DEMO else int(os.environ.get("AMANA_BACKUP_HOURS", "24"))
AMANA_BACKUP_COUNT = int(os.environ.get("AMANA_BACKUP_COUNT", "35"))

DEBUG = False
SECRET_KEY = home.secret("django") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = os.environ.get("AMANA_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
ROOT_URLCONF = "amana.web.urls"
WSGI_APPLICATION = "amana.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

ROOMS = (
    "kernel", "ledger", "policy", "retailer", "consent", "vault", "gate", "post", "fraud", "customers",
    "surveys", "collect", "orders", "audiences", "campaigns", "draws", "content", "rights", "desk", "web",
)  # fmt: skip
INSTALLED_APPS = [
    *(f"amana.{room}" for room in ROOMS if (SOURCE / room).is_dir()),
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "amana.web.proxies.Origin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "amana.web.kept.Kept",
    "csp.middleware.CSPMiddleware",
    "amana.web.middleware.Headers",
    "django.middleware.locale.LocaleMiddleware",
    "amana.web.journal.Standing",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "amana.web.middleware.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "amana.web.context.page",
            ],
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

DATABASES = {"default": home.django_database()}

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORM_RENDERER = "amana.web.forms.Renderer"
CSRF_FAILURE_VIEW = "amana.web.errors.forbidden"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Served straight from the packages: nothing has to be collected before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if AMANA_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = AMANA_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = AMANA_TLS
SESSION_COOKIE_SECURE = AMANA_TLS  # messages travel in a cookie that follows these two
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [AMANA_PUBLIC_URL]
if AMANA_TRUSTED_PROXIES:  # proxies.Origin takes the header from everybody else
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
SILENCED_SYSTEM_CHECKS = (
    ["security.W004", "security.W008", "security.W021"] if not AMANA_TLS else ["security.W021"]
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # An SQL statement or a request's values may hold personal data: neither is ever logged.
        "django.db.backends": {"level": "CRITICAL", "propagate": False},
        "procrastinate": {"level": "WARNING"},
    },
}
