"""Answers to RCPT that say an address is no more. They count once the edition is done: before that a breaker may find
that they were about us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hectograph.letters.delivery import Delivery
from hectograph.letters.rows import Reader
from hectograph.newsroom.flows.windows import windows
from hectograph.post.outcomes import Outcome, State
from hectograph.post.reasons import Weight, of_both
from hectograph.post.verp import Named
from hectograph.readers import deliverability
from hectograph.readers.deliverability import Fault

_AT_ONCE = 500


class Refusals:
    """Those of one carrying. A killed sender forgets them, and the next edition's answers say the same."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[str, str]] = {}  # reader's row → number, enhanced status

    def note(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            reader = outcome.claim.payload
            if outcome.state is State.REJECTED and outcome.step == "rcpt" and isinstance(reader, Reader):
                self._told[outcome.claim.reader] = reader.number, outcome.status

    def weigh(self, edition: int, now: datetime) -> int:
        """Hold them against the addresses, as far as they still stand; returns how many."""
        told, self._told = self._told, {}
        counted = 0
        for part in map(dict, windows(told.items(), _AT_ONCE)):
            rows = Delivery.objects.filter(edition=edition, subscriber__in=list(part), state=State.REJECTED.value)
            for reader in rows.values_list("subscriber", flat=True):
                counted += _hold_against(edition, *part[reader], now)
        return counted


def _hold_against(edition: int, number: str, status: str, now: datetime) -> bool:
    reason = of_both("", status)
    if reason.weight is not Weight.HARD:
        return False
    deliverability.came_back(Named(edition, number), Fault(reason, status, sure=True), now)
    return True
