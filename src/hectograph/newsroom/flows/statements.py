"""A bank's statement, read in memory: what came under our references is booked, and the contribution has what came.

statement → lines (five values each) → movements → books → contributions
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from hectograph.money import Money
from hectograph.payments.port import Movement
from hectograph.payments.processors.transfer import statement
from hectograph.payments.processors.transfer.account import Account
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.payments.processors.transfer.service import Transfer
from hectograph.support.booking import book
from hectograph.support.contribution import Contribution, State

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Taken:
    """How many `lines` a statement has, how many are `ours` by their reference, how many of those were `new` in the
    books, and how many are under references that no contribution has (`unknown`)."""

    lines: int
    ours: int
    new: int
    unknown: int


@transaction.atomic
def take(account: Account, raw: bytes, layout: Layout) -> Taken:
    """Book a statement of `account`. Again, or overlapping another, it books what is not there yet. StatementRefused,
    and nothing booked, where it can't be read exactly."""
    lines = statement.read(raw, account, layout)
    rail = Transfer(account, lines)
    moved = list(rail.list_money(_EVER))
    known = {row.ref: row for row in Contribution.objects.filter(processor=rail.name, ref__in=_came(moved))}
    _correct(known, moved)
    booked = book(rail.name, moved)
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
