"""Every movement is booked, whatever it is, and nothing is made or lost on the way."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.payments.port import Kind, Movement
from hectograph.support.ledger import Account, Entry, post

_WHEN = datetime(2026, 11, 1, tzinfo=UTC)
_MINOR = st.integers(min_value=-(10**12), max_value=10**12)


def moved(kind: Kind, amount: int, fee: int, net: int | None = None) -> Movement:
    return Movement("txn_1", kind, amount, fee, amount - fee if net is None else net, "EUR", _WHEN)


movements = st.builds(moved, st.sampled_from(Kind), _MINOR, _MINOR, st.none() | _MINOR)


@given(movements)
def test_the_entries_of_any_movement_add_up_to_zero(movement: Movement) -> None:
    assert sum(entry.minor for entry in post(movement).entries) == 0


@given(movements)
def test_what_the_service_holds_moves_by_net_and_by_nothing_else(movement: Movement) -> None:
    held = [entry.minor for entry in post(movement).entries if entry.account is Account.PROCESSOR]
    assert held == ([movement.net] if movement.net else [])


@given(movements)
def test_no_entry_is_of_nothing_and_no_account_comes_twice(movement: Movement) -> None:
    entries = post(movement).entries
    assert all(entry.minor for entry in entries)
    assert len({entry.account for entry in entries}) == len(entries)


def test_a_charge_is_income_less_the_fee() -> None:
    assert post(moved(Kind.CHARGE, 1000, 59)).entries == (
        Entry(Account.PROCESSOR, 941),
        Entry(Account.FEES, 59),
        Entry(Account.CONTRIBUTIONS, -1000),
    )


def test_a_refund_that_failed_takes_the_refund_back() -> None:
    sums = dict.fromkeys(Account, 0)
    for movement in (moved(Kind.REFUND, -1000, 0), moved(Kind.REFUND_FAILED, 1000, 0)):
        for entry in post(movement).entries:
            sums[entry.account] += entry.minor
    assert set(sums.values()) == {0}


def test_a_disputes_fee_is_a_fee_and_its_amount_is_not() -> None:
    assert post(moved(Kind.DISPUTE, -1000, 1500)).entries == (
        Entry(Account.PROCESSOR, -2500),
        Entry(Account.FEES, 1500),
        Entry(Account.DISPUTES, 1000),
    )


def test_a_fee_alone_is_one_expense_however_the_service_writes_it() -> None:
    as_amount, as_fee = post(moved(Kind.FEE, -30, 0)), post(moved(Kind.FEE, 0, 30))
    assert as_amount.entries == as_fee.entries == (Entry(Account.PROCESSOR, -30), Entry(Account.FEES, 30))


@pytest.mark.parametrize("movement", [moved(Kind.OTHER, 700, 0), moved(Kind.CHARGE, 1000, 59, net=900)])
def test_what_is_not_understood_goes_to_suspense(movement: Movement) -> None:
    txn = post(movement)
    assert not txn.understood
    assert Account.CONTRIBUTIONS not in {entry.account for entry in txn.entries}


def test_a_movement_of_nothing_books_nothing() -> None:
    assert post(moved(Kind.OTHER, 0, 0)).entries == ()
