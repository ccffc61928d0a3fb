"""The stand-in's money: each movement is listed once, and the balance is always the sum of what is listed."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stripe import InvalidRequestError

from tests.peers.stripe.stand_in import StripeStandIn


@pytest.fixture
def peer() -> Iterator[StripeStandIn]:
    with StripeStandIn() as peer:
        yield peer


def kinds(peer: StripeStandIn) -> list[tuple[str, int, int]]:
    return [(row["type"], row["amount"], row["fee"]) for row in peer.rows("balance_transactions")]


def sums(peer: StripeStandIn) -> dict[tuple[str, str], int]:
    """What the list of transactions, read through the SDK, adds up to: by currency and status."""
    found: Counter[tuple[str, str]] = Counter()
    for row in peer.client("worker").v1.balance_transactions.list({"limit": 100}).auto_paging_iter():
        found[row.currency, row.status] += row.net
    return {key: value for key, value in found.items() if value}


def balance(peer: StripeStandIn) -> dict[tuple[str, str], int]:
    held = peer.client("worker").v1.balance.retrieve()
    parts = [(part.currency, "available", part.amount) for part in held.available]
    parts += [(part.currency, "pending", part.amount) for part in held.pending]
    return {(currency, status): amount for currency, status, amount in parts if amount}


@given(st.integers(0, 10_000), st.sampled_from([("eur",), ("eur", "usd"), ("usd",)]))
@settings(max_examples=8, deadline=None)
def test_the_balance_is_the_sum_of_its_transactions(seed: int, settles: tuple[str, ...]) -> None:
    with StripeStandIn(seed=seed, settles=settles) as peer:
        peer.random_acts(300)
        assert balance(peer) == sums(peer)


def test_the_same_seed_does_the_same() -> None:
    start = 1_800_000_000
    peers = [StripeStandIn(seed=4, start=start), StripeStandIn(seed=4, start=start)]
    for peer in peers:
        peer.random_acts(200)
    assert peers[0].rows("balance_transactions") == peers[1].rows("balance_transactions")


def test_money_of_another_currency_is_turned_into_ours_at_the_days_rate(peer: StripeStandIn) -> None:
    peer.pay(1000, "usd", country="US")
    row = peer.rows("balance_transactions")[0]
    assert (row["currency"], row["amount"]) == ("eur", round(1000 * row["exchange_rate"]))


def test_money_is_pending_until_its_day(peer: StripeStandIn) -> None:
    peer.pay(1000, "eur")
    assert {status for _, status in balance(peer)} == {"pending"}
    peer.clock.advance(days=3)
    assert {status for _, status in balance(peer)} == {"available"}


def test_a_refund_keeps_the_fee(peer: StripeStandIn) -> None:
    charge = peer.pay(1000, "eur", country="DE")["latest_charge"]
    peer.refund(charge, 400)
    peer.refund(charge)
    assert kinds(peer) == [("charge", 1000, 40), ("refund", -400, 0), ("refund", -600, 0)]


def test_no_more_is_refunded_than_was_paid(peer: StripeStandIn) -> None:
    charge = peer.pay(1000, "eur")["latest_charge"]
    client = peer.client("operator")
    with pytest.raises(InvalidRequestError, match="greater than unrefunded"):
        client.v1.refunds.create({"charge": charge, "amount": 1001})
    client.v1.refunds.create({"charge": charge})
    with pytest.raises(InvalidRequestError) as error:
        client.v1.refunds.create({"charge": charge})
    assert error.value.code == "charge_already_refunded"


def test_a_refund_may_fail_a_day_later_and_the_money_is_back(peer: StripeStandIn) -> None:
    charge = peer.pay(1000, "eur", number="4000000000005126")["latest_charge"]
    refund = peer.client("operator").v1.refunds.create({"charge": charge})
    peer.clock.advance(days=1)
    assert peer.client("worker").v1.refunds.retrieve(refund.id).status == "failed"
    assert [kind for kind, *_ in kinds(peer)] == ["charge", "refund", "refund_failure"]


def test_a_dispute_takes_the_money_and_a_fee_and_gives_both_back_when_won(peer: StripeStandIn) -> None:
    charge = peer.pay(1000, "eur", country="DE")["latest_charge"]
    dispute = peer.dispute(charge)
    peer.win(dispute["id"])
    assert kinds(peer) == [("charge", 1000, 40), ("adjustment", -1000, 2000), ("adjustment", 1000, -2000)]


def test_a_loss_is_accepted_through_the_api_once(peer: StripeStandIn) -> None:
    peer.pay(1000, "eur", number="4000000000000259")
    name = peer.rows("disputes")[0]["id"]
    client = peer.client("tester")
    assert client.v1.disputes.close(name).status == "lost"
    with pytest.raises(InvalidRequestError):
        client.v1.disputes.close(name)


def test_an_inquiry_takes_nothing(peer: StripeStandIn) -> None:
    peer.dispute(peer.pay(1000, "eur")["latest_charge"], inquiry=True)
    assert len(kinds(peer)) == 1


def test_a_disputed_charge_is_not_refunded(peer: StripeStandIn) -> None:
    charge = peer.pay(1000, "eur", number="4000000000000259")["latest_charge"]
    with pytest.raises(InvalidRequestError, match="charged back"):
        peer.client("operator").v1.refunds.create({"charge": charge})


def test_a_debit_may_be_taken_back_after_it_came(peer: StripeStandIn) -> None:
    peer.pay(1000, "eur", type="sepa_debit", country="DE", later="bounces")
    peer.clock.advance(days=10)
    assert kinds(peer) == [("payment", 1000, 35), ("payment_failure_refund", -1000, 0)]


def test_a_payout_empties_what_is_available_and_may_come_back(peer: StripeStandIn) -> None:
    peer.pay(1000, "eur", country="DE")
    assert peer.payout() is None
    peer.clock.advance(days=3)
    payout = peer.payout() or {}
    peer.clock.advance(days=2)
    assert (payout["amount"], payout["status"]) == (960, "paid")
    peer.fail_payout(payout["id"])
    assert [kind for kind, *_ in kinds(peer)] == ["charge", "payout", "payout_failure"]


def test_what_is_available_is_paid_out_every_day(peer: StripeStandIn) -> None:
    peer.payouts_every_day()
    for _ in range(5):
        peer.pay(1000, "eur", country="DE")
        peer.clock.advance(days=1)
    assert [row["amount"] for row in peer.rows("payouts")] == [960, 960, 960]


def test_a_fee_of_the_processors_own_has_no_event(peer: StripeStandIn) -> None:
    peer.fee(150)
    assert (kinds(peer), peer.rows("events")) == ([("stripe_fee", -150, 0)], [])


def test_money_of_a_kind_that_nobody_knows_is_listed(peer: StripeStandIn) -> None:
    peer.unknown_money(-7, kind="quantum_fee")
    assert peer.client("worker").v1.balance_transactions.list().data[0].type == "quantum_fee"


@pytest.mark.soak
def test_the_balance_is_the_sum_of_its_transactions_at_ten_thousand_acts() -> None:
    for seed in range(5):
        with StripeStandIn(seed=seed, settles=("eur", "usd")) as peer:
            peer.random_acts(10_000)
            assert balance(peer) == sums(peer)
