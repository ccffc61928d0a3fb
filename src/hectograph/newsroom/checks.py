"""System checks: each says what is wrong and what to type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from hectograph.errors import Problem
from hectograph.letters import schedule
from hectograph.post import relay


def keys_are_private(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The folder of secrets must be closed to other accounts of the machine; the opener's may pass through it."""
    folder = settings.HECTO_KEYS
    if folder.exists() and folder.stat().st_mode & 0o066:
        return [
            Error(f"Others on this machine can read {folder.name}/.", hint=f"chmod 700 {folder}", id="hectograph.E001")
        ]
    return []


def production_has_an_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """In production Django must know the names that the admin is reached by."""
    if settings.PRODUCTION and not settings.ALLOWED_HOSTS:
        hint = "HECTO_ADMIN_HOSTS=your-onion-name.onion"
        return [Error("No host name is allowed to reach the admin.", hint=hint, id="hectograph.E002")]
    return []


def values_are_understood(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is read when it is needed is read here before: a letter's hour on Friday at eight is too late."""
    found: list[CheckMessage] = []
    for name, look in _READ_LATER.items():
        try:
            look()
        except Problem as problem:
            found.append(Error(f"{name}: {problem.message}", hint=problem.remedy, id="hectograph.E003"))
        except UnknownLocaleError:
            found.append(Error(f"{name} names an unknown language.", hint=f"{name}=en,ru", id="hectograph.E003"))
    return found


def _languages() -> None:
    for code in settings.HECTO_LANGUAGES:
        Locale.parse(code)


_READ_LATER: dict[str, Callable[[], object]] = {
    "HECTO_LANGUAGES": _languages,
    "HECTO_LETTER_TIME": lambda: schedule.read(settings.HECTO_LETTER_TIME),
    "HECTO_RELAY": lambda: relay.read(settings.HECTO_RELAY),
}


def register_all() -> None:
    register(keys_are_private, Tags.security)
    register(production_has_an_address, Tags.security)
    register(values_are_understood)
