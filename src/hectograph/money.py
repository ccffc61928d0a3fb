"""Money as an integer of minor units with its currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass

_NO_MINOR_UNIT = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` counts the currency's smallest unit (ISO 4217): Money(250, "USD") is two dollars fifty."""

    minor: int
    currency: str

    @property
    def digits(self) -> int:
        """How many decimal digits the currency has: 0, 2 or 3."""
        if self.currency in _NO_MINOR_UNIT:
            return 0
        return 3 if self.currency in _THREE_DECIMALS else 2

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def plain(self) -> str:
        """The amount in digits with a point, as HTML's number input wants it: `2`, `2.50`."""
        whole, rest = divmod(abs(self.minor), 10**self.digits)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{whole}.{rest:0{self.digits}d}" if rest else f"{sign}{whole}"
