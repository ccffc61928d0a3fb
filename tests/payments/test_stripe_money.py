"""What moves Stripe's balance comes as movements that add up to it, whatever their kind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from hectograph.money import Money
from hectograph.payments.port import Kind, Movement
from hectograph.payments.processors.stripe import movements
from hectograph.support import ledger
from tests.payments.conftest import Ours

EVER = datetime.fromtimestamp(0, UTC)


def moved(ours: Ours) -> list[Movement]:
    return sorted(ours.worker.list_money(EVER), key=lambda movement: movement.id)


def agree(ours: Ours) -> bool:
    sums: dict[str, int] = {}
    for movement in moved(ours):
        assert movement.amount == movement.net + movement.fee
        sums[movement.currency] = sums.get(movement.currency, 0) + movement.net
    return sums == ours.worker.balance()


def test_a_gift_moves_the_balance_by_what_is_left_of_it(ours: Ours) -> None:
    taken = ours.paid(500, "EUR", country="DE")
    (movement,) = moved(ours)
    assert (movement.kind, movement.amount, movement.fee, movement.currency) == (Kind.CHARGE, 500, 33, "EUR")
    assert (movement.payment, movement.original, movement.rate) == (taken.ref, None, "")
    assert movement.created == datetime.fromtimestamp(ours.peer.clock.now, UTC)
    assert agree(ours)


def test_a_gift_in_another_currency_keeps_what_was_paid_and_the_service_s_own_rate(ours: Ours) -> None:
    ours.paid(1000, "USD")
    (movement,) = moved(ours)
    assert (movement.currency, movement.original) == ("EUR", Money(1000, "USD"))
    assert movement.rate == f"{ours.peer.rows('balance_transactions')[0]['exchange_rate']:f}".rstrip("0")


def test_each_kind_is_told_apart_and_all_add_up(ours: Ours) -> None:
    taken = [ours.paid(2000, "EUR", key=f"a{number}", country="DE") for number in range(4)]
    charge = {payment.ref: row["id"] for payment, row in zip(taken, ours.peer.rows("charges"), strict=True)}
    refund = ours.operator.refund(taken[0].ref, Money(500, "EUR"), "k1")
    ours.peer.fail_refund(refund)
    ours.peer.win(ours.peer.dispute(charge[taken[1].ref])["id"])
    ours.peer.lose(ours.peer.dispute(charge[taken[2].ref])["id"])
    ours.peer.fee(150)
    ours.peer.unknown_money(-7)
    ours.peer.clock.advance(days=8)
    if payout := ours.peer.payout():
        ours.peer.fail_payout(payout["id"])
    assert {movement.kind for movement in moved(ours)} >= set(Kind) - {Kind.PAYOUT, Kind.PAYOUT_FAILED, Kind.EXCHANGE}
    assert agree(ours)


def test_a_payout_and_its_failure_cancel_out(ours: Ours) -> None:
    ours.paid(5000)
    ours.peer.clock.advance(days=4)
    payout = ours.peer.payout("eur", 1000)
    assert payout is not None
    ours.peer.fail_payout(payout["id"])
    ours_alone = [movement for movement in moved(ours) if movement.source == payout["id"]]
    assert {(movement.kind, movement.net) for movement in ours_alone} == {
        (Kind.PAYOUT, -1000),
        (Kind.PAYOUT_FAILED, 1000),
    }
    assert agree(ours)


def test_a_refund_and_a_dispute_name_the_payment_that_they_are_of(ours: Ours) -> None:
    taken = ours.paid(2000)
    ours.operator.refund(taken.ref, Money(500, "EUR"), "k1")
    ours.peer.dispute(ours.peer.rows("charges")[0]["id"])
    assert {movement.payment for movement in moved(ours)} == {taken.ref}


def test_a_kind_of_next_year_is_no_error(ours: Ours) -> None:
    ours.peer.unknown_money(-7, kind="quantum_fee")
    (movement,) = moved(ours)
    assert (movement.kind, movement.own_kind, movement.net) == (Kind.OTHER, "quantum_fee", -7)


def test_lists_longer_than_a_page_come_whole_and_once(ours: Ours) -> None:
    for _ in range(250):
        ours.peer.pay(200, country="DE")
    assert len({movement.id for movement in moved(ours)}) == len(moved(ours)) == 250
    assert agree(ours)


def test_only_what_came_since_is_listed(ours: Ours) -> None:
    ours.peer.pay(200)
    ours.peer.clock.advance(days=1)
    since = datetime.fromtimestamp(ours.peer.clock.now, UTC)
    ours.peer.pay(300)
    assert [movement.amount for movement in ours.worker.list_money(since)] == [300]


def _types() -> Iterator[str]:
    for arm in get_args(stripe.BalanceTransaction.__annotations__["type"]):
        yield from (word for word in get_args(arm) if isinstance(word, str))


NOT_OURS = """
advance anticipation_repayment application_fee climate_order connect_collection contribution fee_credit inbound issuing
obligation payment_network_reserve payment_unreconciled payout_minimum reserve stripe_balance tax_fund topup transfer
"""


@pytest.mark.parametrize("word", sorted(_types()))
def test_every_type_that_the_library_knows_is_ours_or_known_not_to_be(word: str) -> None:
    row = {
        "type": word,
        "reporting_category": "",
        "net": 1,
        "amount": 1,
        "fee": 0,
        "currency": "eur",
        "created": 0,
        "id": "t",
    }
    known = movements.movement(row).kind is not Kind.OTHER
    assert known != (word == "adjustment" or word.startswith(tuple(NOT_OURS.split())))


rows = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1),
        "type": st.sampled_from(sorted(_types())) | st.text(),
        "reporting_category": st.text() | st.sampled_from(["dispute", "dispute_reversal", "charge"]),
        "amount": st.integers(-(10**12), 10**12),
        "fee": st.integers(-(10**6), 10**6),
        "net": st.integers(-(10**12), 10**12),
        "currency": st.sampled_from(["eur", "usd", "jpy"]),
        "created": st.integers(0, 2**32),
        "source": st.none()
        | st.text()
        | st.fixed_dictionaries({"id": st.text()}, optional={"payment_intent": st.text()}),
        "exchange_rate": st.none() | st.floats(1e-9, 1e9),
    }
)


@given(rows)
def test_whatever_comes_the_three_numbers_are_kept(row: dict[str, Any]) -> None:
    movement = movements.movement(row)
    assert (movement.amount, movement.fee, movement.net) == (row["amount"], row["fee"], row["net"])
    assert "e" not in movement.rate.lower()


@pytest.mark.parametrize("numbers", [(150, 0, 150), (50_000, 1_234, 48_766), (-50, 0, -50)])
def test_a_fraction_that_a_currency_has_not_stops_no_sweep_and_lies_in_suspense(numbers: tuple[int, int, int]) -> None:
    amount, fee, net = numbers
    row = {"id": "txn_1", "type": "charge", "currency": "isk", "created": 1, "amount": amount, "fee": fee, "net": net}
    moved = movements.movement(row)
    assert (moved.kind, moved.net, moved.amount, moved.fee) == (Kind.OTHER, net // 100, net // 100, 0)
    assert not ledger.post(moved).understood
    assert movements.movement(row | {"amount": 50_000, "fee": 1_200, "net": 48_800}).kind is Kind.CHARGE
