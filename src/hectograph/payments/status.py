"""What became of a payment, in a word: from the newsroom to the desk's page under an unguessable id. Names nobody.

The newsroom tells it (`desk` keeps it in memory until it was shown), so both sides mean the same by each word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")
LONGEST = 4_000  # characters of all words together
KEPT = 86_400  # seconds after `until` of an envelope for which the newsroom tells what became of it, at the least


class State(StrEnum):
    """What a page says. Of `UNDER_WAY` and `UNKNOWN` alone it is not known whether money moves."""

    UNDER_WAY = "under-way"  # the newsroom has it; the bank may be asked any moment
    PAID = "paid"  # words: `manage`, the link's token, where it is a plan
    PROCESSING = "processing"  # a debit on its way: days
    ACTION = "action"  # the bank asks its customer; words: `secret`, for the processor's script
    DECLINED = "declined"  # words: `reason`, one of DECLINES; nothing charged, another card may do
    REFUSED = "refused"  # nothing charged; words: `asked`, a NotAsAgreed, where a bank was already
    CAUTION = "caution"  # a country where giving can bring trouble: asked once more; nothing charged yet
    EXPIRED = "expired"  # too late, or the newsroom was away; nothing charged, and nothing will be
    CLOSED = "closed"  # this way of paying is closed for now; nothing charged
    ALREADY = "already"  # this intent was paid, or is being paid, by another press
    UNKNOWN = "unknown"  # the service did not say; the newsroom finds out and tells
    TRANSFER = "transfer"  # words: `reference` and the account; the payer's bank does the rest
    PLAN = "plan"  # words: what a manage page shows
    DONE = "done"  # a wish on a manage page came true; words: `what`
    FAILED = "failed"  # a wish could not be done; words: `reason`; nothing was changed
    SHOWN = "shown"  # its page was shown, and what it said is forgotten; no words


class NotAsAgreed(StrEnum):
    """What was not as agreed, and came out only once a bank was asked."""

    COUNTRY = "country"
    CAUTION = "caution"
    TERMS = "terms"  # the amount, or its currency


DECLINES = ("funds", "expired", "challenge", "card", "limit", "try-later")  # no service's own words reach a page
FINAL = frozenset(State) - {State.UNDER_WAY, State.ACTION, State.UNKNOWN}  # nothing follows under the same id
CERTAINLY_UNPAID = frozenset((State.DECLINED, State.REFUSED, State.CAUTION, State.EXPIRED, State.CLOSED))


@dataclass(frozen=True, slots=True)
class Status:
    """`id` is the desk's own, unguessable. `until` is when the desk forgets it, in seconds since 1970."""

    id: str
    state: State
    until: int
    words: Mapping[str, str] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        return {"id": self.id, "state": self.state.value, "until": self.until, "words": dict(self.words)}


def read(row: Any) -> Status:
    """The status in `row` (of `as_row`, by JSON); ValueError where it is none."""
    try:
        words = {str(name): str(value) for name, value in dict(row["words"]).items()}
        status = Status(str(row["id"]), State(row["state"]), int(row["until"]), words)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no status") from error
    if not _ID.fullmatch(status.id) or sum(len(name) + len(value) for name, value in words.items()) > LONGEST:
        raise ValueError("no status")
    return status
