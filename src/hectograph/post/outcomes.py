"""What becomes of a reader's copy. Every reader of an edition ends in one of the final states.

A claim, a mail and an outcome are made for each reader: plain tuples, which are made in a third of the time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class State(IntEnum):
    """Stored as small numbers."""

    READY = 0  # waits
    LEASED = 1  # a sender has it in hand
    ACCEPTED = 2  # the relay took it
    REJECTED = 3  # the relay refused it for good, or the address can't be written to
    DEFERRED = 4  # not now; waits for its next time
    SUPPRESSED = 5  # the reader left, or takes no mail, since the audience was written down
    EXPIRED = 6  # put off too often: the letter is old
    UNCERTAIN = 7  # it was on its way when the connection or the sender died: only the relay knows
    WITHDRAWN = 8  # the edition was cancelled before it reached them


FINAL = frozenset({State.ACCEPTED, State.REJECTED, State.SUPPRESSED, State.EXPIRED, State.UNCERTAIN, State.WITHDRAWN})
OPEN = frozenset(set(State) - FINAL)


class Claim(NamedTuple):
    """A reader's copy in hand. `epoch` counts how often it was taken in hand: an answer to an older one counts nothing.
    `attempt` counts how often the relay has put it off.

    `payload` is whatever the storage's owner needs to write to the reader; this room does not look at it.
    """

    reader: int
    epoch: int
    attempt: int = 0
    payload: object = None


class Mail(NamedTuple):
    """A copy to be handed over. `sender` is the return path. `data` comes in pieces, most of which all copies share; it
    ends with CRLF, without the closing dot."""

    claim: Claim
    sender: str
    to: str
    data: Sequence[bytes]


class Outcome(NamedTuple):
    """`code` is the relay's, 0 where it gave none; `status` the enhanced one (RFC 3463). `step` says at which command:
    mail, rcpt, data or dot. `delay` is in seconds, for DEFERRED."""

    claim: Claim
    state: State
    code: int = 0
    status: str = ""
    step: str = ""
    delay: float = 0.0
