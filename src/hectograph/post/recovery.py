"""What became of the mails that a dead sender had in hand: decided by its journal, never by the clock.

                                      same boot     other boot, or no journal
    the relay's answer                apply         apply
    INTENT alone                      UNCERTAIN     UNCERTAIN
    in hand, and nothing written      READY         UNCERTAIN (READY after a strict journal)

In the last row of the same boot the final dot was never written, and half a text can't be accepted; where dots waited
for the disk, that holds after a power cut, too. A lease that ran
out allows nothing by itself: only the lock of a journal says that its owner is dead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hectograph.post.journal import Book, DeadHand, Key, Kind
from hectograph.post.outcomes import Claim, Outcome, State
from hectograph.post.storage import Lease, Storage


@dataclass(frozen=True)
class Found:
    """What a start found of those before: `waits` are rows in the hands of a sender that still lives."""

    applied: int = 0
    ready: int = 0
    uncertain: int = 0
    waits: int = 0


def judge(edition: int, leases: Iterable[Lease], book: Book | None, boot: str) -> list[Outcome]:
    """The table above, row by row."""
    trusted = book is not None and book.whole and (book.strict or (bool(boot) and book.boot == boot))
    entries = book.entries if book else {}
    made = []
    for lease in leases:
        claim = Claim(lease.reader, lease.epoch)
        entry = entries.get(Key(edition, lease.reader, lease.epoch))
        if entry is None:
            made.append(Outcome(claim, State.READY if trusted else State.UNCERTAIN))
        elif entry.kind is Kind.ANSWER:
            made.append(Outcome(claim, entry.state, entry.code, step="dot"))
        else:
            made.append(Outcome(claim, State.UNCERTAIN, step="dot"))
    return made


def recover(edition: int, storage: Storage, folder: Path, boot: str) -> Found:
    """Settle what senders before this one left in hand."""
    by_worker: dict[int, list[Lease]] = {}
    for lease in storage.in_doubt():
        by_worker.setdefault(lease.worker, []).append(lease)
    states: list[State] = []
    waits = 0
    for worker, leases in by_worker.items():
        hand = DeadHand(folder, worker)
        try:
            if hand.alive:
                waits += len(leases)
                continue
            outcomes = judge(edition, leases, hand.book, boot)
            storage.judge(worker, outcomes)
            states += [outcome.state for outcome in outcomes]
            hand.bury()
        finally:
            hand.close()
    ready, uncertain = states.count(State.READY), states.count(State.UNCERTAIN)
    return Found(len(states) - ready - uncertain, ready, uncertain, waits)
