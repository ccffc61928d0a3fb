"""Figures that a single giver can't be read from. Pure, but for the language of who looks.

A figure of fewer than twenty contributions is not shown. And as whoever has the total can take the shown parts from it,
more parts are hidden, the smallest first, until those that are hidden are twenty together, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from hectograph.money import Money

FEWEST = 20  # contributions
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Sum:
    """So many contributions, and what they make together."""

    count: int
    money: Money

    @property
    def hidden(self) -> bool:
        return 0 < self.count < FEWEST

    @property
    def words(self) -> str:
        return fewer() if self.hidden else amount(self.money)


def fewer() -> str:
    """What stands where a figure is hidden."""
    return _("fewer than %(few)s") % {"few": FEWEST}


def veiled(parts: Mapping[Key, Sum]) -> dict[Key, Sum | None]:
    """The parts of one total; None where a part is not to be seen."""
    hidden = {key for key, part in parts.items() if part.hidden}
    shown = sorted((key for key, part in parts.items() if part.count >= FEWEST), key=lambda key: parts[key].count)
    while hidden and shown and _together(parts[key] for key in hidden) < FEWEST:
        hidden.add(shown.pop(0))
    return {key: None if key in hidden else part for key, part in parts.items()}


def amount(money: Money) -> str:
    """As who looks reads it: `1 234.50 EUR`, in Russian `1 234,50 EUR`; narrow spaces, all decimals of the currency."""
    sign = "−" if money.minor < 0 else ""
    digits = decimal(abs(money.minor), money.currency, grouped=True, sign=sign)
    return f"{digits.replace('.', str(get_format('DECIMAL_SEPARATOR')))} {money.currency}"


def decimal(minor: int, currency: str, *, grouped: bool = False, sign: str = "") -> str:
    """All decimals of the currency: `1234.50`. Of what is below zero, the sign is the caller's."""
    digits = Money(0, currency).digits
    whole, rest = divmod(minor, 10**digits)
    text = f"{whole:,}".replace(",", "\u202f") if grouped else str(whole)
    return f"{sign}{text}" + (f".{rest:0{digits}d}" if digits else "")


def _together(parts: Iterable[Sum]) -> int:
    return sum(part.count for part in parts)
