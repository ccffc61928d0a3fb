"""The columns of a bank's export: known by their names in many banks' languages, or named by who gives the file.

What came and what went may stand in one column with a sign, in one with a side beside it, or in two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hectograph.payments.processors.transfer.lines import StatementRefused

_NAMES: dict[str, str] = {
    "date": "buchungstag|buchungsdatum|buchung|booking date|date|transaction date|completed date|date completed (utc)|"
    "data operacji|data księgowania|data transakcji|datum|datum zaúčtování|datum provedení|kuupäev|kuupaev|datums|data|"
    "дата|дата операции|дата проводки|дата платежа|дата операції",
    "amount": "betrag|betrag (eur)|betrag (€)|amount|amount (eur)|kwota|kwota operacji|objem|částka|castka|summa|suma|"
    "bedrag|bedrag (eur)|сумма|сумма операции|сума|сума операції",
    "came": "credit|credit amount|paid in|money in|haben|gutschrift|kreedit|kredīts|"
    "кредит|приход|поступление|зачисление",
    "went": "debit|debit amount|paid out|money out|soll|lastschrift|deebet|debets|дебет|расход|списание",
    "currency": "währung|waehrung|currency|payment currency|waluta|měna|mena|valuuta|valūta|valiuta|munt|валюта",
    "text": "verwendungszweck|payment reference|reference|reference number|description|details|message|memo|zweck|"
    "buchungsdetails|mandatsreferenz|kundenreferenz (end-to-end)|kundenreferenz|customer reference|"
    "end-to-end reference|"
    "tytuł|opis operacji|tytuł operacji|zpráva pro příjemce|poznámka|variabilní symbol|selgitus|viitenumber|"
    "maksājuma mērķis|mokėjimo paskirtis|mededelingen|omschrijving|"
    "назначение платежа|назначение|описание|описание операции|призначення платежу|призначення|опис операції",
    "state": "state|status|stav",
    "side": "debit/credit (d/c)|debit/credit|d/c|credit/debit|soll/haben|deebet/kreedit (d/c)|af bij|debeto/kredito|"
    "дебет/кредит",
}
_BY_NAME = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_ANY, _FIRST = re.compile(r"[1-9]"), re.compile(r"(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands, as places in a row; -1 where it stands nowhere."""

    date: int
    amount: int
    came: int
    went: int
    text: tuple[int, ...]
    currency: int
    side: int
    state: int
    wide: int

    @property
    def are_enough(self) -> bool:
        has_amounts = self.amount >= 0 or (self.came >= 0 and self.went >= 0)
        return self.date >= 0 and has_amounts and bool(self.text)

    def cell(self, row: Sequence[str], column: int) -> str:
        return row[column].strip() if 0 <= column < len(row) else ""

    def amount_in(self, row: Sequence[str]) -> str:
        """The amount as the bank wrote it, with a sign where it went; StatementRefused where it came and went."""
        if self.amount >= 0:
            return self.cell(row, self.amount)
        came, went = self.cell(row, self.came), self.cell(row, self.went)
        if not _ANY.search(went):
            return came or went
        if _ANY.search(came):
            raise StatementRefused("It contradicts itself about what came in and what went out.")
        return _FIRST.sub("-", went.lstrip("+-−"), count=1)  # a currency may stand before it


def find(
    header: Sequence[str],
    *,
    date: str = "",
    amount: str = "",
    text: Sequence[str] = (),
    currency: str = "",
    side: str = "",
) -> Columns | None:
    """Where what stands, by the row `header`; None where it is no header. What is named is looked for by that name."""
    names = [_plain(cell) for cell in header]

    def at(role: str, wanted: str = "") -> int:
        if wanted:
            return names.index(_plain(wanted)) if _plain(wanted) in names else -1
        return next((place for place, name in enumerate(names) if _BY_NAME.get(name) == role), -1)

    wanted = {_plain(name) for name in text}
    words = [place for place, name in enumerate(names) if (name in wanted if wanted else _BY_NAME.get(name) == "text")]
    found = Columns(at("date", date), at("amount", amount), at("came"), at("went"), tuple(words),
                    at("currency", currency), at("side", side), at("state"), len(header))  # fmt: skip
    return found if found.are_enough else None


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip().lstrip("#\ufeff").strip().lower())
