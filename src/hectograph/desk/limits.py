"""How often one client may post. Clients are counted by keyed hashes in memory; the key and the counts go every
minute, so that nothing tells afterwards who came."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import Counter
from collections.abc import Callable

_SPAN = 60.0  # seconds


class Gate:
    """Counts sign-ups of the minute: `per_client` of one client, `in_all` of everyone. 0 is no limit."""

    def __init__(self, per_client: int, in_all: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_client, self._in_all, self._clock = per_client, in_all, clock
        self._begin()

    def _begin(self) -> None:
        self._since, self._key = self._clock(), secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()
        self._all = 0

    def lets_in(self, client: str) -> bool:
        """Whether one more sign-up of `client` may come in now."""
        if self._clock() - self._since >= _SPAN:
            self._begin()
        if self._in_all and self._all >= self._in_all:
            return False
        if self._per_client:
            name = hashlib.blake2b(client.encode(), key=self._key, digest_size=12).digest()
            if self._counts[name] >= self._per_client:
                return False
            self._counts[name] += 1
        self._all += 1
        return True
