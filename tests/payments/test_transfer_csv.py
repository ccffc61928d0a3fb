"""Statements for spreadsheets: those of many banks are read exactly, or refused whole; no name comes out of them."""

import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.money import Money
from hectograph.payments.processors.transfer import csv_statement, lines, reference
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.payments.processors.transfer.lines import Line, StatementRefused

REF = reference.make("a1")
PLAIN = Layout()


def export(bank: str) -> str:
    """What a bank writes for spreadsheets, made up after its real form."""
    text = (Path(__file__).parent / f"statements/{bank}.csv").read_text()
    return text.replace("REFERENCE IN GROUPS", reference.shown(REF)).replace("REFERENCE", REF)


def read(text: str, layout: Layout = PLAIN, currency: str = "EUR", encoding: str = "utf-8") -> list[Line]:
    return csv_statement.read(text.encode(encoding), layout, currency)


def kept(text: str, currency: str = "EUR", encoding: str = "utf-8") -> list[tuple[str, int, str, str]]:
    found = read(text, currency=currency, encoding=encoding)
    return [(line.reference, line.money.minor, line.money.currency, line.on.isoformat()) for line in found]


def refusal(text: str | bytes, layout: Layout = PLAIN) -> str:
    with pytest.raises(StatementRefused) as error:
        csv_statement.read(text if isinstance(text, bytes) else text.encode(), layout)
    assert (error.value.__cause__, error.value.__context__) == (None, None)
    return error.value.message


@pytest.mark.parametrize(
    ("bank", "encoding", "expected"),
    [
        ("sparkasse", "cp1252", [(REF, 125_000, "EUR", "2026-11-24"), ("", -85_000, "EUR", "2026-11-23")]),
        ("dkb", "utf-8-sig", [(REF, 2_500, "EUR", "2026-11-24")]),
        ("n26", "utf-8", [(REF, 1_050, "EUR", "2026-11-24")]),
        ("lhv", "utf-8", [(REF, 2_500, "EUR", "2026-11-24"), ("", -300, "EUR", "2026-11-24")]),
        ("mbank", "cp1250", [(REF, 104_000, "PLN", "2026-11-24")]),
        ("fio", "utf-16", [(REF, 50_000, "CZK", "2026-11-24")]),
        ("ing", "utf-8", [(REF, 1_234, "EUR", "2026-11-24"), ("", -70_000, "EUR", "2026-11-24")]),
        ("swiss", "utf-8", [(REF, 105_020, "CHF", "2026-11-24")]),
    ],
)
def test_the_exports_of_many_banks_are_read(
    bank: str, encoding: str, expected: list[tuple[str, int, str, str]]
) -> None:
    assert kept(export(bank), encoding=encoding) == expected


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig", "utf-16"])
def test_a_statement_in_russian_is_read_in_any_of_its_encodings(encoding: str) -> None:
    head = "Дата операции;Сумма;Валюта;Назначение платежа"
    text = statement(f"24.11.2026;1 005,00;EUR;Пожертвование {REF}", "23.11.2026;-12,30;EUR;Комиссия", head=head)
    assert kept(text, encoding=encoding) == [(REF, 100_500, "EUR", "2026-11-24"), ("", -1_230, "EUR", "2026-11-23")]


@pytest.mark.parametrize(("out", "came"), [("Дебет", "Кредит"), ("ДТ", "КТ"), ("Списание", "Поступление")])
def test_sides_named_in_russian_tell_what_came_and_what_went(out: str, came: str) -> None:
    text = statement(
        f"24.11.2026;5,00;{came};{REF}", f"23.11.2026;12,00;{out};fee", head="Дата;Сумма;Дебет/Кредит;Назначение"
    )
    assert [amount for _, amount, *_ in kept(text, currency="EUR")] == [500, -1_200]


def test_columns_named_in_russian_are_found_in_windows_1251() -> None:
    text = statement(f"24.11.2026;5,00;{REF}", head="Когда;Сколько;За что")
    layout = Layout(date="когда", amount="Сколько", text=("За что",))
    assert [line.reference for line in read(text, layout, encoding="cp1251")] == [REF]


@pytest.mark.parametrize("rows", [
    (f"24.11.2026;;5,00;EUR;{REF}", "23.11.2026;12,00;;EUR;fee"),
    (f"24.11.2026;0,00;5,00;EUR;{REF}", "23.11.2026;-12,00;0,00;EUR;fee"),
    (f"24.11.2026;;EUR 5,00;EUR;{REF}", "23.11.2026;EUR 12,00;;EUR;fee"),
])  # fmt: skip
def test_what_came_and_what_went_may_stand_in_two_columns(rows: tuple[str, str]) -> None:
    text = statement(*rows, head="Date;Debit;Credit;Currency;Details")
    assert kept(text) == [(REF, 500, "EUR", "2026-11-24"), ("", -1_200, "EUR", "2026-11-23")]


def test_what_came_and_went_at_once_is_refused() -> None:
    text = statement(f"24.11.2026;5,00;5,00;EUR;{REF}", head="Date;Debit;Credit;Currency;Details")
    assert "contradicts itself" in refusal(text)


def test_no_name_or_account_of_a_payer_comes_out() -> None:
    shown = repr(read(export("sparkasse")) + read(export("lhv")) + read(export("n26"))).lower()
    assert "canary" not in shown
    assert "de0210" not in shown
    assert "miete" not in shown


def statement(*rows: str, head: str = "Date;Amount;Currency;Message") -> str:
    return "\n".join([head, *rows]) + "\n"


def test_two_gifts_alike_on_one_day_are_two_and_each_is_itself_in_the_next_statement() -> None:
    row, other = f"2026-11-24;10.00;EUR;{REF}", "2026-11-23;7.00;EUR;rent"
    first, second = read(statement(row, row))
    assert first.hash != second.hash
    again = read(statement(other, row, row, "2026-11-25;1.00;EUR;x"))
    assert {line.hash for line in again} >= {first.hash, second.hash}


def test_the_same_booking_in_another_bank_s_words_has_the_same_hash() -> None:
    plain = read(statement(f"2026-11-24;25.00;EUR;{REF}"))[0]
    assert plain.hash == read(export("lhv"))[0].hash


def test_money_sent_back_is_negative() -> None:
    assert read(statement(f"2026-11-24;-10.00;EUR;return of {REF}"))[0].money == Money(-1000, "EUR")


def test_a_foreign_currency_stays_itself() -> None:
    assert read(statement(f"2026-11-24;10.00;USD;{REF}"))[0].money == Money(1000, "USD")


@pytest.mark.parametrize(
    "row",
    ["2026-11-24", "2026-11-24;10.00", "2026-11-24;;EUR;x", "2026-11-24;ten;EUR;x", "2026-11-24;1e3;EUR;x",
     "2026-11-24;NaN;EUR;x", "2026-11-24;10.005;EUR;x", "2026-11-24;1.2.3;EUR;x", "2026-11-24;10.00;EURO;x",
     "2026-11-24;10.00 USD;EUR;x",
     "2026-13-45;10.00;EUR;x", "11/24/2026;10.00;EUR;x", "2026-11-24;10.00-;EUR;x", "2026-11-24;--10.00;EUR;x",
     "2026-11-24;٢.٠٠;EUR;x", '2026-11-24;10.00;EUR;"cut'],
)  # fmt: skip
def test_one_line_amiss_refuses_the_whole(row: str) -> None:
    assert "Nothing of it was kept" in refusal(statement(f"2026-11-24;10.50;EUR;{REF}", row))


def test_lines_that_are_no_bookings_are_passed_over() -> None:
    assert len(read(statement("", f"2026-11-24;10.00;EUR;{REF}", "Closing balance;5;;", ";;;"))) == 1


def test_a_comma_that_could_mean_two_things_refuses_unless_it_is_told() -> None:
    text = statement(f"2026-11-24;1,234;EUR;{REF}")
    assert "comma" in refusal(text)
    assert read(text, Layout(decimals="."))[0].money == Money(123_400, "EUR")
    assert "no number" in refusal(text, Layout(decimals=","))


def test_the_other_lines_tell_what_a_comma_means() -> None:
    found = read(statement("2026-11-24;1,234;EUR;x", "2026-11-24;10.50;EUR;y"))
    assert [line.money.minor for line in found] == [123_400, 1_050]


def test_amounts_that_contradict_one_another_are_refused() -> None:
    assert "contradict" in refusal(statement("2026-11-24;1,50;EUR;x", "2026-11-24;1.50;EUR;y"))


def test_a_side_that_contradicts_its_amount_is_refused() -> None:
    assert "contradicts" in refusal(export("lhv").replace("C,25.00", "C,-25.00"))
    assert "contradicts" in refusal(export("lhv").replace("C,25.00", "X,25.00"))


def test_columns_of_any_name_can_be_told() -> None:
    layout = Layout(date="When", amount="How much", text=("Why",), separator="|", dates="%d %m %Y", currency="GBP")
    found = read(f"When|Who|How much|Why\n24 11 2026|Canary|5.00|{REF}\n", layout)
    assert found == [Line(REF, Money(500, "GBP"), date(2026, 11, 24), found[0].hash)]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0" * 100, b"\xff\xfe\0", "Date;Amount;Message".encode("utf-16-le"), b"%PDF-1.7", b"hello", b'"' * 1000,
     b"PK\x03\x04\0", b"<?xml version='1.0'?><Document/>"],
)  # fmt: skip
def test_a_file_that_is_no_statement_is_refused(raw: bytes) -> None:
    assert "Nothing of it was kept" in refusal(raw)


def test_a_file_too_large_is_refused_unread() -> None:
    assert "too large" in refusal(b"x" * (lines.LARGEST + 1))


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST", 3)
    assert "too many" in refusal(statement(*["2026-11-24;10.00;EUR;x"] * 4))


def test_a_refusal_says_nothing_of_the_file() -> None:
    assert "anary" not in refusal(statement("2026-11-24;ten;EUR;Anna Canary"))


amounts = st.integers(-(10**9), 10**9).filter(bool)
references = st.sampled_from([REF, "", reference.make("b")])
bookings = st.lists(
    st.tuples(st.dates(date(2000, 1, 1), date(2068, 1, 1)), amounts, references), min_size=1, max_size=8
)


def _german(minor: int) -> str:
    return ("-" if minor < 0 else "") + f"{abs(minor) // 100:,}".replace(",", ".") + f",{abs(minor) % 100:02d}"


def _english(minor: int) -> str:
    return ("-" if minor < 0 else "") + f"{abs(minor) // 100:,}.{abs(minor) % 100:02d}"


STYLES: list[tuple[str, Callable[[int], str]]] = [("%d.%m.%Y", _german), ("%Y-%m-%d", _english), ("%d/%m/%Y", _english)]


@given(bookings, st.sampled_from(STYLES), st.text(max_size=20))
def test_what_a_bank_wrote_is_what_is_read(
    rows: list[tuple[date, int, str]], style: tuple[str, Callable[[int], str]], name: str
) -> None:
    dates, spell = style
    quoted = name.replace('"', '""').replace("\0", "")
    body = [f'{on.strftime(dates)};"{quoted}";"{spell(minor)}";EUR;"{text}"' for on, minor, text in rows]
    raw = statement(*body, head="Date;Name;Amount;Currency;Message").encode("utf-8", "replace")
    assert [(line.on, line.money.minor, line.reference) for line in csv_statement.read(raw)] == rows


texts = st.text(max_size=300).map(lambda text: f"Date;Amount;Message\n{text}".encode("utf-8", "replace"))


@given(st.binary(max_size=400) | texts)
def test_any_file_is_read_or_refused_in_one_way(raw: bytes) -> None:
    with contextlib.suppress(StatementRefused):
        csv_statement.read(raw)
