"""One gift through Stripe: what is asked of it, what it answers, and what is true when an answer is lost."""

from datetime import UTC, datetime

import pytest

from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.port import (
    Declined,
    Forbidden,
    Order,
    PaymentState,
    Preview,
    Rejected,
    ServiceProblem,
    Started,
    Unclear,
    Unreachable,
)
from hectograph.payments.processors.stripe.door import Door
from hectograph.payments.processors.stripe.service import Stripe
from tests.payments.conftest import Ours

ORDER = Order("a1", Frequency.ONCE, Money(500, "EUR"))
START = "POST /v1/payment_intents"


def test_a_preview_reads_the_token_and_makes_nothing(ours: Ours) -> None:
    token = ours.peer.token(country="RU", name="Canary Name", email="canary@example.org")
    assert ours.web.preview(token) == Preview("card", "RU")
    assert ours.peer.calls() == [f"GET /v1/confirmation_tokens/{token}"]
    assert not ours.peer.rows("payment_intents")


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        ({"country": "DE", "wallet": "apple_pay"}, Preview("card", "DE", "apple_pay")),
        ({"country": None}, Preview("card", "")),
        ({"country": "ru "}, Preview("card", "ru ")),
        ({"type": "sepa_debit", "country": "AT"}, Preview("sepa_debit", "AT")),
        ({"type": "link", "email": "canary@example.org"}, Preview("link", "")),
        ({"type": "paypal"}, Preview("paypal", "")),
    ],
)
def test_a_preview_says_the_country_as_the_service_does(ours: Ours, card: dict[str, str], shown: Preview) -> None:
    assert ours.web.preview(ours.peer.token(**card)) == shown


def test_a_card_is_held_first_and_taken_then(ours: Ours) -> None:
    started, token = ours.begun(country="DE")
    held = ours.web.confirm(started, token)
    assert (held.state, held.money, held.received) == (PaymentState.HELD, Money(500, "EUR"), Money(0, "EUR"))
    assert held.preview == Preview("card", "DE")
    taken = ours.web.capture(held.ref)
    assert (taken.state, taken.received, taken.key) == (PaymentState.PAID, Money(500, "EUR"), "a1")
    assert ours.worker.get(held.ref) == taken


def test_a_country_that_turns_out_another_is_seen_before_money_is_taken(ours: Ours) -> None:
    started, token = ours.begun(country="DE", then_country="RU")
    assert ours.web.preview(token).country == "DE"
    held = ours.web.confirm(started, token)
    assert (held.state, held.preview) == (PaymentState.HELD, Preview("card", "RU"))
    assert ours.web.cancel(started).state is PaymentState.CANCELLED
    assert ours.worker.balance() == {"EUR": 0}


def test_a_debit_is_on_its_way_for_days(ours: Ours) -> None:
    started, token = ours.begun(type="sepa_debit", country="DE")
    assert ours.web.confirm(started, token).state is PaymentState.PROCESSING
    ours.peer.clock.advance(days=10)
    assert ours.web.get(started.payment).state is PaymentState.PAID


def test_a_debit_exists_in_euros_alone(ours: Ours) -> None:
    ours.begun(currency="USD", key="a2")
    ours.begun(currency="EUR", key="a3")
    methods = [call.params["allowed_payment_method_types"] for call in ours.peer.requests if str(call) == START]
    assert methods == [["card"], ["card", "sepa_debit"]]


def test_a_bank_s_challenge_is_handed_on_and_ends_as_held(ours: Ours) -> None:
    started, token = ours.begun(country="FR", challenge=True)
    asked = ours.web.confirm(started, token)
    assert asked.state is PaymentState.ACTION
    assert asked.secret.startswith(started.payment)
    ours.peer.complete_challenge(started.payment)
    assert ours.web.get(started.payment).state is PaymentState.HELD


def test_a_failed_challenge_says_so(ours: Ours) -> None:
    started, token = ours.begun(country="FR", challenge=True)
    ours.web.confirm(started, token)
    ours.peer.fail_challenge(started.payment)
    failed = ours.web.get(started.payment)
    assert (failed.state, failed.reason) == (PaymentState.FAILED, "challenge")


@pytest.mark.parametrize(
    ("decline", "reason"),
    [
        ("insufficient_funds", "funds"),
        ("expired_card", "expired"),
        ("stolen_card", "card"),
        ("card_velocity_exceeded", "limit"),
        ("processing_error", "try-later"),
        ("a_word_of_next_year", "card"),
    ],
)
def test_a_no_of_the_bank_comes_in_a_word_of_ours(ours: Ours, decline: str, reason: str) -> None:
    started, token = ours.begun(country="US", decline=decline)
    with pytest.raises(Declined) as error:
        ours.web.confirm(started, token)
    assert error.value.reason == reason
    assert ours.web.get(started.payment).reason == reason


def test_after_a_no_another_card_may_pay_the_same_payment(ours: Ours) -> None:
    started, token = ours.begun(country="US", decline="insufficient_funds")
    with pytest.raises(Declined):
        ours.web.confirm(started, token)
    assert ours.web.confirm(started, ours.peer.token(country="US")).state is PaymentState.HELD


def test_the_same_order_asked_twice_is_one_payment(ours: Ours) -> None:
    assert ours.web.start(ORDER) == ours.web.start(ORDER)
    assert len(ours.peer.rows("payment_intents")) == 1


def test_the_same_token_confirmed_twice_is_one_charge(ours: Ours) -> None:
    started, token = ours.begun()
    assert ours.web.confirm(started, token) == ours.web.confirm(started, token)
    assert len(ours.peer.rows("charges")) == 1


def test_the_same_wish_has_the_same_key_and_another_token_another(ours: Ours) -> None:
    started, token = ours.begun()
    for one in (token, token, ours.peer.token()):
        ours.web.confirm(started, one)
    first, again, other = [call.idempotency_key for call in ours.peer.requests if call.path.endswith("/confirm")]
    assert first == again != other


def test_a_second_token_after_the_first_was_held_charges_nothing(ours: Ours) -> None:
    started, token = ours.begun()
    held = ours.web.confirm(started, token)
    assert ours.web.confirm(started, ours.peer.token()) == held
    assert len(ours.peer.rows("charges")) == 1


def test_a_token_is_used_once(ours: Ours) -> None:
    started, token = ours.begun()
    ours.web.confirm(started, token)
    other, _ = ours.begun(key="a2")
    with pytest.raises(Rejected):
        ours.web.confirm(other, token)


def test_money_is_taken_once_however_often_it_is_asked_for(ours: Ours) -> None:
    started, token = ours.begun()
    ours.web.confirm(started, token)
    assert ours.web.capture(started.payment) == ours.web.capture(started.payment)
    assert ours.worker.balance()["EUR"] > 0
    assert len(ours.peer.rows("balance_transactions")) == 1


def test_cancelling_what_was_paid_says_paid(ours: Ours) -> None:
    taken = ours.paid()
    assert ours.web.cancel(Started(taken.ref)).state is PaymentState.PAID


@pytest.mark.parametrize("trouble", ["500_after", "cut_after"])
def test_an_answer_lost_after_the_charge_is_unclear_and_found_out_by_asking(ours: Ours, trouble: str) -> None:
    started, token = ours.begun()
    ours.peer.trouble(trouble, path=f"/v1/payment_intents/{started.payment}/confirm")
    with pytest.raises(Unclear):
        ours.web.confirm(started, token)
    assert ours.web.get(started.payment).state is PaymentState.HELD
    assert len(ours.peer.rows("charges")) == 1


def test_a_capture_whose_answer_was_lost_may_be_asked_again(ours: Ours) -> None:
    started, token = ours.begun()
    ours.web.confirm(started, token)
    ours.peer.trouble("500", path=f"/v1/payment_intents/{started.payment}/capture")
    with pytest.raises(Unclear):
        ours.web.capture(started.payment)
    assert ours.web.capture(started.payment).state is PaymentState.PAID


@pytest.mark.parametrize("trouble", ["500", "500_after", "cut_after", "down"])
def test_a_start_without_an_answer_is_unclear(ours: Ours, trouble: str) -> None:
    ours.peer.trouble(trouble, path="/v1/payment_intents")
    with pytest.raises(Unclear):
        ours.web.start(ORDER)


def test_too_many_requests_did_nothing(ours: Ours) -> None:
    ours.peer.trouble("429", path="/v1/payment_intents")
    with pytest.raises(Unreachable):
        ours.web.start(ORDER)


@pytest.mark.parametrize("trouble", ["500", "down", "429", "cut_after"])
def test_reading_never_leaves_a_doubt(ours: Ours, trouble: str) -> None:
    token = ours.peer.token()
    ours.peer.trouble(trouble)
    with pytest.raises(Unreachable):
        ours.web.preview(token)


def test_a_service_that_is_gone_did_nothing(ours: Ours) -> None:
    nobody = Stripe(Door(ours.peer.keys.web, live=False, api="http://127.0.0.1:9", stand_in=True))
    with pytest.raises(Unreachable):
        nobody.start(ORDER)


def test_nothing_is_retried_by_the_library(ours: Ours) -> None:
    ours.peer.trouble("500", times=None)
    with pytest.raises(ServiceProblem):
        ours.web.start(ORDER)
    assert ours.peer.calls() == [START]


def test_a_key_that_may_not_is_told_apart(ours: Ours) -> None:
    with pytest.raises(Forbidden, match="does not let our key"):
        ours.operator.start(ORDER)


def test_a_problem_carries_nothing_of_the_library_s_error(ours: Ours) -> None:
    started, token = ours.begun(decline="stolen_card", name="Canary Name", email="canary@example.org")
    with pytest.raises(Declined) as error:
        ours.web.confirm(started, token)
    assert (error.value.__cause__, error.value.__context__) == (None, None)
    assert "anary" not in str(error.value) + repr(error.value)


def test_an_order_below_the_service_s_least_is_rejected(ours: Ours) -> None:
    with pytest.raises(Rejected):
        ours.web.start(Order("a9", Frequency.ONCE, Money(49, "EUR")))


def test_a_refund_is_made_once_under_its_key(ours: Ours) -> None:
    taken = ours.paid()
    assert ours.operator.refund(taken.ref, Money(200, "EUR"), "k1") == ours.operator.refund(
        taken.ref, Money(200, "EUR"), "k1"
    )
    assert [row["amount"] for row in ours.peer.rows("refunds")] == [200]


@pytest.mark.parametrize("money", [Money(501, "EUR"), Money(500, "USD"), Money(0, "EUR"), Money(-5, "EUR")])
def test_a_refund_of_more_or_of_another_currency_is_rejected(ours: Ours, money: Money) -> None:
    taken = ours.paid()
    with pytest.raises(Rejected):
        ours.operator.refund(taken.ref, money, "k1")


def test_what_a_hint_names_leads_to_its_payment(ours: Ours) -> None:
    taken = ours.paid()
    refund = ours.operator.refund(taken.ref, Money(100, "EUR"), "k1")
    charge = ours.peer.rows("charges")[0]["id"]
    dispute, warning = ours.peer.dispute(charge)["id"], ours.peer.warn(charge)["id"]
    assert {ours.worker.get(name).ref for name in (charge, refund, dispute, warning)} == {taken.ref}


def test_what_belongs_to_no_payment_is_rejected(ours: Ours) -> None:
    with pytest.raises(Rejected):
        ours.worker.get("po_1")


@pytest.mark.parametrize(
    "token", ["", "../balance", "..", "ctoken_1?expand[]=x", "ctoken_1/../x", "ctoken_1#", "a b", "x" * 300]
)
def test_a_token_that_is_no_id_leads_nowhere(ours: Ours, token: str) -> None:
    with pytest.raises(Rejected):
        ours.web.preview(token)
    assert ours.peer.calls() == []


def test_lost_hints_are_found_by_asking(ours: Ours) -> None:
    taken = ours.paid()
    hints = list(ours.worker.hints(datetime.fromtimestamp(0, UTC)))
    assert ("payment_intent.succeeded", taken.ref) in {(hint.type, hint.object) for hint in hints}


def test_one_event_that_is_odd_stops_none_behind_it(ours: Ours) -> None:
    ours.paid()
    whole = len(list(ours.worker.hints(datetime.fromtimestamp(0, UTC))))
    ours.peer.rows("events")[1]["type"] = "Of Next Year"
    assert len(list(ours.worker.hints(datetime.fromtimestamp(0, UTC)))) == whole - 1
