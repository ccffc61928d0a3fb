"""Statements as banks export them for spreadsheets: columns found by their names, or named by the operator.

Only date, amount, currency and our reference leave this file. Numbers are read exactly or the file is refused: what a
point means is told by the other lines, never guessed line by line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hectograph.money import Money
from hectograph.payments.processors.transfer import reference
from hectograph.payments.processors.transfer.csv_numbers import Decimals, currency_in, minor_units
from hectograph.payments.processors.transfer.lines import Found, Line, bounded, numbered, refused

_NAMES: dict[str, str] = {
    "date": "buchungstag|buchungsdatum|buchung|booking date|date|transaction date|completed date|date completed (utc)|"
    "data operacji|data księgowania|data transakcji|datum|datum zaúčtování|datum provedení|kuupäev|kuupaev|datums|data",
    "amount": "betrag|betrag (eur)|betrag (€)|amount|amount (eur)|kwota|kwota operacji|objem|částka|castka|summa|suma|"
    "bedrag|bedrag (eur)",
    "currency": "währung|waehrung|currency|payment currency|waluta|měna|mena|valuuta|valūta|valiuta|munt",
    "text": "verwendungszweck|payment reference|reference|reference number|description|details|message|memo|zweck|"
    "buchungsdetails|mandatsreferenz|kundenreferenz (end-to-end)|kundenreferenz|customer reference|"
    "end-to-end reference|"
    "tytuł|opis operacji|tytuł operacji|zpráva pro příjemce|poznámka|variabilní symbol|selgitus|viitenumber|"
    "maksājuma mērķis|mokėjimo paskirtis|mededelingen|omschrijving",
    "state": "state|status|stav",
    "side": "debit/credit (d/c)|debit/credit|d/c|credit/debit|soll/haben|deebet/kreedit (d/c)|af bij|debeto/kredito",
}
_BY_NAME = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_SIDES = {
    "d": -1,
    "debit": -1,
    "s": -1,
    "soll": -1,
    "af": -1,
    "c": 1,
    "k": 1,
    "credit": 1,
    "h": 1,
    "haben": 1,
    "bij": 1,
}
_NOT_BOOKED = frozenset(("pending", "vorgemerkt", "reverted", "declined", "failed", "cancelled", "canceled"))
_DATES = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
)
_TELL = "Say which column holds what: in the fields below the file, or by the options of `hecto support statement`."
_HEAD = 40  # lines in which a header must come


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a bank writes what. Columns by their header, as in the file. What is empty is found by itself; `currency`
    may be a code of three letters where no column names it. `dates` is as in `strptime`."""

    date: str = ""
    amount: str = ""
    text: tuple[str, ...] = ()
    currency: str = ""
    side: str = ""
    separator: str = ""
    decimals: str = ""  # "." or ","
    dates: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class _Columns:
    date: int
    amount: int
    text: tuple[int, ...]
    currency: int  # -1: no such column
    side: int
    state: int
    wide: int

    def cell(self, row: Sequence[str], column: int) -> str:
        return row[column].strip() if 0 <= column < len(row) else ""


def read(statement: bytes, layout: Layout = Layout(), currency: str = "EUR") -> list[Line]:
    """Every booking of a statement; StatementRefused where it is none, or not whole. `currency` is the account's, for
    statements that don't name it."""
    text = _decoded(bounded(statement), layout.encoding)
    separators = (layout.separator,) if layout.separator else (";", ",", "\t", "|")
    for separator in separators:
        rows = _rows(text, separator)
        for place, row in enumerate(rows[:_HEAD]):
            if columns := _columns(row, layout):
                own = layout.currency if _code(layout.currency) else currency
                return list(numbered(_bookings(rows[place + 1 :], columns, replace(layout, currency=own))))
    raise refused("No line of it names a date, an amount and a purpose.", _TELL)


def _decoded(raw: bytes, encoding: str) -> str:
    for name in (
        (encoding,)
        if encoding
        else ("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252", "latin-1")
    ):
        try:
            text = raw.decode(name)
            break
        except (UnicodeError, LookupError):
            continue
    else:
        text = "\0"
    if "\0" in text:
        raise refused("Its letters are in an encoding that is not known.")
    return text


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return []


def _columns(header: Sequence[str], layout: Layout) -> _Columns | None:
    """Where what stands, by the header; None where the row is none."""
    names = [_plain(cell) for cell in header]

    def at(role: str, wanted: str) -> int:
        if wanted and not _code(wanted):
            return names.index(_plain(wanted)) if _plain(wanted) in names else -1
        return next((place for place, name in enumerate(names) if _BY_NAME.get(name) == role), -1)

    wanted = {_plain(name) for name in layout.text}
    text = [place for place, name in enumerate(names) if (name in wanted if wanted else _BY_NAME.get(name) == "text")]
    found = _Columns(at("date", layout.date), at("amount", layout.amount), tuple(text), at("currency", layout.currency),
                     at("side", layout.side), at("state", ""), len(header))  # fmt: skip
    return found if found.date >= 0 and found.amount >= 0 and text else None


def _bookings(rows: Sequence[Sequence[str]], columns: _Columns, layout: Layout) -> Iterator[Found]:
    booked = [(row, on) for row in rows if (on := _day(row, columns, layout.dates))]
    typed = [columns.cell(row, columns.amount) for row, _ in booked]
    decimals = Decimals.of(typed, layout.decimals)
    for (row, on), amount in zip(booked, typed, strict=True):
        named = {currency_in(amount), columns.cell(row, columns.currency).upper()} - {""} or {layout.currency}
        code = named.pop()
        if len(row) < columns.wide - 1 or named or not _code(code):  # some banks leave the last, empty column away
            raise refused("A line of it is cut off, or names two currencies.")
        minor = _signed(minor_units(amount, code, decimals), columns.cell(row, columns.side))
        yield Found(_reference(columns, row), Money(minor, code), on)


def _day(row: Sequence[str], columns: _Columns, dates: str) -> date | None:
    """When it was booked; None for what is no booking: an empty line, a balance, something only announced."""
    cell = columns.cell(row, columns.date)
    day = _date(cell, dates)
    if day is None and any(letter.isdigit() for letter in cell):
        raise refused("A date of it can't be read.", _TELL)
    return None if columns.cell(row, columns.state).lower() in _NOT_BOOKED else day


def _reference(columns: _Columns, row: Sequence[str]) -> str:
    """Looked for in each cell first: two cells side by side could make up one that nobody wrote."""
    cells = [reference.find(columns.cell(row, column)) for column in columns.text]
    return next((cell for cell in cells if cell), "")


def _signed(minor: int, side: str) -> int:
    """With the sign of the side, where a column of its own says it."""
    if not side:
        return minor
    sign = _SIDES.get(side.lower())
    if sign is None or minor * sign < 0 < sign:
        raise refused("It contradicts itself about what came in and what went out.")
    return abs(minor) * sign


def _date(cell: str, wanted: str) -> date | None:
    for form in (wanted,) if wanted else _DATES:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 a bank's day has no time zone
        except ValueError:
            continue
    return None


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip().lstrip("#\ufeff").strip().lower())


def _code(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isupper()
