"""Fuses: a way of paying that is being abused closes by itself for a while, and a person is told. Others stay open.

Counted is what happens, never who does it: no address and no card is remembered.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from hectograph.support import fuse
from hectograph.support.contribution import Contribution, State

PRESSES_A_MINUTE = 60
DECLINES, DECLINED_SHARE = 20, 0.6  # of the last ten minutes
_MINUTE, _SPAN, _REST = timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=15)
_DISPUTED_SHARE, _DISPUTES, _DISPUTE_SPAN = 0.005, 3, timedelta(days=60)
_DISPUTE_REST = timedelta(days=1)


class Meter:
    """Hears of every press and every decline; threads share it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self._lock = now, threading.Lock()
        self._heard: dict[tuple[str, str], deque[datetime]] = {}

    def seen(self, method: str, what: str) -> None:
        """`what` is `asked` or `declined`."""
        now = self._now()
        with self._lock:
            self._heard.setdefault((method, what), deque()).append(now)
            why = self._why(method, now)
        if why:
            fuse.blow(method, why, now, _REST)
            fuse.alarm(why, f"{method} {now:%Y-%m-%d %H}h", now)

    def is_open(self, method: str) -> bool:
        return not fuse.is_closed(method, self._now())

    def _why(self, method: str, now: datetime) -> str:
        asked = self._count(method, "asked", now, _SPAN)
        if self._count(method, "asked", now, _MINUTE) > PRESSES_A_MINUTE:
            return "too many presses of the pay button"
        declined = self._count(method, "declined", now, _SPAN)
        if declined >= DECLINES and declined >= DECLINED_SHARE * asked:
            return "too many cards are declined"
        return ""

    def _count(self, method: str, what: str, now: datetime, span: timedelta) -> int:
        heard = self._heard.get((method, what), deque())
        while heard and now - heard[0] > _SPAN:
            heard.popleft()
        return sum(now - at <= span for at in heard)


def watch_disputes(now: datetime) -> bool:
    """Close cards for a day where half a percent of what came of late is disputed. Says whether it did."""
    lately = Contribution.objects.filter(day__gte=(now - _DISPUTE_SPAN).date(), state__gte=State.PAID)
    disputed = lately.filter(disputed=True).count()
    if disputed < _DISPUTES or disputed < _DISPUTED_SHARE * lately.count():
        return False
    fuse.blow("card", "too many disputes", now, _DISPUTE_REST)
    fuse.alarm("too many disputes", f"{now:%Y-%m-%d}", now)
    return True
