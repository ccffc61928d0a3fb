"""Amounts as banks write them in files: exact, or the file is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hectograph.money import Money
from hectograph.payments.processors.transfer.lines import StatementRefused

_GROUPS = "'’ \u00a0\u202f\u2009"  # between thousands, and nothing else
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[€£₽₴])\s*|\s*(?:[A-Z]{3}|[€£₽₴]|Kč|zł)$")
_SIGNS = {"€": "EUR", "£": "GBP", "₽": "RUB", "₴": "UAH", "Kč": "CZK", "zł": "PLN"}


@dataclass(frozen=True, slots=True)
class Decimals:
    """Which sign stands before the decimals of a file: `.` or `,`; empty where the file has none at all."""

    sign: str

    @classmethod
    def of(cls, typed: Iterable[str], wanted: str = "") -> Decimals:
        """As `wanted`, or as all of a file's amounts agree on. StatementRefused where they don't, or where each could
        mean thousands."""
        if wanted:
            return cls(wanted)
        seen = {vote for text in typed if (vote := _vote(text))}
        if len(seen - {"?"}) > 1:
            raise StatementRefused("Its amounts contradict one another about what a comma is.")
        sure = seen - {"?"}
        if not sure and seen:
            raise _unclear()
        return cls(sure.pop() if sure else "")


def currency_in(typed: str) -> str:
    """The currency that stands beside an amount, as its code; empty where none does."""
    found = _CURRENCY.search(typed.strip())
    word = found[0].strip() if found else ""
    return _SIGNS.get(word, word)


def minor_units(typed: str, currency: str, decimals: Decimals) -> int:
    """The signed minor units in an amount of a file; StatementRefused where it has none in this currency."""
    text = _bare(typed)
    sign = -1 if text[:1] in ("-", "−") else 1
    text = text[1:] if text[:1] in ("+", "-", "−") else text
    thousands = {".": ",", ",": "."}.get(decimals.sign, "")
    whole, _, rest = text.partition(decimals.sign) if decimals.sign else (text, "", "")
    groups = whole.split(thousands) if thousands else [whole]
    digits = Money(0, currency).digits
    good = all(re.fullmatch(r"[0-9]{3}", group) for group in groups[1:]) and re.fullmatch(r"[0-9]{1,12}", groups[0])
    if not good or not re.fullmatch(r"[0-9]*", rest) or rest[digits:].strip("0"):
        raise StatementRefused("An amount of it is no number.")
    return sign * int("".join(groups) + rest[:digits].ljust(digits, "0"))


def _vote(typed: str) -> str:
    """What one amount says of the sign: `.`, `,`, `?` where it could be either, empty where it has none."""
    text = _bare(typed)
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return ""
    sign, other = text[last], "," if text[last] == "." else "."
    if text.count(sign) > 1:
        return other
    if other in text or len(text) - last - 1 != 3:
        return sign
    return "?"


def _bare(typed: str) -> str:
    return _CURRENCY.sub("", typed.strip()).translate({ord(sign): None for sign in _GROUPS})


def _unclear() -> StatementRefused:
    return StatementRefused(
        "It can't be told whether a comma in its amounts is for thousands.",
        "Say which it is: `hecto support statement --decimals`.",
    )
