"""The publisher's pages of money: who may see them, what they say, and that they name nobody."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hectograph.newsroom.access import accounts
from hectograph.newsroom.staff import Staff
from hectograph.support import fuse, receipt
from hectograph.support.booking import book
from hectograph.support.contribution import Contribution, State
from hectograph.support.operator_action import OperatorAction
from hectograph.support.plan import Plan
from hectograph.support.refund import Refund
from tests.support.given import given
from tests.support.movements import moved

BOARD, RECEIPTS, REFUND = "/admin/newsroom/money/", "/admin/newsroom/money/receipts/", "/admin/newsroom/money/refund/"
SHEETS = [f"/admin/newsroom/money/ledger/{kind}/2026/11/" for kind in ("entries", "days")]


def person(role: str) -> Client:
    client = Client()
    accounts.create_staff(f"of-{role}", "a-long-enough-password", role=role)
    staff = Staff.objects.get(username=f"of-{role}")
    client.force_login(staff, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def publisher(newsroom: Any) -> Client:
    return person("publisher")


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_the_books_are_closed_to_those_who_write(newsroom: Any, role: str) -> None:
    client = person(role)
    answers = [client.get(address) for address in (BOARD, RECEIPTS, *SHEETS)]
    answers += [client.post(address) for address in (BOARD, RECEIPTS, REFUND, *SHEETS)]
    assert {answer.status_code for answer in answers} == {403}
    assert BOARD not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", ["publisher", "operator"])
def test_the_books_are_open_to_publisher_and_operator(newsroom: Any, role: str) -> None:
    client = person(role)
    assert {client.get(address).status_code for address in (BOARD, RECEIPTS, *SHEETS)} == {200}
    assert BOARD in client.get("/admin/").content.decode()


def test_a_stranger_is_led_to_the_door(newsroom: Any) -> None:
    assert Client().get(BOARD).status_code == 302


def test_before_anything_came_the_board_says_what_will_stand_there(publisher: Client) -> None:
    assert "Nothing came in yet" in publisher.get(BOARD).content.decode()


def gifts(count: int, **values: object) -> None:
    start = Contribution.objects.count()
    for number in range(start, start + count):
        given(number, **{"day": timezone.localdate(), **values})


def test_sums_stand_by_frequency_and_appeal(publisher: Client) -> None:
    gifts(30, minor=500, frequency="monthly", appeal="autumn")
    gifts(20, minor=2_000)
    page = publisher.get(BOARD).content.decode()
    for words in ("550.00 EUR", "150.00 EUR", "400.00 EUR", "autumn", "The standing message", "Monthly"):
        assert words in page


@pytest.mark.parametrize(("count", "is_drawn"), [(19, False), (20, True)])
def test_a_chart_without_a_day_that_may_be_seen_is_not_drawn(publisher: Client, count: int, is_drawn: bool) -> None:
    gifts(count, minor=500)
    page = publisher.get(BOARD).content.decode()
    assert ('<svg class="newsroom-chart"' in page) is is_drawn
    assert ("there is nothing to draw" in page) is not is_drawn


def test_quarters_of_two_currencies_are_told_apart_even_when_hidden(publisher: Client) -> None:
    gifts(3, minor=500)
    gifts(3, minor=500, currency="USD")
    page = publisher.get(BOARD).content.decode().partition("For grant reports")[2]
    assert ("<td>EUR</td>" in page, "<td>USD</td>" in page) == (True, True)


def test_fewer_than_twenty_are_hidden_and_so_is_what_would_tell_of_them(publisher: Client) -> None:
    gifts(3, minor=77_700, appeal="small")
    gifts(40, minor=500, appeal="large")
    page = publisher.get(BOARD).content.decode()
    assert "2\u202f331.00" not in page  # the three
    assert ">200.00" not in page  # the forty: the total less them is the three
    assert "2\u202f531.00 EUR" in page


def test_what_was_given_back_is_taken_off(publisher: Client) -> None:
    gifts(30, minor=1_000)
    Contribution.objects.filter(ref="pi_0").update(state=State.REFUNDED_PART, refunded=400)
    Contribution.objects.filter(ref="pi_1").update(state=State.REFUNDED, refunded=1_000)
    assert "286.00 EUR" in publisher.get(BOARD).content.decode()


def plan(number: int, **values: Any) -> None:
    known = {"processor": "peer", "frequency": "monthly", "minor": 500, "currency": "EUR", "language": "en"}
    known |= {"sub_ref": f"sub_{number}", "uuid": f"00000000-0000-4000-8000-{number:012d}"}
    Plan.objects.create(**{**known, "started_on": date(2026, 1, 1), **values})


def test_plans_are_counted_by_the_month_with_those_that_ended(publisher: Client) -> None:
    for number in range(36):
        plan(number)
    for number in range(36, 40):
        plan(number, state="ended", ended_on=timezone.localdate() - timedelta(days=3))
    page = publisher.get(BOARD).content.decode()
    assert "180.00 EUR" in page
    assert "10.0 %" in page


def test_an_export_is_a_table_of_the_month(publisher: Client) -> None:
    book("peer", [moved(1), moved(2, currency="JPY")])
    answer = publisher.get(SHEETS[0])
    rows = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0][:4] == ["day", "time (UTC)", "service", "transaction"]
    assert len(rows) == 1 + 6
    assert "ledger-entries-2026-11.csv" in answer["Content-Disposition"]


def test_an_export_that_is_none_is_not_found(publisher: Client) -> None:
    for address in ("secrets/2026/11/", "entries/2026/13/", "entries/0/1/", "days/99999/1/"):
        assert publisher.get(f"/admin/newsroom/money/ledger/{address}").status_code == 404


def test_a_receipt_is_found_however_it_is_typed(publisher: Client) -> None:
    row = given(1, minor=1_250)
    page = publisher.post(RECEIPTS, {"code": row.receipt.replace("-", " ").lower()}).content.decode()
    assert "12.50 EUR" in page
    assert "pi_1" in page


def test_before_a_refund_stands_what_it_does_at_the_givers_bank(publisher: Client) -> None:
    page = publisher.post(RECEIPTS, {"code": given(1).receipt}).content.decode()
    warning, _, _ = page.partition("Give it back</button>")
    assert "giver's bank records" in warning
    assert "Make none towards a country where giving to us is a crime" in warning


def test_a_code_that_is_none_finds_nothing(publisher: Client) -> None:
    given(1)
    for code in ("", "7K3F", "x" * 400, "AAAA-AAAA-AAAB", "'; DROP TABLE"):
        page = publisher.post(RECEIPTS, {"code": code}).content.decode()
        assert "pi_1" not in page
        assert "help-critical" in page


def test_a_code_that_nobody_has_finds_nothing(publisher: Client) -> None:
    page = publisher.post(RECEIPTS, {"code": receipt.new()}).content.decode()
    assert "No contribution has this code" in page


def test_a_refund_is_asked_for_with_the_name_of_who_asked(publisher: Client) -> None:
    row = given(1, minor=1_250)
    page = publisher.post(REFUND, {"contribution": row.pk, "amount": "2,50"}, follow=True).content.decode()
    wanted = Refund.objects.get()
    assert (wanted.minor, wanted.by) == (250, "of-publisher")
    assert "2.50 EUR will be given back" in page
    assert OperatorAction.objects.filter(act="refund", about="pi_1").exists()


def test_a_refund_of_no_amount_or_of_too_much_is_not_asked_for(publisher: Client) -> None:
    row = given(1, minor=1_250)
    for amount in ("", "-1", "12.51", "1e1", "0", "NaN"):
        publisher.post(REFUND, {"contribution": row.pk, "amount": amount})
    assert not Refund.objects.exists()


def test_a_refund_of_nothing_that_exists_is_told(publisher: Client) -> None:
    for number in ("", "9", "x", "9" * 40):
        page = publisher.post(REFUND, {"contribution": number, "amount": "1"}, follow=True).content.decode()
        assert "There is no such contribution" in page


def test_looking_changes_nothing(publisher: Client) -> None:
    row = given(1)
    assert publisher.get(REFUND, {"contribution": row.pk, "amount": "1"}).status_code == 405
    assert not Refund.objects.exists()


def test_a_transfer_is_given_back_by_the_newsrooms_own_bank_and_the_page_says_so(publisher: Client) -> None:
    row = given(1, processor="transfer")
    page = publisher.post(RECEIPTS, {"code": row.receipt}).content.decode()
    assert "newsroom's own bank" in page
    assert "Give it back</button>" not in page
    page = publisher.post(REFUND, {"contribution": row.pk, "amount": "1"}, follow=True).content.decode()
    assert "will be given back" not in page
    assert "own bank" in page
    assert not Refund.objects.exists()


def test_a_payment_that_crossed_the_wish_to_end_is_offered_back_in_one_press(publisher: Client) -> None:
    row = given(1, minor=1_250)
    given(2)
    fuse.alarm(fuse.CHARGED_LATE, "pi_1", timezone.now())
    page = publisher.get(RECEIPTS).content.decode()
    assert row.receipt in page
    publisher.post(REFUND, {"contribution": row.pk, "amount": "12.50"})
    assert Refund.objects.get().minor == 1_250
    assert row.receipt not in publisher.get(RECEIPTS).content.decode()
