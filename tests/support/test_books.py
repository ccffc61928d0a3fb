"""The books: each movement once, added up, and never changed again, by the word of the database itself."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from hectograph.payments.port import Kind
from hectograph.support.booking import Booked, book, held
from hectograph.support.books import LedgerAccount, LedgerEntry, LedgerTxn
from tests.support.movements import WHEN, moved

EUR = "asset:processor:peer:EUR"
FEES = "expense:fees:peer:EUR"


@pytest.mark.django_db
def test_a_movement_is_booked_once_however_often_it_comes() -> None:
    assert book("peer", [moved(1), moved(1)]) == Booked(1)
    assert book("peer", [moved(1), moved(2)]) == Booked(1)
    assert held("peer") == {"EUR": 2 * 941}


@pytest.mark.django_db
def test_two_services_may_use_the_same_numbers() -> None:
    book("peer", [moved(1)])
    book("bank", [moved(1, amount=5, fee=0)])
    assert (held("peer"), held("bank")) == ({"EUR": 941}, {"EUR": 5})


@pytest.mark.django_db
def test_currencies_stay_apart() -> None:
    book("peer", [moved(1), moved(2, currency="USD")])
    assert held("peer") == {"EUR": 941, "USD": 941}


@pytest.mark.django_db
def test_what_is_not_understood_is_booked_and_told() -> None:
    assert book("peer", [moved(1, kind=Kind.OTHER)]) == Booked(1, 1)
    assert held("peer") == {"EUR": 941}


@pytest.mark.django_db
def test_a_batch_asks_the_database_as_often_as_a_single_movement(django_assert_max_num_queries: Callable) -> None:
    book("peer", [moved(0)])
    with django_assert_max_num_queries(12):
        book("peer", [moved(number) for number in range(1, 301)])


_CHANGES = [
    "UPDATE support_ledgerentry SET minor = minor + 1",
    "DELETE FROM support_ledgerentry",
    "UPDATE support_ledgertxn SET payment = 'pi_other'",
    "DELETE FROM support_ledgertxn",
    "UPDATE support_ledgeraccount SET currency = 'USD'",
    "DELETE FROM support_ledgeraccount",
]
_OWN_WAYS = {
    "sqlite": [
        f"INSERT OR REPLACE INTO support_ledgerentry (txn_id, account_id, minor) VALUES ('peer:txn_1', '{EUR}', 7)",
        "INSERT OR REPLACE INTO support_ledgertxn SELECT * FROM support_ledgertxn",
        "INSERT OR REPLACE INTO support_ledgeraccount SELECT * FROM support_ledgeraccount",
    ],
    "postgresql": ["TRUNCATE support_ledgerentry", "TRUNCATE support_ledgeraccount CASCADE"],
}


@pytest.mark.parametrize("change", [*_CHANGES, *_OWN_WAYS[connection.vendor]])
def test_the_database_refuses_to_change_or_take_away_a_row(books: None, change: str) -> None:
    book("peer", [moved(1)])
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(change)
    assert held("peer") == {"EUR": 941}


def write(entries: list[tuple[str, int]], ref: str = "peer:x") -> None:
    """A transaction with `entries` as they are, entries first, committed."""
    with transaction.atomic():
        LedgerEntry.objects.bulk_create(
            LedgerEntry(txn_id=ref, account_id=code, minor=minor) for code, minor in entries
        )
        LedgerTxn.objects.create(ref=ref, rail="peer", kind=Kind.OTHER, at=WHEN)


@pytest.fixture
def accounts(books: None) -> None:
    for code in (EUR, FEES, "asset:processor:peer:USD", "asset:processor:bank:EUR"):
        *role, rail, currency = code.split(":")
        LedgerAccount.objects.create(code=code, role=":".join(role), rail=rail, currency=currency)


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [(EUR, 100)],
        [(EUR, 100), (FEES, -99)],
        [(EUR, 100), ("asset:processor:peer:USD", -100)],
        [(EUR, 100), ("asset:processor:bank:EUR", -100)],
        [(EUR, 0), (FEES, 0)],
        [(EUR, 100), ("expense:none:peer:EUR", -100)],
    ],
    ids=["none", "one-sided", "a cent short", "two currencies", "another rail's", "of nothing", "no such account"],
)
def test_no_transaction_stands_that_does_not_add_up(accounts: None, entries: list[tuple[str, int]]) -> None:
    with pytest.raises(IntegrityError):
        write(entries)
    assert not LedgerTxn.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_an_entry_without_its_transaction_is_not_kept(accounts: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(txn_id="peer:x", account_id=EUR, minor=1)
    assert not LedgerEntry.objects.exists()


def test_nothing_is_added_to_a_transaction_that_stands(accounts: None) -> None:
    write([(EUR, 100), (FEES, -100)])
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(txn_id="peer:x", account_id="asset:processor:peer:USD", minor=1)
    assert LedgerEntry.objects.aggregate(Sum("minor")) == {"minor__sum": 0}


def test_an_account_is_what_its_code_says(books: None) -> None:
    with pytest.raises(IntegrityError):
        LedgerAccount.objects.create(code=EUR, role="asset:processor", rail="peer", currency="USD")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one after the other anyhow")
def test_many_at_once_book_each_movement_once(books: None) -> None:
    def one() -> None:
        try:
            book("peer", [moved(number) for number in range(20)])
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held("peer") == {"EUR": 20 * 941}
    assert LedgerTxn.objects.count() == 20
