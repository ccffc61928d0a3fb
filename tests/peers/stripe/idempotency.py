"""Idempotency as documented: the first answer under a key is the answer, be it a 500; keys live for 24 hours."""

import json
from dataclasses import dataclass
from typing import Any

from tests.peers.stripe.clock import DAY
from tests.peers.stripe.failures import Refused

NOT_KEPT = (400, 401, 403, 404, 409, 429)  # what failed before the work began may be tried again under the same key


@dataclass
class Kept:
    request: str
    since: int
    status: int = 0  # 0 while the first request is still at work
    body: bytes = b""


class Idempotency:
    """Answers by key. Keys are a caller's own: two restricted keys of one account share them, as there."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def begin(self, key: str, path: str, params: dict[str, Any], now: int) -> Kept | None:
        """None if the work is to be done; what was answered if it has been. Refused if it is at work or differs."""
        request = json.dumps([path, params], sort_keys=True)
        kept = self._kept.get(key)
        if kept is None or kept.since + DAY <= now:
            self._kept[key] = Kept(request, now)
            return None
        if kept.request != request:
            raise _misused(key)
        if not kept.status:
            words = f"There is currently another in-progress request using this Stripe-Idempotency-Key: {key}."
            raise Refused(409, words, "idempotency_key_in_use")
        return kept

    def end(self, key: str, status: int, body: bytes) -> None:
        if status in NOT_KEPT:
            self._kept.pop(key, None)
        else:
            self._kept[key].status, self._kept[key].body = status, body


def _misused(key: str) -> Refused:
    words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
    refused = Refused(400, f"{words} Try using a key other than '{key}' if you meant to execute a different request.")
    refused.error["type"] = "idempotency_error"
    return refused
