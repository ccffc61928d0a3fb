"""The newsroom's own bank account, as configured, and what a page and a phone's bank app need of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.payments.processors.transfer import reference

_LENGTHS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27
GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22
MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26
UA29 VA22 VG24 XK20
"""
_LENGTH = {word[:2]: int(word[2:]) for word in _LENGTHS.split()}
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_LONGEST_HOLDER = 70  # characters, of EPC069-12


@dataclass(frozen=True, slots=True)
class Account:
    """Where transfers go. `iban` as printed or without spaces; `currencies` are those that the bank takes on it."""

    holder: str
    iban: str
    bic: str = ""
    currencies: frozenset[str] = frozenset(("EUR",))

    def __post_init__(self) -> None:
        object.__setattr__(self, "iban", self.iban.replace(" ", "").upper())
        if not holds(self.iban):
            raise Problem("The account's IBAN does not hold.", "Compare it letter by letter with the bank's own paper.")
        if self.bic and not _BIC.fullmatch(self.bic):
            raise Problem(
                "The account's BIC is none.", "It has 8 or 11 letters and digits. Within SEPA it may be empty."
            )
        if not 0 < len(self.holder.strip()) <= _LONGEST_HOLDER or not self.holder.isprintable():
            raise Problem(
                "The account's holder is missing or too long.", f"At most {_LONGEST_HOLDER} letters, as printed."
            )


def holds(iban: str) -> bool:
    """Whether an IBAN without spaces has its country's length and right check digits (ISO 13616)."""
    if not (iban.isascii() and iban.isalnum() and iban.isupper() and _LENGTH.get(iban[:2]) == len(iban)):
        return False
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


def words(account: Account, quoted: str, money: Money) -> dict[str, str]:
    """What a page shows, as status words of State.TRANSFER. `code` is there for euros alone."""
    shown = {
        "name": account.holder,
        "account": " ".join(account.iban[place : place + 4] for place in range(0, len(account.iban), 4)),
        "bic": account.bic,
        "reference": reference.shown(quoted),
        "amount": f"{money.plain()} {money.currency}",
    }
    return shown | ({"code": code(account, quoted, money)} if money.currency == "EUR" else {})


def code(account: Account, quoted: str, money: Money) -> str:
    """The text of a QR code that bank apps read (EPC069-12, version 2, UTF-8). Euros only: ValueError otherwise."""
    if money.currency != "EUR" or not 0 < money.minor < 10**11:
        raise ValueError("no amount of this code")
    lines = ["BCD", "002", "1", "SCT", account.bic, account.holder, account.iban]
    lines += [f"EUR{money.minor // 100}.{money.minor % 100:02d}", "", quoted]
    return "\n".join(lines)
