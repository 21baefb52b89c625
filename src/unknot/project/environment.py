"""Read `UNKNOT_*` variables as typed values; a bad value stops the start with one sentence.

Errors  SettingError: names the variable, its value and what was expected.
"""

import os
from urllib.parse import parse_qs, unquote, urlsplit

#: When a database that is silent counts as gone (seconds; the last in milliseconds), so that a page
#: says so within ten seconds: noticed on the connection there is, then on a new one.
GIVE_UP = {
    "connect_timeout": 3,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 3000,
}


class SettingError(ValueError):
    """An environment variable holds something the program cannot use."""


def text(name: str, default: str = "") -> str:
    """The variable as text, or `default` when it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    """The variable as yes or no."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if value.lower() in {"1", "yes", "true", "on"}:
        return True
    if value.lower() in {"0", "no", "false", "off"}:
        return False
    raise SettingError(f"{name}={value!r}: expected yes or no.")


def words(name: str, default: str) -> list[str]:
    """The variable as a list of words separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    """The variable as a whole number, zero or more."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise SettingError(f"{name}={value!r}: expected a whole number.")
    return int(value)


#: Providers whose one secret is a key, by the name of anymail's setting for it.
MAIL_KEYS = {
    "brevo": "BREVO_API_KEY",
    "mailersend": "MAILERSEND_API_TOKEN",
    "mailgun": "MAILGUN_API_KEY",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "resend": "RESEND_API_KEY",
    "sparkpost": "SPARKPOST_API_KEY",
}


def mail_provider(name: str, key: str) -> tuple[str, dict[str, object]]:
    """The chosen provider of mail, empty for none, and anymail's settings for it.

    Expected: a name of `MAIL_KEYS`, and its secret in the variable `key`.
    """
    provider = text(name).lower()
    if not provider:
        return "", {}
    if provider not in MAIL_KEYS:
        raise SettingError(f"{name}={provider!r}: expected one of {', '.join(MAIL_KEYS)}.")
    if not text(key):
        raise SettingError(f"{key} is missing: {name}={provider} needs the key of its account.")
    return provider, {MAIL_KEYS[provider]: text(key), "REQUESTS_TIMEOUT": 20}


def database(name: str) -> dict[str, object]:
    """The variable as Django's database settings.

    Expected: `postgresql://user:password@host:port/name`, or with a socket folder
    `postgresql://user@/name?host=/run/postgresql`.
    """
    value = text(name)
    parts = urlsplit(value)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SettingError(
            f"{name} is not a PostgreSQL address: expected postgresql://user@host:port/name."
        )
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or query.get("host", [""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # No query here runs so long that compiling it first would pay.
            "options": "-c timezone=UTC -c jit=off",
            **GIVE_UP,
        },
    }
