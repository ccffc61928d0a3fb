"""Keys of payment services, a file each in HECTO_KEYS/processors/stripe, readable by one account alone."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from hectograph.errors import Problem


def folder() -> Path:
    """Where the keys of payment services lie."""
    return Path(settings.HECTO_KEYS) / "processors" / "stripe"


def read_key(name: str) -> str:
    """The key in the file `name`, empty where there is none; a Problem where others on this machine can read it."""
    path = folder() / name
    if not path.exists():
        return ""
    if path.stat().st_mode & 0o077 or path.parent.stat().st_mode & 0o077:
        raise Problem(
            f"Others on this machine can read the payment key “{name}”.",
            "chmod 700 on the folder processors/stripe, 600 on its files; then make new keys in the dashboard.",
        )
    return path.read_text().strip()
