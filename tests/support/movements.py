"""Movements of money for tests."""

from datetime import UTC, datetime

from hectograph.payments.port import Kind, Movement

WHEN = datetime(2026, 11, 1, 12, tzinfo=UTC)


def moved(
    number: int, kind: Kind = Kind.CHARGE, amount: int = 1000, fee: int = 59, currency: str = "EUR", at: datetime = WHEN
) -> Movement:
    return Movement(f"txn_{number}", kind, amount, fee, amount - fee, currency, at, payment=f"pi_{number}")
