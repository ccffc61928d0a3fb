"""Sign of life of the worker and the cashier: a file whose time says when it last did something. Admin home and doctor
read it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.conf import settings

DEAD_AFTER = timedelta(seconds=60)
_EVERY = timedelta(seconds=2)
_last: dict[str, datetime] = {}
WORKER, CASHIER = "worker", "cashier"


def beat(now: datetime, who: str = WORKER) -> None:
    """Say that `who` lives; at most every two seconds, for the disk's sake."""
    if who in _last and now - _last[who] < _EVERY:
        return
    _last[who] = now
    path = settings.HECTO_HOME / f"{who}.alive"
    path.touch()
    os.utime(path, (now.timestamp(), now.timestamp()))


def last_seen(who: str = WORKER) -> datetime | None:
    """When `who` last gave a sign of life; None if it never did."""
    try:
        return datetime.fromtimestamp((settings.HECTO_HOME / f"{who}.alive").stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def is_alive(now: datetime, who: str = WORKER) -> bool:
    seen = last_seen(who)
    return seen is not None and now - seen < DEAD_AFTER
