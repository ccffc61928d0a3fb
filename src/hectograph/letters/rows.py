"""An edition's rows in SQL, as `post.storage.Storage` asks for them. For PostgreSQL and SQLite.

A claim reads on from where the last one ended; that is for speed alone, and a claim that finds too few looks again from
the start. What guards against doing anything twice are the states: each change names the state it changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from django.db import close_old_connections, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from hectograph.letters.audience import WRITABLE
from hectograph.letters.delivery import Delivery, EditionEvent
from hectograph.letters.edition import Edition, Kind
from hectograph.letters.edition import State as EditionState
from hectograph.post.outcomes import FINAL, Claim, Outcome, State
from hectograph.post.storage import Lease, Order, Wish

OLD_AFTER = timedelta(hours=24)  # a letter that could not be delivered since then is no news any more
_FIRST = -(2**63)
_WISHES: dict[str, Wish] = {EditionState.SENDING: Wish.SEND, EditionState.CANCELLED: Wish.CANCEL}


class Reader(NamedTuple):
    """The payload of a claim: what it takes to write to a reader. The address is still sealed."""

    number: str
    language: str
    sealed: bytes


class DeliveryRows:
    """One edition's rows, for one worker. `now` tells the time in UTC."""

    def __init__(self, edition: int, worker: int, now: Callable[[], datetime] = timezone.now) -> None:
        self.edition, self.worker, self._now = edition, worker, now
        self._from = _FIRST

    def claim(self, most: int) -> list[Claim]:
        claims, seen = self._claim(most)
        if not seen and self._from != _FIRST:
            self._from = _FIRST
            claims, seen = self._claim(most)
        while seen and not claims:  # all of them have left: on to the next
            claims, seen = self._claim(most)
        return claims

    @transaction.atomic
    def _claim(self, most: int) -> tuple[list[Claim], int]:
        """Who was taken in hand, and how many rows were seen: those who have left become SUPPRESSED."""
        today = self._now().date().isoformat()
        words: dict[str, int | str] = {
            "edition": self.edition,
            "from": self._from,
            "most": most,
            "today": today,
            "worker": self.worker,
        }
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_TAKE, words)
                rows = sorted(cursor.fetchall(), key=itemgetter(7))
            else:
                cursor.execute(_LOOK, words)
                rows = cursor.fetchall()
                self._take(cursor, [row[8] for row in rows if not row[6]], State.SUPPRESSED)
                self._take(cursor, [row[8] for row in rows if row[6]], State.LEASED)
        if rows:
            self._from = rows[-1][7]
        made = [Claim(row[0], row[1], row[2], Reader(row[3], row[4], bytes(row[5]))) for row in rows if row[6]]
        return made, len(rows)

    def _take(self, cursor: CursorWrapper, places: list[int], state: State) -> None:
        """SQLite's second step; its transaction has been the only one that writes since it began."""
        if places:
            cursor.execute(
                "UPDATE letters_delivery SET state = %s, epoch = epoch + 1, worker = %s "
                "WHERE rowid IN (SELECT value FROM json_each(%s)) AND edition = %s AND state = 0",
                [state.value, self.worker, json.dumps(places), self.edition],
            )

    def settle(self, outcomes: Sequence[Outcome]) -> int:
        return self.judge(self.worker, outcomes)

    @transaction.atomic
    def judge(self, worker: int, outcomes: Sequence[Outcome]) -> int:
        now = self._now()
        rows = [_settled(outcome, now) for outcome in outcomes]
        if not rows:
            return 0
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_SETTLE_MANY, [*map(_array, zip(*rows, strict=True)), self.edition, worker])
            else:
                adapt = connection.ops.adapt_datetimefield_value
                cursor.executemany(
                    _SETTLE_ONE, [(*row[2:5], adapt(row[5]), self.edition, row[0], row[1], worker) for row in rows]
                )
            return int(cursor.rowcount)

    def reopen(self, readers: Sequence[int]) -> int:
        found = Delivery.objects.filter(edition=self.edition, subscriber__in=list(readers), state=State.REJECTED)
        return found.update(state=State.READY)

    def in_doubt(self) -> list[Lease]:
        rows = Delivery.objects.filter(edition=self.edition, state=State.LEASED).exclude(worker=self.worker)
        return [Lease(*row) for row in rows.values_list("subscriber", "epoch", "worker")]

    @transaction.atomic
    def wake(self) -> int:
        now = self._now()
        waiting = Delivery.objects.filter(edition=self.edition, state=State.DEFERRED)
        frozen = Edition.objects.values_list("frozen_at", flat=True).get(pk=self.edition)
        if frozen is not None and now - frozen > OLD_AFTER:
            waiting.update(state=State.EXPIRED)
        waiting.filter(not_before__lte=now).update(state=State.READY)
        return waiting.count()

    def order(self) -> Order:
        if not connection.in_atomic_block:
            close_old_connections()  # one that broke is made anew
        state, rate, kind = Edition.objects.values_list("state", "rate", "kind").get(pk=self.edition)
        return Order(_WISHES.get(state, Wish.PAUSE), rate, yields=kind != Kind.ALERT and alert_waits())

    @transaction.atomic
    def trip(self, reason: str) -> None:
        sending = Edition.objects.filter(pk=self.edition, state=EditionState.SENDING)
        if sending.update(state=EditionState.PAUSED, needs_person=reason[:200]):
            EditionEvent.objects.create(edition=self.edition, act="trip", note=reason[:300])

    def tally(self) -> Mapping[State, int]:
        return tally(self.edition)

    @transaction.atomic
    def finish(self) -> bool:
        open_rows = Delivery.objects.filter(edition=self.edition)
        if any(open_rows.filter(state=state).exists() for state in (State.READY, State.LEASED, State.DEFERRED)):
            return False
        counts = tally(self.edition)
        edition = Edition.objects.select_for_update().get(pk=self.edition)
        if sum(counts.get(state, 0) for state in FINAL) != edition.frozen_count:
            return False
        sending = Edition.objects.filter(pk=self.edition, state=EditionState.SENDING)
        return bool(sending.update(state=EditionState.DONE, done_at=self._now()))


_SEEN = f"d.attempt, s.number, s.language, s.sealed, ({WRITABLE}) AS writable, d.place"
_NEXT = (
    "FROM letters_delivery d LEFT JOIN readers_subscriber s ON s.id = d.subscriber "
    "WHERE d.edition = %(edition)s AND d.state = 0 AND d.place >= %(from)s ORDER BY d.place LIMIT %(most)s"
)
# Rows are found again by where they lie: by their keys the planner, which knows nothing yet of rows just made, would
# look through all that wait, at each claim.
_TAKE = (
    f"WITH next AS MATERIALIZED (SELECT d.ctid AS lies, {_SEEN} {_NEXT} FOR UPDATE OF d SKIP LOCKED) "
    f"UPDATE letters_delivery d SET state = CASE WHEN n.writable THEN {State.LEASED} ELSE {State.SUPPRESSED} END, "
    "epoch = d.epoch + 1, worker = %(worker)s FROM next n WHERE d.ctid = n.lies AND d.state = 0 "
    "RETURNING d.subscriber, d.epoch, d.attempt, n.number, n.language, n.sealed, n.writable, d.place"
)
_LOOK = f"SELECT d.subscriber, d.epoch + 1, {_SEEN}, d.rowid {_NEXT}"
_SETTLE_MANY = (
    "UPDATE letters_delivery d SET state = o.state, code = o.code, attempt = d.attempt + o.more, "
    "not_before = o.not_before FROM unnest(%s::bigint[], %s::int[], %s::smallint[], %s::smallint[], %s::smallint[], "
    "%s::timestamptz[]) AS o(subscriber, epoch, state, code, more, not_before) "
    "WHERE d.edition = %s AND d.subscriber = o.subscriber AND d.epoch = o.epoch AND d.state = 1 AND d.worker = %s"
)
_SETTLE_ONE = (
    "UPDATE letters_delivery SET state = %s, code = %s, attempt = attempt + %s, not_before = %s "
    "WHERE edition = %s AND subscriber = %s AND epoch = %s AND state = 1 AND worker = %s"
)


def _array(values: Iterable[int | datetime | None]) -> str:
    """A column for PostgreSQL, written out: the driver asks of each value anew how it is written."""
    return "{" + ",".join([_written(value) for value in values]) + "}"


def _written(value: int | datetime | None) -> str:
    if value is None:
        return "NULL"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _settled(outcome: Outcome, now: datetime) -> tuple[int, int, int, int, int, datetime | None]:
    put_off = outcome.state is State.DEFERRED
    later = now + timedelta(seconds=outcome.delay) if put_off else None
    claim = outcome.claim
    return claim.reader, claim.epoch, outcome.state.value, outcome.code, int(put_off), later


def tally(edition: int) -> dict[State, int]:
    """How many readers of an edition are in each state."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM letters_delivery WHERE edition = %s GROUP BY state", [edition])
        return {State(state): count for state, count in cursor.fetchall()}


def alert_waits() -> bool:
    """Whether an alert is on its way: it goes before any weekly letter."""
    states = [EditionState.FREEZING, EditionState.SENDING]
    return Edition.objects.filter(kind=Kind.ALERT, state__in=states).exists()
