"""Sign of life of the worker: a file whose time says when it last did something. Admin home and doctor read it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.conf import settings

DEAD_AFTER = timedelta(seconds=60)
_EVERY = timedelta(seconds=2)
_last: list[datetime] = []


def beat(now: datetime) -> None:
    """Say that the worker lives; at most every two seconds, for the disk's sake."""
    if _last and now - _last[0] < _EVERY:
        return
    _last[:] = [now]
    path = settings.HECTO_HOME / "worker.alive"
    path.touch()
    os.utime(path, (now.timestamp(), now.timestamp()))


def last_seen() -> datetime | None:
    """When the worker last gave a sign of life; None if it never did."""
    try:
        return datetime.fromtimestamp((settings.HECTO_HOME / "worker.alive").stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def is_alive(now: datetime) -> bool:
    seen = last_seen()
    return seen is not None and now - seen < DEAD_AFTER
