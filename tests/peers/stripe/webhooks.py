"""Deliveries: each event is signed and sent, tried again for three days on the test clock, mistreated on request."""

import heapq
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from stripe import WebhookSignature

from tests.peers.stripe.chaos import Chaos
from tests.peers.stripe.clock import DAY
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

GIVES_UP_AFTER = 3 * DAY
WAITS = [300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600]  # seconds between tries; then every twelve hours
TIMEOUT = 10.0
Target = Callable[[bytes, dict[str, str]], int]


def body_of(event: Row, **changes: Any) -> bytes:
    """An event as it is sent. The snapshot is text already, so that a great many can be sent quickly."""
    envelope = {key: value for key, value in event.items() if not key.startswith("_")} | changes
    previous = f', "previous_attributes": {json.dumps(event["_previous"])}' if event["_previous"] else ""
    return f'{json.dumps(envelope)[:-1]}, "data": {{"object": {event["_snapshot"]}{previous}}}}}'.encode()


def signed(body: bytes, secret: str, at: int) -> dict[str, str]:
    header = WebhookSignature.generate_signature_header(body.decode(), secret, at)
    return {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header, "User-Agent": "Stripe/1.0"}


class Deliverer:
    """Takes the service's events and brings them to one target. Signatures bear the machine's time, as a receiver's
    clock does; events bear the test clock's."""

    def __init__(self, service: Service, lock: threading.RLock) -> None:
        self.chaos = Chaos()
        self.signs_at: Callable[[], float] = time.time
        self.given_up: list[str] = []
        self._service = service
        self._lock = lock
        self._target: Target | None = None
        self._queue: list[tuple[int, int, Row, int]] = []  # due, ticket, event, tries so far
        self._tickets = itertools.count()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def deliver_to(self, target: str | Target, *, by_itself: bool = False) -> None:
        self._target = Poster(target) if isinstance(target, str) else target
        self._service.listens = True
        if isinstance(target, str):
            self._service.settings["webhook"]["url"] = target
        if by_itself and not self._thread:
            self._thread = threading.Thread(target=self._go_on, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()
        close = getattr(self._target, "close", None)
        if close:
            close()

    def _go_on(self) -> None:
        while not self._stopped.wait(0.02):
            self.deliver()

    def deliver(self) -> list[int]:
        """Sends all that is due by now. Statuses in the order of sending; 0 where nobody answered."""
        statuses = []
        for event, tries in self._take_due():
            body = body_of(event)
            status = self._send(body, signed(body, self._service.keys.webhook_secret, int(self.signs_at())))
            statuses.append(status)
            if not 200 <= status < 300:
                self._later(event, tries + 1)
        return statuses

    def _send(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            return self._target(body, headers) if self._target else 0
        except (OSError, http.client.HTTPException):
            return 0

    def _take_due(self) -> list[tuple[Row, int]]:
        with self._lock:
            now = self._service.now
            fresh, self._service.undelivered = self._service.undelivered, []
            for event in fresh:
                for wait in self.chaos.fates():
                    heapq.heappush(self._queue, (now + wait, next(self._tickets), event, 0))
            due = []
            while self._queue and self._queue[0][0] <= now:
                due.append(heapq.heappop(self._queue)[2:])
        return self.chaos.ordered(due)

    def _later(self, event: Row, tries: int) -> None:
        with self._lock:
            when = self._service.now + (WAITS[tries - 1] if tries <= len(WAITS) else 12 * 3600)
            if when > event["created"] + GIVES_UP_AFTER:
                self.given_up.append(event["id"])
            else:
                heapq.heappush(self._queue, (when, next(self._tickets), event, tries))


class Poster:
    """Posts to an address over one kept connection, made anew when it has gone."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        self._path = parts.path + (f"?{parts.query}" if parts.query else "")

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            return self._post(body, headers)
        except (OSError, http.client.HTTPException):
            self.close()
            return self._post(body, headers)

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        self._connection.request("POST", self._path, body, headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status

    def close(self) -> None:
        self._connection.close()
