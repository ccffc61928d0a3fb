"""The test clock: it stands still until told, then works off what has fallen due, in order."""

import heapq
import time
from collections.abc import Callable
from typing import Any

DAY = 86_400


class Clock:
    """Seconds since 1970. `running` follows the machine's clock (the demo); otherwise only `advance` moves it.

    What is due later is kept as a module's function and its arguments, so that a whole service fits in a file.
    """

    def __init__(self, start: int | None = None, *, running: bool = False) -> None:
        self._ahead = 0
        self._stands_at = int(time.time()) if start is None else start
        self._running = running
        self._due: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._tickets = 0

    @property
    def now(self) -> int:
        return int(time.time()) + self._ahead if self._running else self._stands_at

    def at(self, when: int, work: Callable[..., None], *arguments: Any) -> None:
        """`work(*arguments)` is done once the clock reaches `when`."""
        self._tickets += 1
        heapq.heappush(self._due, (when, self._tickets, work, arguments))

    def advance(self, seconds: int = 0, *, days: float = 0, hours: float = 0) -> None:
        self._forward_to(self.now + seconds + int(days * DAY) + int(hours * 3600))

    def work_off(self) -> None:
        """Does what has fallen due by now; a running clock needs it now and then."""
        self._forward_to(self.now)

    def _forward_to(self, target: int) -> None:
        while self._due and self._due[0][0] <= target:
            when, _, work, arguments = heapq.heappop(self._due)
            self._move(when)
            work(*arguments)
        self._move(target)

    def _move(self, target: int) -> None:
        if self._running:
            self._ahead += max(0, target - self.now)
        else:
            self._stands_at = max(target, self._stands_at)
