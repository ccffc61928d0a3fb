"""Carries one edition to its readers: rows are claimed, made into mails, handed over, and settled in batches.

    claim → prepare → queue ═► carriers (one a connection) ═► outcomes → settle → journal forgets

At most three batches are in memory. Whatever stops it (a wish, a breaker, a full disk), what is queued goes back to
READY, what is under way gets its answer, and the journal keeps what the database does not take.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from hectograph.errors import Problem
from hectograph.post.breakers import Breakers
from hectograph.post.carrying import Carrier
from hectograph.post.journal import EditionInk
from hectograph.post.outcomes import Claim, Mail, Outcome, State
from hectograph.post.relay import RelayProblem
from hectograph.post.smtp import Broken, Session
from hectograph.post.storage import Storage, Wish
from hectograph.post.throttle import Throttle

T = TypeVar("T")
Prepare = Callable[[list[Claim]], Awaitable[Sequence[Mail | Outcome]]]
Dial = Callable[[], Awaitable[Session]]
RETRIES = (300.0, 900.0, 3600.0, 14400.0)  # seconds; the last one again and again, until the letter is old


@dataclass(frozen=True)
class Shape:
    """How it works: numbers of mails, and seconds."""

    connections: int = 8
    batch: int = 500
    a_connection: int = 800  # mails, then a new one
    settle_every: float = 0.25
    look_every: float = 0.25  # at what people wish
    wake_every: float = 5.0
    sync_every: float = 0.05
    backoff: float = 1.0  # after a failed connect, doubled up to a minute
    patience: float = 30.0  # for answers under way when it is told to stop


class End(Enum):
    DONE = "done"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    YIELDED = "yielded"  # an alert goes first
    STOPPED = "stopped"  # the process is told to end
    TROUBLE = "trouble"  # this machine can't go on: `Engine.trouble` says why


class Engine:
    """One edition's run. Made and used within one event loop."""

    def __init__(
        self, storage: Storage, prepare: Prepare, dial: Dial, ink: EditionInk, throttle: Throttle, shape: Shape
    ) -> None:
        self.storage, self.prepare, self.dial, self.ink = storage, prepare, dial, ink
        self.throttle, self.shape = throttle, shape
        self.trouble = ""
        self.handed = 0
        self.end: End | None = None
        self._breakers = Breakers()
        self._queue: deque[Mail] = deque()
        self._outcomes: list[Outcome] = []
        self._sessions: set[Session] = set()
        self._rows = ThreadPoolExecutor(1, "rows")  # one thread: one database connection
        self._bell: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tripping = ""

    async def run(self) -> End:
        """Until the edition is done or something stops it."""
        carriers = [asyncio.create_task(self._carrier(number)) for number in range(self.shape.connections)]
        feeders = [asyncio.create_task(self._feed()) for _ in range(2)]  # one claims while the other's are opened
        helpers = [*feeders, *(asyncio.create_task(work()) for work in (self._settle_on, self._look, self._sync))]
        for task in (*carriers, *helpers):
            task.add_done_callback(self._over)
        try:
            while self.end is None:
                await self._rest(3600.0)
            await self._wind_up(feeders)
        finally:
            for task in (*carriers, *helpers):
                task.cancel()
            await asyncio.gather(*carriers, *helpers, return_exceptions=True)
        await self._last_words()
        self._rows.shutdown(wait=False)
        return self.end

    def _over(self, task: asyncio.Task[None]) -> None:
        """One of its tasks that broke would leave the letter standing still, and nobody would hear of it."""
        if not task.cancelled() and (error := task.exception()) is not None and self.end is None:
            self.trouble = f"The sender broke ({type(error).__name__})."
            self._halt(End.TROUBLE)

    def stop(self) -> None:
        """Told to end: no further mail goes out."""
        self._halt(End.STOPPED)

    # --- what carriers take from and give to -------------------------------------------------------------------------

    def ready(self) -> Mail | None:
        if self.end is not None or not self._queue or self.throttle.take() > 0.0:
            return None
        return self._queue.popleft()

    async def following(self) -> Mail | None:
        """Waits at most a moment with nothing to do: an idle connection is better closed."""
        idle_until = time.monotonic() + 2.0
        while self.end is None:
            wait = 0.25
            if self._queue:
                wait = self.throttle.take()
                if wait <= 0.0:
                    return self._queue.popleft()
            elif time.monotonic() > idle_until:
                return None
            await self._rest(min(wait, 0.25))
        return None

    def heard(self, outcome: Outcome) -> None:
        if outcome.state is State.DEFERRED:
            delay = RETRIES[min(outcome.claim.attempt, len(RETRIES) - 1)]
            outcome = Outcome(outcome.claim, State.DEFERRED, outcome.code, outcome.status, outcome.step, delay)
        self._outcomes.append(outcome)
        if outcome.code:
            self.handed += 1
            self.throttle.heard(put_off=400 <= outcome.code < 500)
        if reason := self._breakers.heard(outcome):
            self._tripping = self._tripping or reason
            self._halt(End.PAUSED)

    # --- its tasks ---------------------------------------------------------------------------------------------------

    async def _carrier(self, number: int) -> None:
        failures = 0
        while self.end is None:
            if not self._queue:
                await self._rest(0.25)
                continue
            try:
                session = await self.dial()
            except RelayProblem as problem:
                self.trouble = problem.message
                failures += 1
                pause = min(60.0, self.shape.backoff * 2 ** min(failures, 6)) * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load, keeps no secret)
                await self._rest_until(pause)
                continue
            failures = 0
            self.trouble = ""
            await self._use(session)

    async def _use(self, session: Session) -> None:
        self._sessions.add(session)
        try:
            await Carrier(session, self, self.ink, self.heard).carry(self.shape.a_connection)
        except Broken:
            pass  # what was under way has been told of; the next session goes on
        except OSError:
            self.trouble = "The journal can't be written: the disk is full or broken."
            self._halt(End.TROUBLE)
        finally:
            self._sessions.discard(session)
            if not session.wire.broken:
                session.close()

    async def _feed(self) -> None:
        woken = time.monotonic()
        left = await self._db(self.storage.wake)
        while self.end is None:
            if len(self._queue) >= self._wanted():
                await self._rest(0.02)
                continue
            claims = await self._db(lambda: self.storage.claim(self._wanted()))
            if claims:
                await self._take_in(claims)
                continue
            if time.monotonic() - woken >= self.shape.wake_every or not left:
                left, woken = await self._db(self.storage.wake), time.monotonic()
            if not left and await self._finished():
                return
            await self._rest(0.1)

    def _wanted(self) -> int:
        """A batch; less where the rate is low, so that few are in hand when someone leaves or pauses."""
        pace = self.throttle.pace()
        slow = pace and self.throttle.limited
        return max(1, min(self.shape.batch, int(pace * 2))) if slow else self.shape.batch

    async def _take_in(self, claims: list[Claim]) -> None:
        if self.end is not None:
            self._outcomes += [Outcome(claim, State.READY) for claim in claims]
            return
        try:
            made = await self.prepare(claims)
        except Exception as error:  # noqa: BLE001 (whatever it is: whom nobody wrote to, nobody has in hand)
            self.trouble = str(error) if isinstance(error, Problem) else f"No mails are made ({type(error).__name__})."
            self._outcomes += [Outcome(claim, State.READY) for claim in claims]
            self._halt(End.TROUBLE)
            return
        for item in made:
            if isinstance(item, Mail):
                self._queue.append(item)
            else:
                self._outcomes.append(item)
        self._ring()

    async def _finished(self) -> bool:
        if self._queue or self._outcomes or not await self._db(self.storage.finish):
            return False
        self._halt(End.DONE)
        return True

    async def _settle_on(self) -> None:
        while True:
            await self._settle()
            await asyncio.sleep(self.shape.settle_every)

    async def _settle(self) -> None:
        """Commit what was heard, then let the journal forget it; both can be done again."""
        batch = self._outcomes[:]
        if batch:
            await self._db(lambda: self.storage.settle(batch))
            del self._outcomes[: len(batch)]
            self.ink.journal.forget(self.ink.key(outcome.claim) for outcome in batch)

    async def _look(self) -> None:
        """At what people wish, several times a second."""
        while self.end is None:
            order = await self._db(self.storage.order)
            self.throttle.set_rate(order.rate)
            if order.wish is Wish.PAUSE:
                self._halt(End.PAUSED)
            elif order.wish is Wish.CANCEL:
                self._halt(End.CANCELLED)
            elif order.yields:
                self._halt(End.YIELDED)
            await self._rest(self.shape.look_every)

    async def _sync(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.shape.sync_every)
            await loop.run_in_executor(None, self.ink.journal.sync)

    async def _wind_up(self, feeders: list[asyncio.Task[None]]) -> None:
        """What is queued goes back; what is under way gets its answer, or its connection is cut."""
        until = time.monotonic() + self.shape.patience
        await asyncio.wait(feeders, timeout=self.shape.patience)
        self._outcomes += [Outcome(mail.claim, State.READY) for mail in self._queue]
        self._queue.clear()
        while self._sessions and time.monotonic() < until:
            await asyncio.sleep(0.01)
        for session in list(self._sessions):
            session.wire.abort()
        while self._sessions:
            await asyncio.sleep(0.01)

    async def _last_words(self) -> None:
        if self.end is not End.TROUBLE or not self.trouble.startswith("The database"):
            await self._settle()
        if self._tripping:
            blameless = self._breakers.blameless()
            await self._db(lambda: self.storage.reopen(blameless))
            await self._db(lambda: self.storage.trip(self._tripping))

    # --- small things ------------------------------------------------------------------------------------------------

    async def _db(self, work: Callable[[], T]) -> T:
        """Ask the storage; where it fails, again and again for as long as anyone waits for mails."""
        for pause in (0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0):
            try:
                return await asyncio.get_running_loop().run_in_executor(self._rows, work)
            except Problem:
                raise
            except Exception as error:  # noqa: BLE001 (a database's own kinds are not known here)
                self.trouble = f"The database does not answer ({type(error).__name__})."
                await asyncio.sleep(pause)
        self._halt(End.TROUBLE)
        raise Problem(self.trouble, "Nothing is lost: start the sender again when it is back.")

    def _halt(self, end: End) -> None:
        self.end = self.end or end
        self._ring()

    def _ring(self) -> None:
        bell, self._bell = self._bell, asyncio.get_running_loop().create_future()
        if not bell.done():
            bell.set_result(None)

    async def _rest(self, seconds: float) -> None:
        """Until something changes, or for `seconds`."""
        await asyncio.wait([self._bell], timeout=seconds)

    async def _rest_until(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.end is None and (left := until - time.monotonic()) > 0:
            await self._rest(min(left, 1.0))
