"""System checks: each says what is wrong and what to type."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def keys_are_private(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The folder of secrets must be closed to other accounts of the machine."""
    folder = settings.HECTO_KEYS
    if folder.exists() and folder.stat().st_mode & 0o077:
        return [Error(f"Others on this machine can read {folder.name}/.", hint="chmod 700 keys", id="hectograph.E001")]
    return []


def production_has_an_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """In production Django must know the names that the admin is reached by."""
    if settings.PRODUCTION and not settings.ALLOWED_HOSTS:
        hint = "HECTO_ADMIN_HOSTS=your-onion-name.onion"
        return [Error("No host name is allowed to reach the admin.", hint=hint, id="hectograph.E002")]
    return []


def register_all() -> None:
    register(keys_are_private, Tags.security)
    register(production_has_an_address, Tags.security)
