"""Signs of life of the processes that must run, for the admin's home and `hecto doctor`: a row each, which says when it
last did something. In the database, since the opener may be another account's, and each on a machine of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from hectograph.readers.at_work import AtWork

DEAD_AFTER = timedelta(seconds=60)
_EVERY = timedelta(seconds=10)
_last: dict[str, datetime] = {}
WORKER, OPENER, SENDER, CASHIER = "worker", "opener", "sender", "cashier"


def beat(now: datetime, who: str = WORKER) -> None:
    """Say that `who` lives; at most every ten seconds, for the disk's sake."""
    if who in _last and abs(now - _last[who]) < _EVERY:
        return
    AtWork.objects.update_or_create(who=who, defaults={"seen": now})
    _last[who] = now


def last_seen(who: str = WORKER) -> datetime | None:
    """When `who` last gave a sign of life; None if it never did."""
    return AtWork.objects.filter(who=who).values_list("seen", flat=True).first()


def is_alive(now: datetime, who: str = WORKER) -> bool:
    seen = last_seen(who)
    return seen is not None and abs(now - seen) < DEAD_AFTER
