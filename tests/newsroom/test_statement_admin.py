"""A bank's statement in the admin: looked at, then booked; no name of it is shown, kept or written anywhere."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from hectograph.newsroom.flows import statements
from hectograph.payments.processors.transfer import reference
from hectograph.payments.processors.transfer.lines import LARGEST
from hectograph.support import alarms
from hectograph.support.booking import held
from hectograph.support.contribution import Contribution, State
from hectograph.support.operator_action import OperatorAction
from tests.newsroom.test_money_admin import person
from tests.newsroom.test_statements import IBAN, REF, account, csv, expected, row, take

__all__ = ["account"]  # a fixture, used by itself
PAGE, ENTER = "/admin/newsroom/money/statement/", "/admin/newsroom/money/statement/enter/"


@pytest.fixture
def publisher(newsroom: Any) -> Client:
    return person("publisher")


def give(client: Client, raw: bytes, **fields: str) -> str:
    file = SimpleUploadedFile("Anna Canary.csv", raw)
    answer = client.post(PAGE, {"file": file, **fields})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def waiting(page: str) -> str:
    found = re.search(r'name="lines" value="([^"]*)"', page)
    assert found
    return found[1]


def enter(client: Client, page: str) -> HttpResponse:
    return client.post(ENTER, {"lines": waiting(page)}, follow=True)


def test_a_statement_is_looked_at_and_then_booked(publisher: Client) -> None:
    gift = expected()
    page = give(publisher, csv(row(), "2026-11-24;Landlord;-700.00;EUR;rent"))
    assert "2 bookings. Under references of ours: 1" in page
    assert "25.00 EUR" in page
    assert reference.shown(REF) in page
    assert held("transfer") == {}
    assert "Booked: 1 new" in enter(publisher, page).content.decode()
    gift.refresh_from_db()
    assert (gift.state, held("transfer")) == (State.PAID, {"EUR": 2500})
    assert OperatorAction.objects.get(act="statement").by == "of-publisher"


def test_neither_press_shows_or_keeps_a_name(publisher: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    expected()
    page = give(publisher, csv(row()))
    booked = enter(publisher, page).content.decode()
    assert "canary" not in (page + booked + caplog.text + str(OperatorAction.objects.values())).lower()


def test_what_is_in_the_books_is_not_offered_again_and_two_presses_book_once(publisher: Client) -> None:
    expected()
    page = give(publisher, csv(row()))
    enter(publisher, page), enter(publisher, page)
    assert held("transfer") == {"EUR": 2500}
    assert "There is nothing new to book" in give(publisher, csv(row()))


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff", b"<xml", b"a;b\n1;2\n", csv(row("ten")), b"<Document/>", b"x" * 10_000]
)
def test_what_is_no_statement_gets_a_sentence_and_books_nothing(publisher: Client, raw: bytes) -> None:
    page = give(publisher, raw)
    assert 'role="alert"' in page
    assert "Traceback" not in page
    assert held("transfer") == {}


def test_no_file_and_one_that_is_too_large_get_a_sentence(publisher: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no file" in publisher.post(PAGE).content.decode()
    monkeypatch.setattr("hectograph.newsroom.editing.statement_board.LARGEST", 10)
    assert LARGEST > 10
    assert "too large" in give(publisher, csv(row()))


def test_without_an_account_the_setting_is_named(publisher: Client, settings: Any) -> None:
    settings.HECTO_TRANSFER_IBAN = ""
    assert "HECTO_TRANSFER_IBAN" in give(publisher, csv(row()))


@pytest.mark.parametrize("lines", ["", "x", "W10:1a2b:c3d4"])
def test_lines_that_the_page_did_not_hand_out_are_not_booked(publisher: Client, lines: str) -> None:
    answer = publisher.post(ENTER, {"lines": lines}, follow=True)
    assert "too long ago" in answer.content.decode()
    assert held("transfer") == {}


def test_columns_of_an_unknown_bank_can_be_named(publisher: Client) -> None:
    expected()
    raw = f"Tag|Wieviel|Wozu\n24.11.2026|25,00|{reference.shown(REF)}\n".encode()
    assert 'role="alert"' in give(publisher, raw)
    named = {"date": "Tag", "amount": "Wieviel", "text": "Wozu", "separator": "|", "dates": "%d.%m.%Y"}
    assert "25.00 EUR" in give(publisher, raw, **named, decimals=",")


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_it_is_closed_to_those_who_write(newsroom: Any, role: str) -> None:
    client = person(role)
    answers = [client.get(PAGE), client.post(PAGE), client.post(ENTER)]
    assert {answer.status_code for answer in answers} == {403}


def test_a_look_books_nothing_and_no_file_is_written(publisher: Client, tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    (tmp_path / "uploads").mkdir()
    give(publisher, csv(*[row(day="2026-11-24")] * 9_000))
    assert list((tmp_path / "uploads").iterdir()) == []
    assert publisher.get(ENTER).status_code == 405
    assert not Contribution.objects.exists()


# --- a bank that fell silent ------------------------------------------------------------------------------------------


def daily(days: int, until: date) -> bytes:
    return csv(*(row(day=(until - timedelta(days=day)).isoformat()) for day in range(days)))


def test_a_bank_account_that_fell_silent_is_told_once_a_statement_shows_it(db: None) -> None:
    now = timezone.now()
    take(daily(25, now.date() - timedelta(days=20)))
    alarm = alarms.silent_rails(now)
    assert alarm is not None
    assert "bank transfer" in alarm.message
    take(daily(2, now.date()))
    assert alarms.silent_rails(now) is None  # it was silent for as long before


def test_a_statement_that_nobody_takes_in_is_missed_and_days_between_two_are_no_silence(db: None) -> None:
    now = timezone.now()
    take(daily(25, now.date()))
    assert alarms.silent_rails(now + timedelta(days=30)) is None
    alarm = alarms.silent_rails(now + timedelta(days=36))
    assert alarm is not None
    assert "No bank statement" in alarm.message


def test_a_newsroom_to_which_nothing_ever_came_by_transfer_misses_nothing(db: None) -> None:
    take(csv())
    assert alarms.silent_rails(timezone.now() + timedelta(days=400)) is None
    assert statements.Taken(0, 0, 0, 0) == take(csv())
    assert IBAN
