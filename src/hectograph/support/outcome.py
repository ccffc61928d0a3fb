"""What became of a contribution after it was paid: given back, disputed. Read from the ledger's sums, so neither the
order nor the repetition of what the service tells matters."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from hectograph.payments.port import Kind
from hectograph.support.books import LedgerEntry, LedgerTxn
from hectograph.support.contribution import Contribution, State
from hectograph.support.ledger import Account

_AFTER = (Kind.REFUND, Kind.REFUND_FAILED, Kind.DISPUTE, Kind.DISPUTE_RETURNED)


def follow(since: datetime) -> int:
    """Bring contributions up to what was booked at `since` or later; returns how many were looked at."""
    txns = LedgerTxn.objects.filter(booked_at__gte=since, kind__in=[kind.value for kind in _AFTER])
    payments = set(txns.exclude(payment="").values_list("payment", flat=True))
    for row in Contribution.objects.filter(ref__in=payments, state__gte=State.PAID):
        _bring_up(row)
    return len(payments)


def _bring_up(row: Contribution) -> None:
    entries = LedgerEntry.objects.filter(txn__payment=row.ref, txn__rail=row.processor)
    sums = dict(entries.values_list("account__role").annotate(Sum("minor")))
    came, back = -sums.get(Account.CONTRIBUTIONS, 0), sums.get(Account.REFUNDS, 0)
    state = State.PAID
    if back > 0:
        state = State.REFUNDED if back >= came else State.REFUNDED_PART
    refunded = row.minor * back // came if came > 0 and back > 0 else 0  # the ledger may be in another currency
    disputed = sums.get(Account.DISPUTES, 0) > 0
    Contribution.objects.filter(pk=row.pk).update(state=state, refunded=min(refunded, row.minor), disputed=disputed)
