"""Booking movements: into the ledger's rows by the batch, each movement once, whoever else books at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import Sum

from hectograph.payments.port import Movement
from hectograph.support import standing
from hectograph.support.books import LedgerAccount, LedgerEntry, LedgerTxn
from hectograph.support.ledger import Account, Txn, post

BATCH = 500


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
        LedgerEntry(txn_id=ref, account_id=_code(rail, entry.account, txn.movement.currency), minor=entry.minor)
        for ref, txn in txns.items()
        for entry in txn.entries
    ]
    LedgerEntry.objects.bulk_create(entries)
    LedgerTxn.objects.bulk_create([_row(rail, ref, txn.movement) for ref, txn in txns.items()])  # closes each set
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


def _row(rail: str, ref: str, movement: Movement) -> LedgerTxn:
    original = movement.original
    return LedgerTxn(
        ref=ref,
        rail=rail,
        kind=movement.kind,
        own_kind=movement.own_kind,
        at=movement.created,
        source=movement.source,
        payment=movement.payment,
        rate=movement.rate,
        original_minor=original.minor if original else None,
        original_currency=original.currency if original else "",
    )
