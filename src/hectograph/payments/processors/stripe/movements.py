"""Balance transactions as movements of money: the ledger's only source. What a type means is said here, once."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hectograph.payments.port import Kind, Movement
from hectograph.payments.processors.stripe.amounts import floor
from hectograph.payments.processors.stripe.reading import ref

Row = dict[str, Any]
EXPANDED = ["data.source"]
_KINDS = {
    "charge": Kind.CHARGE,
    "payment": Kind.CHARGE,
    "refund": Kind.REFUND,
    "payment_refund": Kind.REFUND,
    "refund_failure": Kind.REFUND_FAILED,
    "payment_failure_refund": Kind.REFUND,  # a debit that did not come after all
    "payment_reversal": Kind.REFUND,  # a debit that its bank took back
    "payout": Kind.PAYOUT,
    "payout_cancel": Kind.PAYOUT_FAILED,
    "payout_failure": Kind.PAYOUT_FAILED,
    "stripe_fee": Kind.FEE,
    "stripe_fx_fee": Kind.FEE,
    "tax_fee": Kind.FEE,
    "network_cost": Kind.FEE,
}
_OF_DISPUTES = frozenset(("dispute", "dispute_reversal"))


def movement(row: Row) -> Movement:
    """Of a balance transaction, its source expanded or not. One with a fraction that its currency has not is of no kind
    we know: it goes to suspense by its net, and a person is told."""
    source = row.get("source")
    whole = source if isinstance(source, dict) else {}
    (amount, _), (fee, _), (net, _) = counted = [floor(row[name], row["currency"]) for name in ("amount", "fee", "net")]
    is_exact = all(exact for _, exact in counted)
    return Movement(
        id=row["id"],
        kind=_kind(row) if is_exact else Kind.OTHER,
        amount=amount.minor if is_exact else net.minor,
        fee=fee.minor if is_exact else 0,
        net=net.minor,
        currency=row["currency"].upper(),
        created=datetime.fromtimestamp(row["created"], UTC),
        source=ref(source),
        payment=ref(whole.get("payment_intent")),
        own_kind=row["type"],
        rate=_rate(row.get("exchange_rate")),
        original=floor(whole["amount"], whole["currency"])[0] if _changed(row, whole) else None,
    )


def _kind(row: Row) -> Kind:
    """Disputes come as adjustments that only their category tells from others, and their sign from one another."""
    if row["type"] == "adjustment" and row.get("reporting_category") in _OF_DISPUTES:
        return Kind.DISPUTE_RETURNED if row["net"] > 0 else Kind.DISPUTE
    return _KINDS.get(row["type"], Kind.OTHER)


def _changed(row: Row, source: Row) -> bool:
    return "amount" in source and source.get("currency", row["currency"]) != row["currency"]


def _rate(number: Any) -> str:
    """Stripe's own digits, never in exponents; empty where no currency was changed."""
    return "" if number is None else f"{Decimal(str(number)):f}"
