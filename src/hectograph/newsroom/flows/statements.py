"""A bank's statement, read in memory: what came under our references is booked, and the contribution has what came.

statement → lines (five values each) → movements → books → contributions
             └ looked at first, in the admin: nothing is booked, and the lines of ours wait in the page itself
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hectograph.money import Money
from hectograph.newsroom.flows.windows import windows
from hectograph.payments.port import Movement
from hectograph.payments.processors.transfer import statement
from hectograph.payments.processors.transfer.account import Account
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.payments.processors.transfer.lines import Line
from hectograph.payments.processors.transfer.service import NUMBERED, Transfer
from hectograph.support.booking import book
from hectograph.support.books import LedgerEntry, LedgerTxn
from hectograph.support.contribution import Contribution, State
from hectograph.support.ledger import Account as Role
from hectograph.support.sweep import measure_silence
from hectograph.support.sweep_row import SweepCursor

_AT_ONCE = 500  # values in one question
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """How many `lines` a statement has, how many are `ours` by their reference, how many of those were `new` in the
    books, and how many are under references that no contribution has (`unknown`)."""

    lines: int
    ours: int
    new: int
    unknown: int


@dataclass(frozen=True)
class Match:
    """A line under a reference of ours: whether a contribution waits for it, and whether it is in the books already."""

    line: Line
    is_known: bool
    is_booked: bool


def look(account: Account, raw: bytes, layout: Layout) -> tuple[int, list[Match]]:
    """How many lines a statement has, and those of ours; books nothing. StatementRefused as of `take`."""
    lines = statement.read(raw, account, layout)
    ours = [line for line in lines if line.reference]
    known = set(_found(Contribution.objects.filter(processor=Transfer.name), "ref", [line.reference for line in ours]))
    refs = [f"{Transfer.name}:{line.hash}" for line in ours]
    booked, doubled = set(_found(LedgerTxn.objects.all(), "ref", refs)), _doubled(ours)
    pairs = zip(ours, refs, strict=True)
    return len(lines), [
        Match(line, line.reference in known, ref in booked or line.hash in doubled) for line, ref in pairs
    ]


def _found(rows: QuerySet[Any], name: str, values: Sequence[str]) -> Iterator[str]:
    """Those of `values` that stand in `rows`, asked for in parts that any database takes."""
    for part in windows(values, _AT_ONCE):
        yield from rows.filter(**{f"{name}__in": part}).values_list(name, flat=True)


def _doubled(ours: Sequence[Line]) -> set[str]:
    """Hashes of lines that the books have from a statement of the other form, which numbers its bookings otherwise: of
    the same reference, day and amount. One for one, so that two gifts alike stay two."""
    own, there = {line.hash for line in ours}, Counter[tuple[str, date, Money, bool]]()
    booked = LedgerEntry.objects.filter(txn__rail=Transfer.name, account__role=Role.PROCESSOR)
    facts = ("txn__payment", "txn__at", "minor", "account__currency", "txn__own_kind", "txn__source")
    references = sorted({line.reference for line in ours})
    for part in windows(references, _AT_ONCE):
        rows = booked.filter(txn__payment__in=part).values_list(*facts)
        for payment, at, minor, code, kind, mark in rows:
            there[payment, at.date(), Money(minor, code), kind == NUMBERED] += mark not in own
            own.discard(mark)
    doubled = set()
    for line in ours:
        other = (line.reference, line.on, line.money, not line.is_numbered)
        if line.hash in own and there[other]:
            there[other] -= 1
            doubled.add(line.hash)
    return doubled


def take(account: Account, raw: bytes, layout: Layout, now: datetime) -> Taken:
    """Book a statement of `account`. Again, or overlapping another, it books what is not there yet. StatementRefused,
    and nothing booked, where it can't be read exactly."""
    return enter(account, statement.read(raw, account, layout), now)


@transaction.atomic
def enter(account: Account, lines: Sequence[Line], now: datetime) -> Taken:
    """Book lines that were read before."""
    rail = Transfer(account, lines)
    moved = list(rail.list_money(_EVER))
    known = {row.ref: row for row in Contribution.objects.filter(processor=rail.name, ref__in=_came(moved))}
    _correct(known, moved)
    doubled = _doubled([line for line in lines if line.reference])
    booked = book(rail.name, [movement for movement in moved if movement.id not in doubled])
    SweepCursor.objects.update_or_create(rail=rail.name, defaults={"booked_at": now})
    measure_silence(rail.name)
    return Taken(len(lines), len(moved), booked.new, sum(movement.payment not in known for movement in moved))


def _came(moved: Sequence[Movement]) -> dict[str, Money]:
    """What came under each reference, all of it together, in the currency of its first."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for movement in moved:
        if movement.amount > 0:
            sums[movement.payment][movement.currency] += movement.amount
    return {ref: Money(minor, code) for ref, each in sums.items() for code, minor in list(each.items())[:1]}


def _correct(known: Mapping[str, Contribution], moved: Sequence[Movement]) -> None:
    """People send another sum than they chose: the contribution has what came, not what was meant."""
    for ref, money in _came(moved).items():
        row = known.get(ref)
        if row is not None and row.state == State.CREATED:
            day = min(movement.created for movement in moved if movement.payment == ref).date()
            Contribution.objects.filter(pk=row.pk).update(minor=money.minor, currency=money.currency, day=day)
