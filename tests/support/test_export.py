"""The bookkeeper's export: whole, by day, to the cent, and nothing in it that a spreadsheet would run."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.payments.port import Kind, Movement
from hectograph.support import export
from hectograph.support.booking import book, held
from tests.support.movements import moved

RIGA = ZoneInfo("Europe/Riga")
NOVEMBER = date(2026, 11, 1)
KINDS = [Kind.CHARGE, Kind.REFUND, Kind.FEE, Kind.PAYOUT, Kind.OTHER]


@pytest.fixture
def autumn(db: None) -> None:
    """A movement every five hours, from the end of October into December, in two currencies."""
    begin = datetime(2026, 10, 31, 12, tzinfo=UTC)
    for number in range(150):
        amount, at = (-1) ** number * (1000 + number), begin + timedelta(hours=5) * number
        book("peer", [moved(number, KINDS[number % 5], amount, number % 7, ("EUR", "JPY")[number % 2], at)])


def test_a_month_is_the_newsroom_s_own(autumn: None) -> None:
    rows = list(export.entries(NOVEMBER, RIGA))
    assert (rows[0][0], rows[-1][0]) == ("2026-11-01", "2026-11-30")
    assert rows[0][1] == "22:00:00"  # October's last hours, by UTC


def test_debit_and_credit_of_every_transaction_are_equal(autumn: None) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in export.entries(NOVEMBER, RIGA):
        sums[row[3]] += Decimal(row[8] or 0) - Decimal(row[9] or 0)
    assert set(sums.values()) == {Decimal(0)}


def test_sums_by_day_are_the_sums_of_the_entries_to_the_cent(autumn: None) -> None:
    of_entries: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in export.entries(NOVEMBER, RIGA):
        both = of_entries[row[0], row[2], row[6], row[7]]
        both[0] += Decimal(row[8] or 0)
        both[1] += Decimal(row[9] or 0)
    by_day = {tuple(row[:4]): [Decimal(row[4]), Decimal(row[5])] for row in export.days(NOVEMBER, RIGA)}
    assert by_day == dict(of_entries)


def test_all_months_together_are_what_the_service_holds(autumn: None) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for start in (date(2026, 10, 1), NOVEMBER, date(2026, 12, 1)):
        for row in export.days(start, RIGA):
            if row[2] == "asset:processor":
                sums[row[3]] += Decimal(row[6])
    assert sums == {code: Decimal(minor).scaleb(-2 if code == "EUR" else 0) for code, minor in held("peer").items()}


@given(st.text(max_size=30))
def test_no_text_is_a_formula(text: str) -> None:
    kept = export.guarded(text)
    assert kept in (text, f"'{text}")
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_service_s_word_that_looks_like_a_formula_is_kept_as_text(db: None) -> None:
    at = datetime(2026, 11, 3, tzinfo=UTC)
    book("peer", [Movement("=t", Kind.OTHER, 5, 0, 5, "EUR", at, own_kind="=HYPERLINK(1)", payment="@pi")])
    row = next(export.entries(NOVEMBER, RIGA))
    assert (row[3], row[5], row[10]) == ("'=t", "'=HYPERLINK(1)", "'@pi")
