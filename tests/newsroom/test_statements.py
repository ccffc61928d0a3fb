"""Bank transfers, whole: a reference is handed out, a statement comes, and the books have what came."""

import io
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.newsroom import transfers
from hectograph.newsroom.command import support_command
from hectograph.newsroom.flows import statements
from hectograph.newsroom.rails import open_rails
from hectograph.payments.forms import Frequency
from hectograph.payments.port import Order
from hectograph.payments.processors.transfer import reference
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.payments.processors.transfer.lines import StatementRefused
from hectograph.support import receipt
from hectograph.support.booking import held
from hectograph.support.contribution import Contribution, State
from tests.payments.test_transfer_camt import details, document, entry

pytestmark = pytest.mark.django_db
REF = reference.make("a1")
IBAN = "DE89370400440532013000"


@pytest.fixture(autouse=True)
def account(settings: SimpleNamespace) -> None:
    settings.HECTO_SUPPORT_METHODS = ["transfer"]
    settings.HECTO_TRANSFER_HOLDER, settings.HECTO_TRANSFER_IBAN = "Courier in Exile", IBAN


def expected(ref: str = REF, minor: int = 2500) -> Contribution:
    terms = {"frequency": "once", "minor": minor, "currency": "EUR", "day": date(2026, 11, 20)}
    return Contribution.objects.create(uuid=uuid4(), processor="transfer", ref=ref, receipt=receipt.new(), **terms)


def csv(*rows: str) -> bytes:
    return "\n".join(["Date;Name;Amount;Currency;Message", *rows, ""]).encode()


def row(amount: str = "25.00", ref: str = REF, day: str = "2026-11-24", currency: str = "EUR") -> str:
    return f"{day};Anna Canary;{amount};{currency};gift {reference.shown(ref)}"


def take(raw: bytes) -> statements.Taken:
    return statements.take(transfers.account(), raw, Layout(), timezone.now())


def test_what_came_is_booked_and_its_contribution_is_paid() -> None:
    gift = expected()
    assert take(csv(row(), "2026-11-24;Landlord;-700.00;EUR;rent")) == statements.Taken(2, 1, 1, 0)
    gift.refresh_from_db()
    assert (gift.state, gift.minor, gift.day) == (State.PAID, 2500, date(2026, 11, 24))
    assert held("transfer") == {"EUR": 2500}


def test_statements_that_overlap_book_each_gift_once() -> None:
    expected()
    take(csv(row()))
    assert take(csv(row(), row(day="2026-11-25"))).new == 1
    assert take(csv(row(), row(day="2026-11-25"))).new == 0
    assert held("transfer") == {"EUR": 5000}


def numbered(*numbers: str) -> bytes:
    """The same gift as `row`, as the bank itself numbers it."""
    return document(*(entry(details=details()).replace("X1", number) for number in numbers))


@pytest.mark.parametrize(("first", "second"), [(csv(row()), numbered("X1")), (numbered("X1"), csv(row()))])
def test_a_gift_that_both_forms_of_a_statement_list_is_booked_once(first: bytes, second: bytes) -> None:
    expected()
    assert take(first).new == 1
    assert take(second).new == 0
    assert take(first).new == 0
    assert held("transfer") == {"EUR": 2500}


@pytest.mark.parametrize(("first", "second"), [
    (csv(row()), numbered("X1", "X2")),
    (numbered("X1"), csv(row(), row())),
    (numbered("X1"), numbered("X2")),
])  # fmt: skip
def test_two_gifts_alike_stay_two_whichever_form_lists_them(first: bytes, second: bytes) -> None:
    expected()
    take(first)
    assert take(second).new == 1
    assert [take(again).new for again in (first, second)] == [0, 0]
    assert held("transfer") == {"EUR": 5000}


def test_what_the_other_form_has_is_shown_as_booked() -> None:
    expected()
    take(csv(row()))
    _, found = statements.look(transfers.account(), numbered("X1", "X2"), Layout())
    assert [match.is_booked for match in found] == [True, False]


def test_another_sum_than_was_chosen_is_the_one_that_counts() -> None:
    gift = expected(minor=2500)
    take(csv(row("20.00"), row("1.50")))
    gift.refresh_from_db()
    assert (gift.state, gift.minor) == (State.PAID, 2150)


def test_another_currency_than_was_chosen_stays_itself() -> None:
    gift = expected()
    take(csv(row("25.00", currency="USD")))
    gift.refresh_from_db()
    assert (gift.minor, gift.currency, held("transfer")) == (2500, "USD", {"USD": 2500})


def test_money_sent_back_is_given_back_in_the_books() -> None:
    gift = expected()
    take(csv(row(), row("-25.00", day="2026-11-30")))
    gift.refresh_from_db()
    assert (gift.state, held("transfer")) == (State.REFUNDED, {"EUR": 0})


def test_a_reference_that_was_forgotten_is_booked_and_counted() -> None:
    assert take(csv(row(ref=reference.make("long ago")))) == statements.Taken(1, 1, 1, 1)


def test_a_statement_that_is_refused_books_nothing() -> None:
    expected()
    with pytest.raises(StatementRefused):
        take(csv(row(), "2026-11-25;Anna Canary;ten;EUR;x"))
    assert held("transfer") == {}


def test_no_name_of_a_payer_is_anywhere_in_the_database() -> None:
    expected()
    take(csv(row()))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "canary" not in repr(cursor.fetchall()).lower()


def test_the_page_s_words_come_with_the_reference() -> None:
    started = open_rails().ways["transfer"].start(Order("a1", Frequency.ONCE, Money(2500, "EUR")))
    assert started.words["reference"] == reference.shown(REF)
    assert started.words["account"].replace(" ", "") == IBAN


def test_without_an_account_the_settings_to_make_are_named(settings: SimpleNamespace) -> None:
    settings.HECTO_TRANSFER_IBAN = ""
    with pytest.raises(Problem, match="HECTO_TRANSFER_IBAN"):
        open_rails()


def test_the_command_tells_in_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    expected()
    words = {"date": "", "amount": "", "text": [], "side": "", "separator": "", "decimals": "", "dates": ""}
    support_command._statement(SimpleNamespace(file=io.BytesIO(csv(row())), **words))  # type: ignore[arg-type]
    out = capsys.readouterr().out
    assert "1 bookings read, 1 of them under references of ours: 1 are new" in out
    assert "anary" not in out
