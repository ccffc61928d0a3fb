"""Money as an integer of minor units with its currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass

_NO_MINOR_UNIT = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` counts the currency's smallest unit (ISO 4217): Money(250, "USD") is two dollars fifty."""

    minor: int
    currency: str

    @property
    def digits(self) -> int:
        """How many decimal digits the currency has: 0 or 2."""
        return 0 if self.currency in _NO_MINOR_UNIT else 2

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def plain(self) -> str:
        """The amount in digits with a point, as HTML's number input wants it: `2`, `2.50`."""
        if self.digits == 0 or self.minor % 100 == 0:
            return str(self.minor // 10**self.digits)
        return f"{self.minor // 100}.{self.minor % 100:02d}"
