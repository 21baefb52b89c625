"""Settings of every run, read from `UNKNOT_*` only; docs/reference/settings.md has each."""

import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from unknot.project import environment

PACKAGE = Path(__file__).resolve().parent.parent

#: "demo" shows the inbox and says so on each page; "serve" is strict; "test" is the suite.
MODE = environment.text("UNKNOT_MODE", "serve")
if MODE not in {"demo", "serve", "test"}:
    raise environment.SettingError(f"UNKNOT_MODE={MODE!r}: expected demo, serve or test.")
DEBUG = False
DATA_FOLDER = Path(environment.text("UNKNOT_DATA", "var/data")).resolve()
UPLOAD_FOLDER = DATA_FOLDER / "uploads"
SITE_URL = environment.text("UNKNOT_SITE_URL", "http://127.0.0.1:8000")

# The commands check that UNKNOT_SECRET_KEY is set before they serve; a key made here ends with
# the process, so it can never sign anything that outlives it.
SECRET_KEY = environment.text("UNKNOT_SECRET_KEY") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = environment.words("UNKNOT_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("UNKNOT_ORIGINS", "")
BEHIND_TLS = environment.flag("UNKNOT_TLS", default=SITE_URL.startswith("https://"))

DATABASES = {
    "default": environment.database("UNKNOT_DATABASE_URL")
    if environment.text("UNKNOT_DATABASE_URL")
    else {"ENGINE": "django.db.backends.postgresql", "NAME": "unknot"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "unknot.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "unknot.people",
    "unknot.journey.understand",
    "unknot.journey.choose",
    "unknot.journey.book",
    "unknot.journey.prepare",
    "unknot.journey.session.apps.SessionConfig",
    "unknot.journey.follow",
    "unknot.practice",
    "unknot.interfaces",
    "unknot.project",
]

MIDDLEWARE = [
    "unknot.web.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    # Pages travel in a fifth of their size, with random padding: their length tells nothing.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "unknot.web.middleware.typed_errors",
    # Last, so that it sees its own exceptions first: "sign in again before you change this".
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "unknot.project.urls"
WSGI_APPLICATION = "unknot.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "unknot.people.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "unknot.web.forms.Renderer"

# Time and language: UTC in the database, the practice's zone on the page, English first.
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]

# Accounts
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "unknot.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
LOGIN_REDIRECT_URL = "/home/"
LOGIN_URL = "account_login"

# Security
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "font-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 2
FILE_UPLOAD_HANDLERS = ["unknot.web.uploads.InMemory"]  # up to 11 MB, never on the disk
CSRF_FAILURE_VIEW = "unknot.web.errors.csrf_failure"

# Static files
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# Mail: the worker hands over; nothing is sent from a page.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.text("UNKNOT_SMTP_HOST")
EMAIL_PORT = environment.number("UNKNOT_SMTP_PORT", 587)
EMAIL_HOST_USER = environment.text("UNKNOT_SMTP_USER")
EMAIL_HOST_PASSWORD = environment.text("UNKNOT_SMTP_PASSWORD")
EMAIL_USE_TLS = environment.flag("UNKNOT_SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20
MAIL_PROVIDER, ANYMAIL = environment.mail_provider("UNKNOT_MAIL_PROVIDER", "UNKNOT_MAIL_KEY")
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
# Reminders are pushed to these services alone; a leading dot stands for every name under it.
PUSH_HOSTS = environment.words(
    "UNKNOT_PUSH_HOSTS",
    "fcm.googleapis.com,.push.services.mozilla.com,.push.apple.com,.notify.windows.com",
)
DEFAULT_FROM_EMAIL = environment.text("UNKNOT_MAIL_FROM", "unknot@localhost")

# Logs say what happened, never what somebody answered.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"routes": {"()": "unknot.web.logs.RouteForAddress"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["routes"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
