"""How often one client may post, and all of them together. Who comes too soon waits in line, and is let in when its
turn comes; only where that would take too long is it turned away.

Clients are told apart by keyed hashes in memory; the key and what is counted under it go every minute, so that nothing
tells afterwards who came.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable

_SPAN = 60.0  # seconds


class Pace:
    """At most `a_minute` in a burst, and evenly so many a minute after (the generic cell rate algorithm: one number,
    the time at which everything let in so far would be worked off). 0 is no limit."""

    def __init__(self, a_minute: int) -> None:
        self._step = _SPAN / a_minute if a_minute else 0.0
        self._slack = self._step * (a_minute - 1)

    def wait(self, worked_off: float, now: float) -> float:
        """Seconds until the next one's turn."""
        return max(0.0, worked_off - self._slack - now)

    def after(self, worked_off: float, now: float) -> float:
        """The number when one more is let in."""
        return max(worked_off, now) + self._step


class Gate:
    """Lets in `per_client` a minute of one client and `in_all` of everyone. Over that a client waits `patience` seconds
    at the most, and no more than `line` of them at once."""

    def __init__(
        self,
        per_client: int,
        in_all: int,
        *,
        line: int = 0,
        patience: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._one, self._all, self._clock = Pace(per_client), Pace(in_all), clock
        self._line, self._patience = line, patience
        self._everyone = 0.0
        self._waiting, self.turned_away = 0, 0
        self._begin()

    def _begin(self) -> None:
        self._since, self._key = self._clock(), secrets.token_bytes(32)
        self._clients: dict[bytes, float] = {}

    def turn(self, client: str) -> float | None:
        """How many seconds `client` has to wait for its turn, which is kept for it; None where it is turned away.
        An empty `client` is one that can't be told apart: it counts among all alone."""
        now = self._clock()
        if now - self._since >= _SPAN:
            self._begin()
        name = hashlib.blake2b(client.encode(), key=self._key, digest_size=12).digest()
        own = self._clients.get(name, 0.0)
        seconds = max(self._all.wait(self._everyone, now), self._one.wait(own, now) if client else 0.0)
        if seconds and (seconds > self._patience or self._waiting >= self._line):
            self.turned_away += 1
            return None
        self._everyone = self._all.after(self._everyone, now)
        if client:
            self._clients[name] = self._one.after(own, now)
        return seconds

    async def lets_in(self, client: str) -> bool:
        """Whether one more of `client` may come in: at once, or after its time in line."""
        seconds = self.turn(client)
        if seconds:
            self._waiting += 1
            try:
                await asyncio.sleep(seconds)
            finally:
                self._waiting -= 1
        return seconds is not None
