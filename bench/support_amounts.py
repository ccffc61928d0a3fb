"""`amounts_wrong`: amounts as typed against what they are. Each must be read exactly, or refused; never anything else.

Every value from 0.01 to 999.99 in every currency and spelling is known by how it was written, and must be read. A million
more are drawn: larger ones, and texts of digits, separators and signs, held against Python's decimals.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from hectograph.money import Money
from hectograph.payments.forms import FormRefused, amount
from hectograph.payments.offers import CURRENCIES

DRAWN = 1_000_000
_MORE = ("JPY", "KWD")  # no decimals, and three
_LETTERS = "0123456789" * 3 + "٠١٢٣٤٥٦٧٨٩०१२३४५६७८९" + "..,,٫  \u00a0\u202f-+eE'_\u200b"
_SPACES = " \t\u00a0\u202f\u2009"


def _script(zero: str) -> Callable[[str], str]:
    table = {ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)}
    return lambda text: text.translate(table)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "point": lambda text: text,
    "comma": lambda text: text.replace(".", ","),
    "no-break spaces": lambda text: f"\u00a0{text}\u00a0",
    "leading noughts": lambda text: f"00{text}",
    "Arabic-Indic": lambda text: _ARABIC(text.replace(".", "٫")),
    "Persian, with a comma": lambda text: _PERSIAN(text.replace(".", ",")),
    "Devanagari": lambda text: _DEVANAGARI(text),
    "full width": lambda text: _WIDE(text),
}
_ARABIC, _PERSIAN, _DEVANAGARI, _WIDE = (_script(zero) for zero in "٠۰०０")


def amounts_wrong(drawn: int = DRAWN, seed: int = 1) -> int:
    """How many were read as something that they are not, or refused though they are plain."""
    wrong = sum(_read(typed, currency) != minor for typed, currency, minor in _plain())
    dice = random.Random(seed)
    for _ in range(drawn):
        typed, currency = _drawn(dice), dice.choice((*CURRENCIES, *_MORE))
        found = _read(typed, currency)
        wrong += found is not None and found != _oracle(typed, currency)
    return wrong


def _plain() -> Iterator[tuple[str, str, int]]:
    """Every value from 0.01 to 999.99 that a currency has: as typed, the currency, minor units."""
    for currency in (*CURRENCIES, *_MORE):
        digits = Money(0, currency).digits
        for minor in range(1, 1000 * 10 ** min(digits, 2)):
            whole, rest = divmod(minor, 100)
            text = f"{whole}.{rest:02d}" if digits else str(minor)
            for spell in SPELLINGS.values():
                yield spell(text), currency, minor * 10 if digits == 3 else minor


def _drawn(dice: random.Random) -> str:
    if dice.random() < 0.4:
        whole, rest = dice.randrange(1000, 10**10), dice.randrange(1000)
        return dice.choice(list(SPELLINGS.values()))(
            dice.choice((f"{whole}", f"{whole}.{rest:02d}", f"{whole / 100:,.2f}"))
        )
    return "".join(dice.choices(_LETTERS, k=dice.randint(0, 12)))


def _read(typed: str, currency: str) -> int | None:
    try:
        return amount(typed, currency)
    except FormRefused:
        return None


def _oracle(typed: str, currency: str) -> int | None:
    try:
        value = Decimal(typed.strip(_SPACES).replace(",", ".").replace("٫", "."))
        minor = value.scaleb(Money(0, currency).digits)
        return int(minor) if minor == minor.to_integral_value() else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
