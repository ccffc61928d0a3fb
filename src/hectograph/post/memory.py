"""An edition's rows in memory: the twin of the tables, for tests and for trying the engine alone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hectograph.post.outcomes import FINAL, OPEN, Claim, Outcome, State
from hectograph.post.storage import Lease, Order, Wish


@dataclass
class Row:
    state: State = State.READY
    epoch: int = 0
    worker: int = 0
    attempt: int = 0
    not_before: float = 0.0
    code: int = 0


@dataclass
class Shelf:
    """What all workers of an edition share."""

    rows: dict[int, Row]
    gone: set[int] = field(default_factory=set)  # readers who left since
    order: Order = field(default_factory=lambda: Order(Wish.SEND))
    reason: str = ""
    done: bool = False
    expires_at: float = float("inf")


class MemoryStorage:
    """`clock` tells seconds, as `Shelf.expires_at` does."""

    def __init__(self, shelf: Shelf, worker: int, clock: Callable[[], float] = time.time) -> None:
        self.shelf, self.worker, self._clock = shelf, worker, clock

    def claim(self, most: int) -> list[Claim]:
        taken: list[Claim] = []
        for reader, row in self.shelf.rows.items():
            if len(taken) >= most:
                break
            if row.state is not State.READY:
                continue
            if reader in self.shelf.gone:
                row.state = State.SUPPRESSED
                continue
            row.state, row.epoch, row.worker = State.LEASED, row.epoch + 1, self.worker
            taken.append(Claim(reader, row.epoch, row.attempt))
        return taken

    def settle(self, outcomes: Sequence[Outcome]) -> int:
        return self.judge(self.worker, outcomes)

    def judge(self, worker: int, outcomes: Sequence[Outcome]) -> int:
        return sum(self._settle(worker, outcome) for outcome in outcomes)

    def _settle(self, worker: int, outcome: Outcome) -> bool:
        row = self.shelf.rows[outcome.claim.reader]
        if (row.state, row.epoch, row.worker) != (State.LEASED, outcome.claim.epoch, worker):
            return False
        row.state, row.code = outcome.state, outcome.code
        if outcome.state is State.DEFERRED:
            row.attempt, row.not_before = row.attempt + 1, self._clock() + outcome.delay
        return True

    def reopen(self, readers: Sequence[int]) -> int:
        rows = [self.shelf.rows[reader] for reader in readers if self.shelf.rows[reader].state is State.REJECTED]
        for row in rows:
            row.state = State.READY
        return len(rows)

    def in_doubt(self) -> list[Lease]:
        rows = self.shelf.rows.items()
        found = [(reader, row) for reader, row in rows if row.state is State.LEASED and row.worker != self.worker]
        return [Lease(reader, row.epoch, row.worker) for reader, row in found]

    def wake(self) -> int:
        now = self._clock()
        for row in self.shelf.rows.values():
            if row.state is State.DEFERRED and now >= self.shelf.expires_at:
                row.state = State.EXPIRED
            elif row.state is State.DEFERRED and row.not_before <= now:
                row.state = State.READY
        return sum(row.state is State.DEFERRED for row in self.shelf.rows.values())

    def order(self) -> Order:
        return self.shelf.order

    def trip(self, reason: str) -> None:
        self.shelf.order, self.shelf.reason = Order(Wish.PAUSE), reason

    def tally(self) -> Mapping[State, int]:
        return Counter(row.state for row in self.shelf.rows.values())

    def finish(self) -> bool:
        counts = self.tally()
        whole = sum(counts.get(state, 0) for state in FINAL) == len(self.shelf.rows)
        self.shelf.done = whole and not any(counts.get(state, 0) for state in OPEN)
        return self.shelf.done
