"""Django's settings. Everything an operator may set is in hosting/configuration.py; this page only passes it on.

The database arrives through the environment (`CROSSLINE_DATABASE_JSON`) from the parent process that owns the server, so
that a web worker holds the web role's credentials and no others.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from crossline.hosting.configuration import read_configuration
from crossline.hosting.database import django_database
from crossline.hosting.identity_providers import handed_down_providers
from crossline.hosting.logins import access_from_environment
from crossline.site.csp import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY

HERE = Path(__file__).parent
CONFIGURATION = read_configuration()

# Commands that never sign anything run without keys; the web server refuses to (site/wsgi.py).
SECRET_KEY = CONFIGURATION.secret_key.get_secret_value() if CONFIGURATION.secret_key else os.urandom(32).hex()

_FACTOR_KEY = CONFIGURATION.second_factor_key
SECOND_FACTOR_KEY = bytes.fromhex(_FACTOR_KEY.get_secret_value()) if _FACTOR_KEY else os.urandom(32)
_LOOK_UP_KEY = CONFIGURATION.deconfliction_key
DECONFLICTION_KEY = bytes.fromhex(_LOOK_UP_KEY.get_secret_value()) if _LOOK_UP_KEY else os.urandom(32)
SECOND_FACTOR = CONFIGURATION.second_factor
IDLE_MINUTES = CONFIGURATION.idle_minutes
PROXY = CONFIGURATION.proxy
IDENTITY_PROVIDERS = handed_down_providers(CONFIGURATION)

DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = [host.strip() for host in CONFIGURATION.allowed_hosts.split(",") if host.strip()]
SITE_ADDRESS = CONFIGURATION.site_address
if SITE_ADDRESS:  # the proxy speaks HTTPS with people, and plainly with us
    ALLOWED_HOSTS.append(urlsplit(SITE_ADDRESS).hostname or "")
    CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SESSION_COOKIE_SECURE = True
SYNTHETIC_DATA = CONFIGURATION.synthetic

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "crossline.access",
    "crossline.records",
    "crossline.entities",
    "crossline.lines",
    "crossline.deconfliction",
    "crossline.safeguarding",
    "crossline.safeguarding.reporting",
    "crossline.safeguarding.outreach",
    "crossline.safeguarding.answering",
    "crossline.safeguarding.referrals",
    "crossline.safeguarding.nrm",
    "crossline.safeguarding.premises",
    "crossline.safeguarding.missing",
    "crossline.safeguarding.screening",
    "crossline.safeguarding.meetings",
    "crossline.operations",
    "crossline.rights",
    "crossline.rights.recalls",
    "crossline.orders",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crossline.access.middleware.SignedInByDefault",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "crossline.site.policy.shut.ShutWhilePolicyWaits",
]

ROOT_URLCONF = "crossline.site.urls"
WSGI_APPLICATION = "crossline.site.wsgi.application"
ROOMS_WITH_PAGES = (
    "access",
    "audit",
    "records",
    "entities",
    "lines",
    "deconfliction",
    "operations",
    "safeguarding",
    "safeguarding/reporting",
    "safeguarding/outreach",
    "safeguarding/answering",
    "safeguarding/referrals",
    "safeguarding/nrm",
    "safeguarding/premises",
    "safeguarding/missing",
    "safeguarding/screening",
    "safeguarding/meetings",
    "picture",
    "exchange",
    "rights",
    "rights/recalls",
    "orders",
    "site",
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / room / "jinja2" for room in ROOMS_WITH_PAGES],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "crossline.site.jinja.environment"},
    },
]

ACCESS = access_from_environment()
NO_DATABASE = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "crossline",
    "HOST": "/nonexistent",
}  # enough for checks
DATABASES = {"default": NO_DATABASE if ACCESS is None else django_database(ACCESS, CONFIGURATION.database_role)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "national-picture"
LOGOUT_REDIRECT_URL = "sign-in"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "site" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

SESSION_COOKIE_NAME = "crossline_session"
SESSION_COOKIE_AGE = 60 * 60 * 8  # a shift; access/middleware.py holds each session to it from its beginning
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_USE_SESSIONS = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
