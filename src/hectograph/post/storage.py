"""What the engine asks of whoever keeps an edition's rows. Each call is one transaction; none is made of it twice at
once. Implemented in SQL by `letters`, and in memory (`memory`); the same contract tests run on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hectograph.post.outcomes import Claim, Outcome, State


class Wish(Enum):
    """What people want of an edition now."""

    SEND = "send"
    PAUSE = "pause"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Order:
    """`rate` is mails a second, 0 for as fast as the relay allows. `yields` where an alert waits to go first."""

    wish: Wish
    rate: float = 0.0
    yields: bool = False


@dataclass(frozen=True)
class Lease:
    reader: int
    epoch: int
    worker: int


class Storage(Protocol):
    """One edition's rows, for one worker."""

    def claim(self, most: int) -> list[Claim]:
        """Take up to `most` readers in hand. Those who left since the audience was written down become SUPPRESSED."""

    def settle(self, outcomes: Sequence[Outcome]) -> int:
        """Write down what became of claims, each where it is still in this worker's hand under that epoch; returns how
        many were. Settling twice is settling once."""

    def judge(self, worker: int, outcomes: Sequence[Outcome]) -> int:
        """The same, for what a dead worker left in hand."""

    def reopen(self, readers: Sequence[int]) -> int:
        """REJECTED becomes READY: it was our fault."""

    def in_doubt(self) -> list[Lease]:
        """What other workers have in hand."""

    def wake(self) -> int:
        """DEFERRED whose time has come become READY, and EXPIRED where the letter is old; returns how many wait on."""

    def order(self) -> Order: ...

    def trip(self, reason: str) -> None:
        """Pause the edition for `reason`, until a person resumes it."""

    def tally(self) -> Mapping[State, int]: ...

    def finish(self) -> bool:
        """Mark the edition done if every reader has a final state and they add up to those written down."""
