"""The nightly sweep: every movement of a rail is in the books, and the books hold what the service says it holds.

Hints may come late, twice or never; this is what makes the books true all the same. It lists again what moved lately
and books what is missing. If the sums still differ from the balance, it looks once more at the newest (money may have
moved between two questions), then at everything since the beginning; what differs then is told to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hectograph.payments.port import Kind, Movement, PlanTerms, ServiceProblem
from hectograph.support import standing
from hectograph.support.booking import Booked, book, held
from hectograph.support.books import LedgerTxn
from hectograph.support.plan_diff import apart
from hectograph.support.sweep_row import SweepCursor, SweepRun

OVERLAP = timedelta(days=7)
_NEWEST = timedelta(hours=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SweptRail:
    """What is asked of one rail: its movements since a time, what it holds (None: it holds nothing for us), and the
    plans that it charges (None: it knows none)."""

    name: str
    movements: Callable[[datetime], Iterator[Movement]]
    balance: Callable[[], Mapping[str, int]] | None = None
    plans: Callable[[], Iterator[PlanTerms]] | None = None


def sweep(rail: SweptRail, now: datetime) -> SweepRun:
    """Look the rail over and write down what was found. Stopped anywhere, it can simply be run again."""
    cursor, _ = SweepCursor.objects.get_or_create(rail=rail.name)
    SweepCursor.objects.filter(rail=rail.name).update(tried_at=now)
    since = cursor.movements_until - OVERLAP if cursor.movements_until else None
    run = SweepRun(rail=rail.name, at=now)
    try:
        _book_and_compare(rail, cursor, run)
        standing.settle_since(rail.name, since)
        _move_on(cursor, now)
        if rail.plans:
            run.plans_there, run.plans_here = apart(rail.name, rail.plans(), now)
    except ServiceProblem as problem:  # what was found until then stands
        run.error = type(problem).__name__
    run.save()
    return run


def differing(ours: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    """Ours less theirs, of currencies where they are not equal."""
    both = {currency: ours.get(currency, 0) - theirs.get(currency, 0) for currency in sorted({*ours, *theirs})}
    return {currency: minor for currency, minor in both.items() if minor}


def _book_and_compare(rail: SweptRail, cursor: SweepCursor, run: SweepRun) -> None:
    booked = Booked()
    for since in _looks(cursor):
        booked += book(rail.name, _noting(rail.movements(since(cursor)), cursor))
        ours, theirs = held(rail.name), dict(rail.balance()) if rail.balance else {}
        diff = differing(ours, theirs) if rail.balance else {}
        if not diff:
            break
    run.found, run.strange = booked.new, booked.strange
    run.ledger_balance, run.processor_balance, run.diff = ours, theirs, diff
    run.state = SweepRun.State.COUNTED if not rail.balance else SweepRun.State.UNEQUAL if diff else SweepRun.State.EQUAL


def _looks(cursor: SweepCursor) -> list[Callable[[SweepCursor], datetime]]:
    """From when to list, one look after the other until the sums agree. The newest is looked at twice: while everything
    is listed, more may move."""
    if cursor.movements_until is None:
        return [_everything, _newest]
    return [_lately, _newest, _everything, _newest]


def _everything(cursor: SweepCursor) -> datetime:
    return _BEGINNING


def _lately(cursor: SweepCursor) -> datetime:
    return cursor.movements_until - OVERLAP if cursor.movements_until else _BEGINNING


def _newest(cursor: SweepCursor) -> datetime:
    return cursor.movements_until - _NEWEST if cursor.movements_until else _BEGINNING


def _noting(movements: Iterable[Movement], cursor: SweepCursor) -> Iterator[Movement]:
    """The movements as they are; the cursor learns the newest of them."""
    for movement in movements:
        if cursor.movements_until is None or movement.created > cursor.movements_until:
            cursor.movements_until = movement.created
        yield movement


def _move_on(cursor: SweepCursor, now: datetime) -> None:
    """The sweep was whole: keep where it came to, and how long this rail was ever silent."""
    SweepCursor.objects.filter(rail=cursor.rail).update(movements_until=cursor.movements_until, swept_at=now)
    measure_silence(cursor.rail)


def measure_silence(rail: str) -> None:
    """Keep how many gifts came by `rail`, and how long it was ever silent between two of them."""
    charges, last, longest = 0, None, timedelta()  # the silence since the last is not over, and not counted
    times = LedgerTxn.objects.filter(rail=rail, kind=Kind.CHARGE).order_by("at").values_list("at", flat=True)
    for at in times.iterator(chunk_size=5_000):
        if last is not None:
            longest = max(longest, at - last)
        charges, last = charges + 1, at
    SweepCursor.objects.filter(rail=rail).update(charges=charges, longest_silence=longest)
