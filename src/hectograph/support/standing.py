"""How a contribution stands, by the ledger: paid, given back in part or whole, disputed. Reckoned from all that is
booked for the payment, never from the order in which it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from hectograph.payments.port import Kind
from hectograph.support import fuse
from hectograph.support.books import LedgerEntry, LedgerTxn
from hectograph.support.contribution import Contribution, State
from hectograph.support.ledger import Account

_CHANGING = (Kind.CHARGE, Kind.REFUND, Kind.REFUND_FAILED, Kind.DISPUTE)


def settle(rail: str, payments: Collection[str]) -> None:
    """Bring the contributions of these payments (the service's references) up to what the ledger has. Three queries,
    and one for each contribution that changed."""
    rows = Contribution.objects.filter(processor=rail, ref__in=payments)
    known = {row.ref: row for row in rows if row.ref}
    if not known:
        return
    txns = LedgerTxn.objects.filter(rail=rail, payment__in=known, kind__in=_CHANGING)
    kinds: dict[str, dict[str, datetime]] = defaultdict(dict)
    for payment, kind, at in txns.order_by("at").values_list("payment", "kind", "at"):
        kinds[payment][kind] = at
    given_back = _given_back(rail, known)
    for ref, row in known.items():
        _bring_up(row, kinds[ref], given_back.get(ref, 0))


def settle_since(rail: str, since: datetime | None) -> None:
    """The same for every refund and dispute booked of late: a contribution may have been written down after them."""
    txns = LedgerTxn.objects.filter(rail=rail, kind__in=_CHANGING[1:]).exclude(payment="")
    if since is not None:
        txns = txns.filter(at__gte=since)
    settle(rail, set(txns.values_list("payment", flat=True)))


def _given_back(rail: str, payments: Collection[str]) -> dict[str, int]:
    """Minor units given back of each payment, in the currency that it was paid in, less refunds that failed."""
    entries = LedgerEntry.objects.filter(
        txn__rail=rail,
        txn__payment__in=payments,
        account__role=Account.REFUNDS,
        txn__kind__in=(Kind.REFUND, Kind.REFUND_FAILED),
    )
    sums: dict[str, int] = defaultdict(int)
    for payment, minor, original in entries.values_list("txn__payment", "minor", F("txn__original_minor")):
        size = abs(minor if original is None else original)
        sums[payment] += size if minor > 0 else -size
    return sums


def _bring_up(row: Contribution, kinds: dict[str, datetime], given_back: int) -> None:
    """`kinds` has when the last movement of each kind was."""
    state = State(row.state)
    if Kind.CHARGE in kinds:
        state = State.PAID
    if given_back > 0:
        state = State.REFUNDED if given_back >= row.minor else State.REFUNDED_PART
    disputed = row.disputed or Kind.DISPUTE in kinds
    if disputed and not row.disputed:
        fuse.alarm(fuse.DISPUTED, f"{kinds[Kind.DISPUTE]:%Y-%m-%d}", kinds[Kind.DISPUTE])
    new = {"state": int(state), "refunded": max(given_back, 0), "disputed": disputed}
    if any(getattr(row, name) != value for name, value in new.items()):
        Contribution.objects.filter(pk=row.pk).update(**new)
