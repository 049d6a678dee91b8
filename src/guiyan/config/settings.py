"""Django's settings. They read the environment and the installation's key files; they start nothing."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Any

from guiyan.platform import database, home, static

PACKAGE = Path(str(resources.files("guiyan")))

DEBUG = False
SECRET_KEY = home.derive(home.SECRET_KEY, "django").hex()
ALLOWED_HOSTS = ["*"]  # an unknown host is no tenant's: TenantMiddleware answers it
SERVE_TLS = os.environ.get("GUIYAN_TLS") == "1"
DEMONSTRATION = os.environ.get("GUIYAN_DEMO") == "1"
BEHIND_PROXY = os.environ.get("GUIYAN_BEHIND_PROXY") == "1"

SHARED_APPS = [
    "django_tenants",
    "guiyan.platform.tenancy",
    "procrastinate.contrib.django",
]
TENANT_APPS = [
    "guiyan.platform",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guiyan.ledger",
    "guiyan.people",
    "guiyan.compliance",
    "guiyan.notify",
    "guiyan.process",
    "guiyan.separation",
]
INSTALLED_APPS = [
    "guiyan.ui",  # first: its templates stand before the sign-in library's
    *SHARED_APPS,
    *TENANT_APPS,
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guiyan.web",
    "guiyan.mobile",
    "guiyan.config",
]
TENANT_MODEL = "tenancy.Tenant"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
TENANTLESS_PATHS = ("/healthz", "/static/")
WRITING_GET_PATHS = ("/accounts/",)  # the sign-in library writes on some of its pages
QUEUE_SQL = PACKAGE / "platform" / "queue.sql"
ROLE_TABLE = PACKAGE / "config" / "role_table.yaml"
CLOCK_TABLE = "platform_clock"

MIDDLEWARE = [
    "guiyan.platform.middleware.RequestLogMiddleware",
    "guiyan.platform.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guiyan.platform.tenancy.middleware.TenantMiddleware",
    "guiyan.web.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guiyan.web.after.AfterReadingMiddleware",
    "guiyan.platform.middleware.ReadOnlyMiddleware",
]
ROOT_URLCONF = "guiyan.config.urls"
WSGI_APPLICATION = "guiyan.config.wsgi.application"


def _alias(role: str | None = None, *, migrate: bool = False) -> dict[str, Any]:
    return {
        "ENGINE": "guiyan.platform.db",
        "NAME": database.name(),
        "ROLE": role,
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "TEST": {"MIGRATE": migrate},
    }


DATABASES = {
    "default": _alias(),
    "directory": _alias(database.DIRECTORY),
    "worker": _alias(database.WORKER),
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_DATABASE_ALIAS = "worker"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guiyan.web.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

AUTH_USER_MODEL = "platform.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "guiyan.platform.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
MFA_ADAPTER = "guiyan.platform.accounts.MfaAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by the employer, who knows the address
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "归雁"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SERVE_TLS and not BEHIND_PROXY

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # the legal day, whatever the server's zone

STATIC_URL = f"/static/{static.digest(PACKAGE)}/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/[0-9a-f]{12}/"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
    }
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SERVE_TLS or BEHIND_PROXY
SESSION_COOKIE_NAME = "guiyan_session"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_NAME = "guiyan_csrf"
CSRF_FAILURE_VIEW = "guiyan.web.problems.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

UPLOAD_BYTES_MAX = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SMTP: dict[str, Any] = {
    "host": os.environ.get("GUIYAN_SMTP_HOST", "127.0.0.1"),
    "port": int(os.environ.get("GUIYAN_SMTP_PORT", "2525")),
    "sender": os.environ.get("GUIYAN_MAIL_FROM", "guiyan@localhost.localdomain"),
    "starttls": os.environ.get("GUIYAN_SMTP_STARTTLS") == "1",
    "username": os.environ.get("GUIYAN_SMTP_USER", ""),
    "password": os.environ.get("GUIYAN_SMTP_PASSWORD", ""),
}
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = SMTP["host"], SMTP["port"], 10  # the sign-in library's own mails
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS = SMTP["username"], SMTP["password"], SMTP["starttls"]
DEFAULT_FROM_EMAIL = SMTP["sender"]

LOGGING_CONFIG = None  # guiyan.platform.logs configures it, once, in the command line
SILENCED_SYSTEM_CHECKS = ["django_tenants.W003"]
