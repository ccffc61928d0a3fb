"""Booking movements: into the ledger's rows by the batch, each movement once, whoever else books at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from hectograph.payments.port import Movement
from hectograph.support import standing
from hectograph.support.books import LedgerAccount, LedgerEntry, LedgerTxn
from hectograph.support.ledger import Account, Txn, post

BATCH = 500
# Rows of a year's sweep go in by the batch, without a model's object for each: a quarter of the time.
_ENTRY = "INSERT INTO support_ledgerentry (txn_id, account_id, minor) VALUES (%s, %s, %s)"
_TXN = (
    "INSERT INTO support_ledgertxn (ref, rail, kind, own_kind, at, booked_at, source, payment, rate, original_minor, "
    "original_currency) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class Booked:
    """How many movements were new, and how many of those were not understood (suspense)."""

    new: int = 0
    strange: int = 0

    def __add__(self, other: Booked) -> Booked:
        return Booked(self.new + other.new, self.strange + other.strange)


def book(rail: str, movements: Iterable[Movement]) -> Booked:
    """Book what is not in the books yet; memory for one batch. Stopped anywhere, it can simply be run again."""
    walk, booked = iter(movements), Booked()
    while batch := list(islice(walk, BATCH)):
        try:
            booked += _book_batch(rail, batch)
        except IntegrityError:  # another process booked one of these between our look and our write
            booked += _book_batch(rail, batch)
    return booked


def held(rail: str) -> dict[str, int]:
    """What the service holds for us by the books, in minor units by currency."""
    sums = LedgerEntry.objects.filter(account__rail=rail, account__role=Account.PROCESSOR)
    return dict(sums.values_list("account__currency").annotate(Sum("minor")))


@transaction.atomic
def _book_batch(rail: str, batch: Sequence[Movement]) -> Booked:
    by_ref = {f"{rail}:{movement.id}": movement for movement in batch}
    known = set(LedgerTxn.objects.filter(ref__in=by_ref).values_list("ref", flat=True))
    txns = {ref: post(movement) for ref, movement in by_ref.items() if ref not in known}
    txns = {ref: txn for ref, txn in txns.items() if txn.entries}
    _open_accounts(rail, txns.values())
    entries = [
        (ref, _code(rail, entry.account, txn.movement.currency), entry.minor)
        for ref, txn in txns.items()
        for entry in txn.entries
    ]
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.executemany(_ENTRY, entries)
        cursor.executemany(_TXN, [_row(rail, ref, txn.movement, now) for ref, txn in txns.items()])  # closes each set
    standing.settle(rail, {txn.movement.payment for txn in txns.values()})
    return Booked(len(txns), sum(not txn.understood for txn in txns.values()))


def _open_accounts(rail: str, txns: Iterable[Txn]) -> None:
    wanted = {
        _code(rail, entry.account, txn.movement.currency): (entry.account, txn.movement.currency)
        for txn in txns
        for entry in txn.entries
    }
    known = set(LedgerAccount.objects.filter(code__in=wanted).values_list("code", flat=True))
    LedgerAccount.objects.bulk_create(
        LedgerAccount(code=code, role=role, rail=rail, currency=currency)
        for code, (role, currency) in wanted.items()
        if code not in known
    )


def _code(rail: str, account: Account, currency: str) -> str:
    return f"{account}:{rail}:{currency}"


def _row(rail: str, ref: str, movement: Movement, now: datetime) -> tuple[str | int | datetime | None, ...]:
    original, moment = movement.original, connection.ops.adapt_datetimefield_value
    return (
        ref,
        rail,
        movement.kind.value,
        movement.own_kind[:80],
        moment(movement.created),
        moment(now),
        movement.source,
        movement.payment,
        movement.rate[:30],
        original.minor if original else None,
        original.currency if original else "",
    )
