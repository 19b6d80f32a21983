"""Django's settings, all derived from `environment`. Names of apps and URL modules are dotted strings: the layers hold."""

from __future__ import annotations

import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from iindustry.config.database import cluster_of
from iindustry.config.environment import Environment, Secret, environment
from iindustry.kernel.keyfiles import kept

ENVIRONMENT: Environment = environment()
BASE_DIR = Path(__file__).resolve().parents[1]


def _secret_key(env: Environment) -> str:
    if env.secret_key:
        return str(env.secret_key)
    return kept(env.paths.keys / "session.key", lambda: secrets.token_urlsafe(50).encode()).decode()


def _database(env: Environment) -> dict[str, object]:
    from urllib.parse import parse_qs, unquote, urlsplit

    url = env.database_owner_url if env.database_role == "owner" and env.database_owner_url else env.database_url
    text = str(url or Secret(cluster_of(env.home).url(f"ii_{env.database_role}")))
    parts = urlsplit(text)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"application_name": f"i-industry-{env.database_role}"},
    }


SECRET_KEY = _secret_key(ENVIRONMENT)
DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "testserver",
    ENVIRONMENT.public_url.split("//")[-1].split("/")[0].split(":")[0],
]
DEMO = ENVIRONMENT.demo
PUBLIC_URL = ENVIRONMENT.public_url.rstrip("/")
HOME = ENVIRONMENT.paths

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "django_htmx",
    "ninja",
    "csp",
    "rules",
    *(f"iindustry.{name}" for name in (
        "ledger", "vault", "reference", "accounts", "sources", "standardise", "linkage", "register",
        "programmes", "protection", "funding", "exchange", "insight", "flows", "web", "api", "cli",
    )),
]  # fmt: skip
MIDDLEWARE = [
    "iindustry.web.middleware.PagesCompressed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "iindustry.web.middleware.ThaiFirst",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "iindustry.web.middleware.DomainErrors",
]
ROOT_URLCONF = "iindustry.config.urls"
WSGI_APPLICATION = "iindustry.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],  # before allauth's own pages of the same names
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "iindustry.web.context.page",
            ],
        },
    }
]
DATABASES = {"default": _database(ENVIRONMENT)}
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
LOGIN_REDIRECT_URL = "/home"
LOGOUT_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "web" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"
FORMAT_MODULE_PATH: list[str] = []

STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the packages: nothing is collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["iindustry.web.room.Room", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "iindustry.web.refusals.stale_form"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "img-src": [SELF, "data:"], "font-src": [SELF],
        "connect-src": [SELF], "form-action": [SELF], "frame-ancestors": [NONE], "base-uri": [NONE], "object-src": [NONE],
        "manifest-src": [SELF],
    }
}  # fmt: skip

# Logs carry ids, counts and codes; `log_lines` takes out what a made-up address or a fault's own words may quote.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "iindustry.config.log_lines.PlainLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["iindustry.config.jobs"]
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
