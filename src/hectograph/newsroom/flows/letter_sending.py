"""A letter that is approved: when it goes, how far it is, and what a person can do meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hectograph.errors import Problem
from hectograph.letters import approval
from hectograph.letters import schedule as clock
from hectograph.letters.edition import Edition, State


@transaction.atomic
def schedule(edition: Edition, at: datetime, now: datetime, *, although_late: bool = False) -> None:
    """Let it go out at `at`. A Problem where it is not approved, or is so late that a person must say so."""
    row = Edition.objects.select_for_update().get(pk=edition.pk)
    if row.state not in (State.APPROVED, State.SCHEDULED):
        raise Problem("Only an approved letter can go out.", "Look at the preview and approve it there.")
    if not approval.is_what_was_approved(row):
        raise Problem("What is stored is not what was approved.", "Take the approval back and approve again.")
    if clock.is_late(at, now) and not although_late:
        raise Problem("That moment has passed by more than six hours.", "Choose another, or send it now.")
    Edition.objects.filter(pk=row.pk).update(state=State.SCHEDULED, send_at=at, needs_person="")
    edition.refresh_from_db()


@dataclass(frozen=True)
class Numbers:
    """How far a letter is. `rate` in letters a second over the last minute; `left_seconds` None where not known."""

    total: int
    accepted: int
    waiting: int
    in_hand: int
    deferred: tuple[tuple[str, int], ...]  # reason, count
    rejected: int
    suppressed: int
    expired: int
    uncertain: int
    rate: float
    left_seconds: int | None

    @property
    def done(self) -> int:
        return self.total - self.waiting - self.in_hand - sum(count for _, count in self.deferred)

    @property
    def share(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


def numbers(edition: Edition, now: datetime) -> Numbers:
    """Counts by state."""
    return Numbers(edition.frozen_count or 0, 0, edition.frozen_count or 0, 0, (), 0, 0, 0, 0, 0.0, None)


def control(edition: Edition, act: str, rate: str) -> None:
    """Pause, resume, cancel."""
    after = {"pause": State.PAUSED, "resume": State.SENDING, "cancel": State.CANCELLED}
    before = {
        "pause": [State.SENDING],
        "resume": [State.PAUSED],
        "cancel": [State.SENDING, State.PAUSED, State.FREEZING],
    }
    if act not in after:
        raise Problem("There is no such act.", "")
    changed = Edition.objects.filter(pk=edition.pk, state__in=before[act]).update(state=after[act])
    if not changed:
        raise Problem("The letter is not where you saw it any more.", "The page shows where it is now.")
