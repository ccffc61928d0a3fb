"""The cashier: the one process that holds the keys of payment services. It has no key of readers' addresses.

A few threads carry attempts and wishes, so that a slow bank holds up nobody else; one loop keeps the books; once an
hour cards are looked at, notices are written and what need not be kept is forgotten, each by itself (`rounds`). Several
cashiers may run: each row is claimed by one.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from hectograph.newsroom import clock, ending, heartbeat
from hectograph.newsroom.flows import books, card_checks, doors, fuses, give, manage, notices, refunds, renewals
from hectograph.newsroom.flows.till import Till
from hectograph.newsroom.rails import Rails
from hectograph.newsroom.rounds import Rounds, guarded
from hectograph.support import attempt, wishes

log = logging.getLogger(__name__)
THREADS = 6
_PAUSE, _IDLE, _BOOKS_PAUSE = 0.2, 0.5, 1.0  # seconds
_HOURLY = timedelta(hours=1)


def machine() -> str:
    """Names this installation on this machine in leases."""
    return hashlib.sha256(f"{socket.gethostname()} {settings.HECTO_HOME}".encode()).hexdigest()[:8]


def _forget(now: datetime) -> None:
    if clock.is_believed(now):
        notices.forget(now)


@contextmanager
def _alone_here() -> Iterator[bool]:
    """Whether no other cashier of this installation runs on this machine; held until the end."""
    with open(settings.HECTO_HOME / "cashier.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class Cashier:
    """Works until a signal asks it to end; what it has in hand is finished, and what it has not goes on later."""

    def __init__(self, rails: Rails, *, now: Callable[[], datetime] = timezone.now, threads: int = THREADS) -> None:
        self.rails, self.now, self.stopping = rails, now, threading.Event()
        self.meter = fuses.Meter(now)
        self.name = machine() + secrets.token_hex(4)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="till")
        self._busy: dict[tuple[str, int], Future[None]] = {}
        self._rounds = Rounds()
        self._threads = threads

    def till(self) -> Till:
        """What a thread works with: each lease has a name of its own."""
        return Till(
            ways=self.rails.ways,
            plans=self.rails.plans,
            worker=f"{self.name}{secrets.token_hex(4)}",
            now=self.now,
            is_open=lambda method: method not in self.rails.closed and self.meter.is_open(method),
            seen=self.meter.seen,
        )

    def books_till(self) -> Till:
        """What looks after plans and payments by itself: with the worker's key."""
        rails = self.rails.books
        plans = {rail.name: rail.plans for rail in rails if rail.plans}
        return Till({rail.name: rail.processor for rail in rails}, plans, f"{self.name}books", self.now)

    def stop(self, *_: object) -> None:
        self.stopping.set()

    def run(self) -> None:
        with _alone_here() as is_alone:
            if is_alone:
                attempt.free(machine())  # of one that was killed here: its work goes on at once
            self._run()

    def _run(self) -> None:
        ending.listen(self.stop)
        bookkeeping = threading.Thread(target=self._keep_books, name="books", daemon=True)
        bookkeeping.start()
        while not self.stopping.is_set():
            self.stopping.wait(_PAUSE if self.step() else _IDLE)
        self._pool.shutdown()
        bookkeeping.join(timeout=30)

    def step(self) -> bool:
        """Hand out what is due to free threads; says whether there was anything."""
        self._busy = {what: future for what, future in self._busy.items() if not future.done()}
        room = self._threads - len(self._busy)
        if room <= 0:
            return True
        due = [("attempt", pk) for pk in self._due(attempt.due, room)]
        due += [("wish", pk) for pk in self._due(wishes.due, room)]
        for what in due:
            if what not in self._busy:
                self._busy[what] = self._pool.submit(self._carry, *what)
        return bool(due)

    def _due(self, due: Callable[[datetime, int], list[int]], room: int) -> list[int]:
        try:
            heartbeat.beat(self.now(), heartbeat.CASHIER)
            return due(self.now(), room)
        except Exception as error:  # noqa: BLE001 (its words could hold a reference: only its kind is said)
            log.error("payments: stopped by %s; it will try again", type(error).__name__)
            close_old_connections()
            return []

    def _carry(self, kind: str, pk: int) -> None:
        flow = give.carry if kind == "attempt" else manage.carry
        guarded(partial(flow, self.till(), pk))
        connection.close()  # this thread may rest for long

    def _keep_books(self) -> None:
        while not self.stopping.is_set():
            _, more = guarded(self.keep_books)
            self.stopping.wait(_PAUSE if more else _BOOKS_PAUSE)
        connection.close()

    def keep_books(self) -> bool:
        """Books, and once an hour what the clock brings; says whether there may be more to book at once."""
        now, till = self.now(), self.books_till()
        for name, work in self._hourly(till, now).items():
            self._rounds.go(name, work, now, every=_HOURLY)
        more = False
        for name, work in books.steps(self.rails.books, partial(renewals.deal, till), now).items():
            more |= self._rounds.go(name, work, now)
        return self._rounds.go("refunds", partial(refunds.carry, self.rails.refunds, now), now) or more

    def _hourly(self, till: Till, now: datetime) -> dict[str, Callable[[], object]]:
        """What the clock brings. Forgetting leans on no service."""
        prepared = {f"set up {number}": way.prepare for number, way in enumerate(self.rails.unprepared, start=1)}
        return {
            "forgetting": partial(_forget, now),
            "cards": partial(card_checks.check_cards, till, now),
            "notices": partial(notices.write_due, now),
            "disputes": partial(fuses.watch_disputes, now),
            "doors": partial(doors.watch, self.rails.looks, now),
            **prepared,
        }
