"""Reads the environment, strictly: a value it can't understand stops the start with a sentence."""

from __future__ import annotations

import getpass
import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE_FALSE = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def flag(name: str, *, default: bool) -> bool:
    """A yes-or-no setting; anything else than 1/0, true/false, yes/no is refused by name."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    if raw.lower() not in _TRUE_FALSE:
        raise ImproperlyConfigured(f"{name} must be yes or no.")
    return _TRUE_FALSE[raw.lower()]


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated setting."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def one_of(name: str, default: str, known: Collection[str], example: str) -> str:
    """A setting whose values are known beforehand: time zones, say. Another one is refused by name."""
    raw = os.environ.get(name) or default
    if raw not in known:
        raise ImproperlyConfigured(f"{name} is not understood. Write it like {example}.")
    return raw


def database(url: str) -> dict[str, Any]:
    """Django's words for a DATABASE_URL; nothing else than PostgreSQL and SQLite is understood."""
    if not url.startswith(("postgres://", "postgresql://", "sqlite://")):
        raise ImproperlyConfigured("DATABASE_URL is not understood. Write it like postgres://user:password@host/name.")
    return {**environ.Env.db_url_config(url), "CONN_MAX_AGE": 60}


def number(name: str, default: int, *, least: int = 1) -> int:
    """A whole number, of `least` or more."""
    raw = os.environ.get(name) or str(default)
    if not raw.isdecimal() or int(raw) < least:
        raise ImproperlyConfigured(f"{name} must be a number from {least} on.")
    return int(raw)


def folder(name: str, default: str) -> Path:
    return Path(os.environ.get(name) or default).expanduser().resolve()


def secret(keys: Path, name: str) -> str:
    """The secret `name` from its file in `keys`, made on first use with mode 0600."""
    path = keys / name
    try:
        return path.read_text().strip()
    except PermissionError:
        if os.environ.get("HECTO_OPENER_USER") == getpass.getuser():
            return secrets.token_urlsafe(48)  # the opener signs nothing with the admin's secrets, and can't read them
        raise ImproperlyConfigured(f"{name} in HECTO_KEYS can't be read by this account.") from None
    except FileNotFoundError:
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        value = secrets.token_urlsafe(48)
        _write_private(path, value)
        return path.read_text().strip()


def _write_private(path: Path, value: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of ours was first
        return
    with os.fdopen(handle, "w") as file:
        file.write(value)
