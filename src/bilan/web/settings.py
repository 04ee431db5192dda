"""Settings of the site, read from the city folder that ``BILAN_CITY`` names; nothing of a city is written here."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from bilan.pack.city import DESCRIPTION, City
from bilan.pack.notices import notices
from bilan.pack.publishing import publishing
from bilan.pack.security import security, sso
from bilan.problems import BilanError, Problem
from bilan.web.secret import secret_key
from bilan.web.versions import assets_version

if not os.environ.get("BILAN_CITY"):
    raise BilanError(Problem("web.no_city"))

HERE = Path(__file__).resolve().parent
CITY = City.open(os.environ["BILAN_CITY"])
CITY.data.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("BILAN_DEBUG") == "1"
GALLERY = DEBUG or os.environ.get("BILAN_GALLERY") == "1"
SECRET_KEY = secret_key(CITY.data / "secret.key")
LIVE_SECONDS = float(os.environ.get("BILAN_LIVE_SECONDS", "10"))
HTTPS = os.environ.get("BILAN_HTTPS") == "1"
ALLOWED_HOSTS = [
    host
    for host in (*os.environ.get("BILAN_HOSTS", "").split(","), CITY.web_host, "localhost", "127.0.0.1", "[::1]", socket.gethostname())
    if host
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ninja",
    "bilan.people.apps.PeopleConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "bilan.registers.apps.RegistersConfig",
    "bilan.casework.apps.CaseworkConfig",
    "bilan.plans.apps.PlansConfig",
    "bilan.web.apps.WebConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bilan.web.middleware.headers",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "bilan.web.middleware.Gate",
]
ROOT_URLCONF = "bilan.web.urls"
WSGI_APPLICATION = "bilan.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bilan.web.context.site_values",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "bilan.web.templatetags.bilan"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"


def _database(url: str) -> dict[str, object]:
    """Django's description of a database from its address."""
    if url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
            },
        }
    return {"ENGINE": "django.db.backends.postgresql", **_server(url)}


def _server(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


DATABASES = {"default": _database(CITY.database_url)}

AUTH_USER_MODEL = "people.Person"
SECURITY = security(CITY.security, str(CITY.folder / DESCRIPTION))
PUBLISHING = publishing(CITY.publishing, str(CITY.folder / DESCRIPTION))
SSO = sso(CITY.sso, str(CITY.folder / DESCRIPTION))
NOTICES = notices(CITY.notices, str(CITY.folder / DESCRIPTION))
BEHIND_PROXY = os.environ.get("BILAN_PROXY") == "1"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": SECURITY.password_length},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "bilan.people.passwords.Varied"},
    {"NAME": "bilan.people.passwords.Fresh"},
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", *(["bilan.people.sso.SsoBackend"] if SSO.issuer else [])]
SESSION_ENGINE = "bilan.people.sessions"
OTP_TOTP_ISSUER = f"碧蓝 Bilan · {CITY.name_zh}"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = CITY.timezone

STATIC_URL = f"/static/{assets_version(HERE / 'static')}/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 86400
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".geojson": "application/geo+json"}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 86400
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "bilan.web.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 30 * 86400 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"bilan": {"level": "INFO"}},
}
