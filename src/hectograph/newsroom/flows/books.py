"""Books: what the services tell becomes rows, and every movement of money stands in the ledger.

webhook at a desk → sealed hint → inbox row → the thing it names is asked for anew → movements booked
        every hour: hints that got lost ─┘           every night: all of it once more, held against the balance
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from hectograph.payments.hooks import Hint
from hectograph.payments.port import Account, Plans, Processor, Rejected, ServiceProblem, Unclear, Unreachable
from hectograph.support import fuse, inbox, sweep
from hectograph.support.booking import book
from hectograph.support.inbox import InboxEvent
from hectograph.support.sweep_row import SweepCursor

AT_ONCE = 50  # hints
_EARLIER = timedelta(hours=1)  # a movement may be older than the event that tells of it
_OLDEST = timedelta(days=30)  # no hint makes us list more; the sweep does
_BOOK_EVERY = timedelta(minutes=1)  # while more hints wait; else at once
_POLL_EVERY, _POLL_OVERLAP, _POLL_FIRST = timedelta(hours=1), timedelta(hours=2), timedelta(days=3)
_SWEEP_AT = 3  # o'clock, by the newsroom's clock
_PATIENCE = 5  # tries of a hint, until a person is called: a silent service calls one by its books
_SWEEP_AGAIN = timedelta(minutes=15)

Deal = Callable[[str, Hint], None]  # asks for what a hint of a rail names and brings our rows up to it; may be repeated


@dataclass(frozen=True)
class Rail:
    """One service, as the cashier holds it: with what it can do besides taking payments."""

    processor: Processor
    account: Account | None = None
    plans: Plans | None = None

    @property
    def name(self) -> str:
        return self.processor.name


def put_hint(words: Mapping[str, str | int], now: datetime) -> None:
    """Keep the hint that a desk sealed: `processor`, `event`, `type`, `object`, `created`."""
    hint = Hint(str(words["event"]), str(words["type"]), str(words["object"]), int(words["created"]))
    inbox.take(str(words["processor"]), [hint], now)


def turn(rails: Sequence[Rail], deal: Deal, now: datetime) -> bool:
    """All that is due now; says whether there may be more to do at once. Every step can be repeated: a service that is
    down, or a crash, delays and loses nothing."""
    more = [step() is True for step in steps(rails, deal, now).values()]
    return any(more)


def steps(rails: Sequence[Rail], deal: Deal, now: datetime) -> dict[str, Callable[[], object]]:
    """The same in pieces by their names, to be done in this order: a piece that fails needs stop none behind it."""
    pieces: dict[str, Callable[[], object]] = {}
    for rail in rails:
        pieces |= {
            f"lost hints of {rail.name}": partial(poll, rail, now),
            f"hints of {rail.name}": partial(work_inbox, rail, deal, now),
            f"books of {rail.name}": partial(book_new, rail, now),
            f"sweep of {rail.name}": partial(sweep_tonight, rail, now),
        }
    return pieces


def work_inbox(rail: Rail, deal: Deal, now: datetime) -> bool:
    """Deal with some hints of `rail`; says whether more may wait. Where money may have moved since is noted for
    `book_new`: one list of movements serves many hints."""
    events = inbox.due(rail.name, now, AT_ONCE)
    if not events:
        return False
    dealt = [event for event in events if _dealt(event, deal, now)]
    since = max(min(event.created for event in events) - _EARLIER, now - _OLDEST)
    with transaction.atomic():
        cursor, _ = SweepCursor.objects.get_or_create(rail=rail.name)
        since = min(since, cursor.book_since or since)
        SweepCursor.objects.filter(rail=rail.name).update(book_since=since)
        inbox.done(dealt)
    return len(events) == AT_ONCE


def book_new(rail: Rail, now: datetime) -> None:
    """Book what moved since the oldest hint that is dealt with and not booked; once a minute, while more wait."""
    cursor, _ = SweepCursor.objects.get_or_create(rail=rail.name)
    since, booked_at = cursor.book_since, cursor.booked_at
    is_of_late = booked_at is not None and now - booked_at < _BOOK_EVERY
    if since is None or (is_of_late and inbox.due(rail.name, now, 1)):
        return
    try:
        book(rail.name, rail.processor.list_money(since))
    except ServiceProblem:
        return  # `book_since` stays, and the next turn asks again
    rows = SweepCursor.objects.filter(rail=rail.name)
    rows.update(booked_at=now)
    rows.filter(book_since__gte=since).update(book_since=None)


def poll(rail: Rail, now: datetime) -> None:
    """Once an hour, ask for hints that got lost on their way."""
    cursor, _ = SweepCursor.objects.get_or_create(rail=rail.name)
    if rail.account is None or (cursor.polled_at and now - cursor.polled_at < _POLL_EVERY):
        return
    since = cursor.polled_at - _POLL_OVERLAP if cursor.polled_at else now - _POLL_FIRST
    try:
        inbox.take(rail.name, rail.account.hints(since), now)
    except ServiceProblem:
        return  # asked again with the next turn, from the same time on
    SweepCursor.objects.filter(rail=rail.name).update(polled_at=now)


def sweep_tonight(rail: Rail, now: datetime) -> None:
    """Sweep, where tonight's sweep was not made yet; one that failed is made again a while later."""
    cursor, _ = SweepCursor.objects.get_or_create(rail=rail.name)
    if cursor.swept_at and cursor.swept_at >= _last_night(now):
        return
    if cursor.tried_at and now - cursor.tried_at < _SWEEP_AGAIN:
        return
    sweep.sweep(swept(rail), now)
    inbox.purge(now)


def swept(rail: Rail) -> sweep.SweptRail:
    """The rail as the sweep asks it."""
    return sweep.SweptRail(
        rail.name,
        rail.processor.list_money,
        rail.account.balance if rail.account else None,
        rail.plans.active_plans if rail.plans else None,
    )


def _dealt(event: InboxEvent, deal: Deal, now: datetime) -> bool:
    try:
        deal(event.rail, event.hint)
    except Rejected:  # there is no such thing, or none of ours: asking again would come to the same
        return True
    except Exception as error:  # noqa: BLE001 (whatever it is: it waits, and stops no hint behind it)
        inbox.failed(event, error, now)
        if event.attempts == _PATIENCE and not isinstance(error, (Unreachable, Unclear)):
            fuse.alarm("a notice can't be worked off", event.ref[:120], now)
        return False
    return True


def _last_night(now: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    tonight = now.astimezone(zone).replace(hour=_SWEEP_AT, minute=0, second=0, microsecond=0)
    return (tonight if tonight <= now else tonight - timedelta(days=1)).astimezone(UTC)
