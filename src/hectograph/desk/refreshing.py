"""A desk's process is replaced when forms were posted to it and it has come to rest: what people typed can lie in freed
memory, and only the end of a process clears that for sure. Nothing is lost by it: what was taken is on disk.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Refresh:
    """Calls `replace` once, when no form came for `idle` seconds, or `latest` seconds after the first at the latest; a
    moment later where `is_busy`. 0 seconds of `idle` is never."""

    def __init__(
        self,
        idle: float,
        latest: float,
        *,
        replace: Callable[[], None],
        is_busy: Callable[[], bool],
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        self._idle, self._latest, self._replace, self._is_busy = idle, latest, replace, is_busy
        self._ticking = ticking
        self._first = self._last = 0.0
        self._watch: asyncio.Task[None] | None = None

    def typed(self) -> None:
        """A form comes in. Called in the loop."""
        self._last = self._ticking()
        if self._watch is None and self._idle:
            self._first = self._last
            self._watch = asyncio.get_running_loop().create_task(self._wait())

    def due_in(self) -> float:
        """Seconds until it is time."""
        return min(self._last + self._idle, self._first + self._latest) - self._ticking()

    async def _wait(self) -> None:
        while (left := self.due_in()) > 0 or self._is_busy():
            await asyncio.sleep(max(left, 0.2))
        self._replace()
