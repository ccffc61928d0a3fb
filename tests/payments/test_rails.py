"""What every rail promises behind the port. Another rail is a driver in `rails.py`, and this file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.hooks import HookRefused
from hectograph.payments.port import Can, Kind, Order, PaymentState, Rejected, Started
from tests.payments.rails import Rail, StripeRail, TransferRail
from tests.peers.stripe.stand_in import StripeStandIn

EVER = datetime(2000, 1, 1, tzinfo=UTC)


def order(key: str = "a1", minor: int = 1250, currency: str = "EUR") -> Order:
    return Order(key, Frequency.ONCE, Money(minor, currency))


@pytest.fixture(params=["stripe", "transfer"])
def rail(request: pytest.FixtureRequest) -> Iterator[Rail]:
    if request.param == "transfer":
        yield TransferRail()
        return
    with StripeStandIn(start=int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())) as peer:
        yield StripeRail(peer)


def test_a_rail_has_a_name_and_says_what_it_can(rail: Rail) -> None:
    assert rail.processor.name.isidentifier()
    assert rail.processor.can <= frozenset(Can)


def test_the_same_order_is_one_payment_and_another_is_another(rail: Rail) -> None:
    first = rail.processor.start(order("a1"))
    assert rail.processor.start(order("a1")) == first
    assert rail.processor.start(order("a2")).payment != first.payment


def test_a_payment_that_was_started_is_open_and_moved_nothing(rail: Rail) -> None:
    payment = rail.processor.get(rail.processor.start(order()).payment)
    assert (payment.state, payment.received.minor) == (PaymentState.OPEN, 0)
    assert list(rail.processor.list_money(EVER)) == []


def test_a_payment_that_came_is_paid_to_the_cent(rail: Rail) -> None:
    ref = rail.pay(order(minor=1205))
    payment = rail.processor.get(ref)
    assert (payment.state, payment.received) == (PaymentState.PAID, Money(1205, "EUR"))


def test_its_money_is_listed_under_its_reference(rail: Rail) -> None:
    ref = rail.pay(order(minor=1205))
    (movement,) = rail.processor.list_money(EVER)
    assert (movement.kind, movement.payment, movement.amount) == (Kind.CHARGE, ref, 1205)
    assert (movement.currency, movement.net + movement.fee) == ("EUR", movement.amount)


def test_a_movement_is_itself_whenever_it_is_listed(rail: Rail) -> None:
    rail.pay(order("a1"))
    before = {movement.id for movement in rail.processor.list_money(EVER)}
    rail.pay(order("a2"))
    after = {movement.id for movement in rail.processor.list_money(EVER)}
    assert before < after
    assert len(after) == 2


def test_two_payments_alike_are_two_movements(rail: Rail) -> None:
    refs = {rail.pay(order("a1")), rail.pay(order("a2"))}
    assert {movement.payment for movement in rail.processor.list_money(EVER)} == refs


def test_only_what_came_since_is_listed(rail: Rail) -> None:
    rail.pay(order())
    (movement,) = rail.processor.list_money(EVER)
    assert len(list(rail.processor.list_money(movement.created))) == 1
    assert list(rail.processor.list_money(movement.created + timedelta(days=1))) == []


@pytest.mark.parametrize("wrong", [order(minor=0), order(minor=-5), order(currency="XXX")])
def test_an_order_that_no_bank_takes_is_rejected(rail: Rail, wrong: Order) -> None:
    with pytest.raises(Rejected):
        rail.processor.start(wrong)


@pytest.mark.parametrize("ref", ["", "nothing", "../balance", "pi_never", "RF00AAAAAAAAAAA"])
def test_a_reference_that_is_none_is_rejected(rail: Rail, ref: str) -> None:
    with pytest.raises(Rejected):
        rail.processor.get(ref)


def test_what_a_rail_can_not_do_it_rejects(rail: Rail) -> None:
    processor, ref = rail.processor, rail.pay(order())
    asked = {
        Can.CHARGE: [lambda: processor.preview("token"), lambda: processor.confirm(Started(ref), "token"),
                     lambda: processor.capture(ref), lambda: processor.cancel(Started(ref))],
        Can.REFUND: [lambda: processor.refund(ref, Money(100, "EUR"), "k1")],
        Can.PLANS: [lambda: processor.cancel_plan("sub_1")],
    }  # fmt: skip
    for ability, calls in asked.items():
        for call in [] if ability in processor.can else calls:
            with pytest.raises(Rejected):
                call()


def test_what_a_rail_can_give_back_it_gives_back_once(rail: Rail) -> None:
    if Can.REFUND not in rail.processor.can:
        return
    ref = rail.pay(order())
    first = rail.processor.refund(ref, Money(100, "EUR"), "k1")
    assert rail.processor.refund(ref, Money(100, "EUR"), "k1") == first
    assert [movement.amount for movement in rail.processor.list_money(EVER) if movement.kind is Kind.REFUND] == [-100]


@pytest.mark.parametrize("header", ["", "t=1,v1=00", "t=99999999999,v1=" + "0" * 64])
def test_a_webhook_that_is_not_the_service_s_is_refused(rail: Rail, header: str) -> None:
    with pytest.raises(HookRefused):
        rail.processor.verify_webhook(b"{}", header, 1_800_000_000)
