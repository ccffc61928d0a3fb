"""The sender's settings: of the newsroom's the database, the relay and two rooms. No Wagtail is loaded."""

from __future__ import annotations

from hectograph.newsroom.settings import (
    DATABASES,
    DEFAULT_AUTO_FIELD,
    HECTO_BOUNCE_DOMAIN,
    HECTO_HOME,
    HECTO_JOURNAL_STRICT,
    HECTO_KEYS,
    HECTO_LINKS,
    HECTO_MAIL_FROM,
    HECTO_RELAY,
    HECTO_RELAY_SMALL,
    HECTO_SEND_CONNECTIONS,
    HECTO_SEND_DAILY,
    HECTO_SEND_HOURLY,
    HECTO_SEND_WARM_UP,
    LOGGING,
    SECRET_KEY,
    TIME_ZONE,
    USE_TZ,
)

INSTALLED_APPS = ["hectograph.readers.apps.ReadersConfig", "hectograph.letters.apps.LettersConfig"]
DEBUG = USE_I18N = False
if HECTO_JOURNAL_STRICT and "sqlite" in DATABASES["default"]["ENGINE"]:
    # What the journal forgets must outlive a power cut in the database, too.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=FULL;"

__all__ = [
    "DATABASES",
    "DEBUG",
    "DEFAULT_AUTO_FIELD",
    "HECTO_BOUNCE_DOMAIN",
    "HECTO_HOME",
    "HECTO_JOURNAL_STRICT",
    "HECTO_KEYS",
    "HECTO_LINKS",
    "HECTO_MAIL_FROM",
    "HECTO_RELAY",
    "HECTO_RELAY_SMALL",
    "HECTO_SEND_CONNECTIONS",
    "HECTO_SEND_DAILY",
    "HECTO_SEND_HOURLY",
    "HECTO_SEND_WARM_UP",
    "INSTALLED_APPS",
    "LOGGING",
    "SECRET_KEY",
    "TIME_ZONE",
    "USE_I18N",
    "USE_TZ",
]
