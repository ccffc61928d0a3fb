"""The support form, as browsers send it: which frequency, how much, read with bounds and never by guess.

An amount is what people type: digits of any script (Unicode's decimal digits), `.` or `,` or the Arabic `٫` before the
decimals, spaces at the ends. What could mean two things is refused: no grouping, no exponent, no sign, and no more
decimals than the currency has, because `1,000` is a thousand to some and one to others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hectograph.money import Money

LONGEST_TYPED = 20  # characters
DEBIT_CURRENCY = "EUR"  # a SEPA debit takes no other
MEANS = {"card": "card", "account": "sepa"}  # wishes for another means of payment, and the method of each
APPEAL = re.compile(r"[a-z0-9-]{1,60}")  # an appeal's short name, wherever it travels
_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.,٫]([0-9]{1,3}))?")
_SPACES = " \t\u00a0\u202f\u2009"


class Frequency(StrEnum):
    ONCE = "once"
    MONTHLY = "monthly"
    ANNUAL = "annual"


@dataclass(frozen=True, slots=True)
class Offer:
    """What is taken: the least and the most in minor units, by currency."""

    least: Mapping[str, int]
    most: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader wants to give."""

    frequency: Frequency
    money: Money


class FormRefused(ValueError):
    """Why the form was not taken: `reason` is `amount` (not to be read as one), `low`, `high`, `currency` or
    `frequency`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def amount(typed: str, currency: str) -> int:
    """Minor units of `currency` in what was `typed`; FormRefused where it is no amount that the currency has."""
    plain = _digits(typed.strip(_SPACES))
    found = _AMOUNT.fullmatch(plain) if len(typed) <= LONGEST_TYPED else None
    if found is None:
        raise FormRefused("amount")
    whole, decimals = found[1], found[2] or ""
    digits = Money(0, currency).digits
    if len(decimals) > digits:
        raise FormRefused("amount")
    return int(whole + decimals.ljust(digits, "0"))


def read(form: Mapping[str, str], offer: Offer) -> Ask:
    """What the fields of a posted support form ask for; FormRefused says what is wrong with them. Where several
    currencies are offered, each has amounts of its own: `monthly-EUR`; the first one's are `monthly`."""
    try:
        frequency = Frequency(form.get("frequency", ""))
    except ValueError:
        raise FormRefused("frequency") from None
    currency = form.get("currency", "")
    if currency not in offer.least:
        raise FormRefused("currency")
    offered = form.get(f"{frequency.value}-{currency}") or form.get(frequency.value, "")
    typed = form.get("own", "").strip(_SPACES) or offered
    minor = amount(typed, currency)
    if minor < offer.least[currency]:
        raise FormRefused("low")
    if minor > offer.most[currency]:
        raise FormRefused("high")
    return Ask(frequency, Money(minor, currency))


def _digits(text: str) -> str:
    """Decimal digits of any script as 0 to 9, the rest as it is (Unicode: general category Nd)."""
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
