"""Minor units as Stripe counts them. They are ISO 4217's but for a few currencies.

Icelandic króna and Ugandan shilling have no decimals any more, and Stripe still counts two; of the Malagasy ariary it
counts none. Of a third decimal the last digit must be 0.
"""

from __future__ import annotations

from hectograph.money import Money
from hectograph.payments.port import Rejected

_TIMES_HUNDRED = frozenset(("ISK", "UGX"))
_WITHOUT_DECIMALS = frozenset(("MGA",))


def to_stripe(money: Money) -> int:
    """Stripe's integer for `money`; Rejected where it has none, and where it would charge nothing."""
    minor = money.minor
    if minor <= 0:
        raise _amiss()
    if money.currency in _TIMES_HUNDRED:
        return minor * 100
    if money.currency in _WITHOUT_DECIMALS:
        if minor % 100:
            raise _amiss()
        return minor // 100
    if money.digits == 3 and minor % 10:
        raise _amiss()
    return minor


def from_stripe(number: int, currency: str) -> Money:
    """The money in Stripe's integer of a currency in small letters. A fraction that the currency has not is an error:
    ValueError, never rounded."""
    code = currency.upper()
    if code in _TIMES_HUNDRED:
        if number % 100:
            raise ValueError(f"a fraction of {code}")
        return Money(number // 100, code)
    return Money(number * 100 if code in _WITHOUT_DECIMALS else number, code)


def floor(number: int, currency: str) -> tuple[Money, bool]:
    """What a balance says, and whether it is exact. A fraction that the currency has not is dropped, downwards: one odd
    row must not keep all others out of the books."""
    code = currency.upper()
    left = number % 100 if code in _TIMES_HUNDRED else 0
    return from_stripe(number - left, code), not left


def _amiss() -> Rejected:
    return Rejected("The processor takes no such amount.", "A rounder amount, or another currency, may do.")
