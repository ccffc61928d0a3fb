"""The ledger for the bookkeeper: a month's entries, and the same month's sums by day. As rows of text, for CSV.

Amounts stand in two columns, debit and credit, and are never below zero. A spreadsheet takes a text that begins with
= + - @ for a formula, so such a text gets an apostrophe before it; the words of a service are such texts at times.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from hectograph.support.books import LedgerEntry
from hectograph.support.veil import decimal

ENTRIES = (
    "day", "time (UTC)", "service", "transaction", "kind", "service's word", "account", "currency", "debit", "credit",
    "payment", "rate",
)  # fmt: skip
DAYS = ("day", "service", "account", "currency", "debit", "credit", "debit less credit")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = (
    "txn__at", "txn__rail", "txn_id", "txn__kind", "txn__own_kind", "account__role", "account__currency", "minor",
    "txn__payment", "txn__rate",
)  # fmt: skip
Row = tuple[datetime, str, str, str, str, str, str, int, str, str]


def entries(month: date, zone: tzinfo) -> Iterator[list[str]]:
    """Every entry of the month (its first day) by the newsroom's clock, in order; memory for a few thousand."""
    for at, rail, ref, kind, own, role, currency, minor, payment, rate in _rows(month, zone):
        texts = [rail, ref.removeprefix(f"{rail}:"), kind, own, role, currency]
        day = at.astimezone(zone).date().isoformat()
        yield [day, f"{at:%H:%M:%S}", *map(guarded, texts), *_sides(minor, currency), guarded(payment), guarded(rate)]


def days(month: date, zone: tzinfo) -> Iterator[list[str]]:
    """Sums of each day by account; they are the sums of the same day's entries."""
    for day, rows in groupby(_rows(month, zone), key=lambda row: row[0].astimezone(zone).date()):
        sums: dict[tuple[str, str, str], list[int]] = {}
        for row in rows:
            minor = row[7]
            both = sums.setdefault((row[1], row[5], row[6]), [0, 0])
            both[minor < 0] += abs(minor)
        for (rail, role, currency), (debit, credit) in sorted(sums.items()):
            sides = [decimal(debit, currency), decimal(credit, currency)]
            less = decimal(abs(debit - credit), currency, sign="-" if debit < credit else "")
            yield [day.isoformat(), guarded(rail), guarded(role), currency, *sides, less]


def guarded(text: str) -> str:
    """`text`, which no spreadsheet takes for a formula any more."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _sides(minor: int, currency: str) -> tuple[str, str]:
    size = decimal(abs(minor), currency)
    return (size, "") if minor > 0 else ("", size)


def _rows(month: date, zone: tzinfo) -> Iterator[Row]:
    start = datetime(month.year, month.month, 1, tzinfo=zone)
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    end = datetime(after.year, after.month, 1, tzinfo=zone)
    rows = LedgerEntry.objects.filter(txn__at__gte=start, txn__at__lt=end).order_by("txn__at", "txn_id", "account_id")
    yield from rows.values_list(*_COLUMNS).iterator(chunk_size=2_000)
