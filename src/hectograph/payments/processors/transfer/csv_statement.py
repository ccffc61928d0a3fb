"""Statements as banks export them for spreadsheets: columns found by their names, or named by the operator.

Only date, amount, currency and our reference leave this file. Numbers are read exactly or the file is refused: what a
point means is told by the other lines, never guessed line by line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hectograph.money import Money
from hectograph.payments.processors.transfer import csv_columns, reference
from hectograph.payments.processors.transfer.csv_columns import Columns
from hectograph.payments.processors.transfer.csv_numbers import Decimals, currency_in, minor_units
from hectograph.payments.processors.transfer.lines import Found, Line, StatementRefused, bounded, numbered

_SIDES = {
    "d": -1,
    "debit": -1,
    "s": -1,
    "soll": -1,
    "af": -1,
    "deebet": -1,
    "дебет": -1,
    "дт": -1,
    "расход": -1,
    "списание": -1,
    "c": 1,
    "k": 1,
    "credit": 1,
    "h": 1,
    "haben": 1,
    "bij": 1,
    "kreedit": 1,
    "кредит": 1,
    "кт": 1,
    "приход": 1,
    "поступление": 1,
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
_ALPHABETS = ("cp1252", "cp1250", "cp1251", "latin-1")  # of a file that is not in Unicode
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


def read(statement: bytes, layout: Layout = Layout(), currency: str = "EUR") -> list[Line]:
    """Every booking of a statement; StatementRefused where it is none, or not whole. `currency` is the account's, for
    statements that don't name it."""
    separators = (layout.separator,) if layout.separator else (";", ",", "\t", "|")
    for text in _decoded(bounded(statement), layout.encoding):
        for separator in separators:
            rows = _rows(text, separator)
            for place, row in enumerate(rows[:_HEAD]):
                if columns := _columns(row, layout):
                    own = layout.currency if _code(layout.currency) else currency
                    return list(numbered(_bookings(rows[place + 1 :], columns, replace(layout, currency=own))))
    raise StatementRefused("No line of it names a date, an amount and a purpose.", _TELL)


def _columns(row: Sequence[str], layout: Layout) -> Columns | None:
    named = "" if _code(layout.currency) else layout.currency
    return csv_columns.find(
        row, date=layout.date, amount=layout.amount, text=layout.text, currency=named, side=layout.side
    )


def _decoded(raw: bytes, encoding: str) -> list[str]:
    """The file's text; several where its bytes don't tell the alphabet: the one in which it has a header counts."""
    is_wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    for names in ((encoding,),) if encoding else (("utf-16" if is_wide else "utf-8-sig",), _ALPHABETS):
        if texts := [text for name in names if (text := _text(raw, name)) is not None]:
            return texts
    raise StatementRefused("Its letters are in an encoding that is not known.")


def _text(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return None if "\0" in text else text


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return []


def _bookings(rows: Sequence[Sequence[str]], columns: Columns, layout: Layout) -> Iterator[Found]:
    booked = [(row, on) for row in rows if (on := _day(row, columns, layout.dates))]
    typed = [columns.amount_in(row) for row, _ in booked]
    decimals = Decimals.of(typed, layout.decimals)
    for (row, on), amount in zip(booked, typed, strict=True):
        named = {currency_in(amount), columns.cell(row, columns.currency).upper()} - {""} or {layout.currency}
        code = named.pop()
        if len(row) < columns.wide - 1 or named or not _code(code):  # some banks leave the last, empty column away
            raise StatementRefused("A line of it is cut off, or names two currencies.")
        minor = _signed(minor_units(amount, code, decimals), columns.cell(row, columns.side))
        yield Found(_reference(columns, row), Money(minor, code), on)


def _day(row: Sequence[str], columns: Columns, dates: str) -> date | None:
    """When it was booked; None for what is no booking: an empty line, a balance, something only announced."""
    cell = columns.cell(row, columns.date)
    day = _date(cell, dates)
    if day is None and any(letter.isdigit() for letter in cell):
        raise StatementRefused("A date of it can't be read.", _TELL)
    return None if columns.cell(row, columns.state).lower() in _NOT_BOOKED else day


def _reference(columns: Columns, row: Sequence[str]) -> str:
    """Looked for in each cell first: two cells side by side could make up one that nobody wrote."""
    cells = [reference.find(columns.cell(row, column)) for column in columns.text]
    return next((cell for cell in cells if cell), "")


def _signed(minor: int, side: str) -> int:
    """With the sign of the side, where a column of its own says it."""
    if not side:
        return minor
    sign = _SIDES.get(side.lower())
    if sign is None or minor * sign < 0 < sign:
        raise StatementRefused("It contradicts itself about what came in and what went out.")
    return abs(minor) * sign


def _date(cell: str, wanted: str) -> date | None:
    for form in (wanted,) if wanted else _DATES:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 a bank's day has no time zone
        except ValueError:
            continue
    return None


def _code(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isupper()
