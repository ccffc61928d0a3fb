"""Work that comes round by the clock, each piece by itself: one that fails delays none of the others.

A piece that failed is tried again after a pause that grows; one that fails again and again calls a person.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections

from hectograph.errors import Problem
from hectograph.support import fuse

log = logging.getLogger(__name__)
_PATIENCE = 5  # failures in a row, until a person is called
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=10)
AT_ONCE = timedelta()


def guarded(work: Callable[[], object]) -> tuple[bool, bool]:
    """Whether `work` went through, and whether it says that there is more. A fault stops this piece of work, never the
    process; a service's words never reach the log."""
    try:
        return True, work() is True
    except Problem as problem:
        log.error("payments: %s", problem)
    except Exception as error:  # noqa: BLE001 (its words could hold a reference: only its kind is said)
        log.error("payments: stopped by %s; it will try again", type(error).__name__)
    close_old_connections()
    return False, False


class Rounds:
    """What each piece of work, by its name, did when; kept in memory: a restart tries all at once."""

    def __init__(self) -> None:
        self._not_before: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}

    def go(self, name: str, work: Callable[[], object], now: datetime, *, every: timedelta = AT_ONCE) -> bool:
        """Do `work` if it is due; says whether there is more of it to do at once."""
        wait = self._not_before.get(name, now) - now
        if AT_ONCE < wait <= max(every, _LONGEST_PAUSE):  # longer: the clock went back since
            return False
        went, more = guarded(work)
        failures = 0 if went else self._failures.get(name, 0) + 1
        self._failures[name] = failures
        pause = min(_FIRST_PAUSE * 2 ** min(failures, 12), _LONGEST_PAUSE)
        self._not_before[name] = now + (every if went else pause)
        if failures == _PATIENCE:
            guarded(lambda: fuse.alarm("a part of the cashier's work fails", name, now))
        return more
