"""Monthly and annual giving through Stripe: begun, renewed, changed, moved, paused, given another card, ended."""

from datetime import UTC, datetime, timedelta

import pytest

from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.port import Declined, Order, Payment, PaymentState, Preview, Rejected, Unclear
from hectograph.payments.processors.stripe.service import Stripe
from tests.payments.conftest import Ours

MONTHLY = Order("b1", Frequency.MONTHLY, Money(500, "EUR"))


def when(ours: Ours, days: float) -> datetime:
    return datetime.fromtimestamp(ours.peer.clock.now, UTC) + timedelta(days=days)


def charged(ours: Ours) -> list[int]:
    return [row["amount"] for row in ours.peer.rows("charges") if row["paid"]]


def replaced(ours: Ours, plan: str, key: str = "w1", **card: object) -> Payment:
    return ours.plans.replace_means(plan, ours.peer.token(**card), key)


def test_a_plan_begins_unpaid_and_is_active_once_its_first_payment_went_through(ours: Ours) -> None:
    ours.web.prepare()
    started = ours.web.start(MONTHLY)
    assert started.payment.startswith("pi_")
    assert started.customer.startswith("cus_")
    assert not ours.plans.terms(started.plan).active
    paid = ours.web.confirm(started, ours.peer.token(country="DE"))
    assert (paid.state, paid.money, paid.plan) == (PaymentState.PAID, Money(500, "EUR"), started.plan)
    terms = ours.plans.terms(started.plan)
    assert (terms.active, terms.frequency, terms.money) == (True, Frequency.MONTHLY, Money(500, "EUR"))
    assert (terms.preview, terms.expires, terms.key) == (Preview("card", "DE"), (2034, 12), "b1")


def test_an_annual_plan_charges_again_in_a_year(ours: Ours) -> None:
    terms = ours.plans.terms(ours.plan(frequency=Frequency.ANNUAL))
    assert terms.frequency is Frequency.ANNUAL
    assert terms.next_on is not None
    assert 364 < (terms.next_on - when(ours, 0)).days < 367


def test_the_same_order_asked_twice_is_one_plan(ours: Ours) -> None:
    ours.web.prepare()
    assert ours.web.start(MONTHLY) == ours.web.start(MONTHLY)
    assert (len(ours.peer.rows("customers")), len(ours.peer.rows("subscriptions"))) == (1, 1)


def test_a_start_that_broke_off_half_way_goes_on_where_it_was(ours: Ours) -> None:
    ours.web.prepare()
    ours.peer.trouble("cut_after", path="/v1/subscriptions")
    with pytest.raises(Unclear):
        ours.web.start(MONTHLY)
    started = ours.web.start(MONTHLY)
    assert [row["id"] for row in ours.peer.rows("subscriptions")] == [started.plan]


def test_the_product_is_made_once(ours: Ours) -> None:
    ours.web.prepare()
    ours.web.prepare()
    assert [row["name"] for row in ours.peer.rows("products")] == ["Contribution"]


def test_a_first_payment_that_was_declined_leaves_no_active_plan(ours: Ours) -> None:
    ours.web.prepare()
    started = ours.web.start(MONTHLY)
    with pytest.raises(Declined):
        ours.web.confirm(started, ours.peer.token(decline="insufficient_funds"))
    assert not ours.plans.terms(started.plan).active
    assert ours.web.cancel(started).state is PaymentState.CANCELLED


def test_a_renewal_is_known_for_its_plan_s(ours: Ours) -> None:
    plan = ours.plan(country="DE")
    ours.peer.clock.advance(days=32)
    assert charged(ours) == [500, 500]
    invoice, renewal = ours.peer.rows("invoices")[-1]["id"], ours.peer.rows("payment_intents")[-1]["id"]
    by_payment, by_invoice = ours.worker.get(renewal), ours.worker.get(invoice)
    assert by_payment == by_invoice
    assert (by_payment.plan, by_payment.key, by_payment.state) == (plan, "", PaymentState.PAID)


@pytest.mark.parametrize(("card", "word"), [({}, "paid_at"), ({"type": "sepa_debit"}, "finalized_at")])
def test_a_renewal_says_when_its_bank_was_asked(ours: Ours, card: dict[str, str], word: str) -> None:
    ours.plan(country="DE", **card)
    ours.peer.clock.advance(days=60)
    invoice, renewal = ours.peer.rows("invoices")[1], ours.peer.rows("payment_intents")[1]["id"]
    asked = datetime.fromtimestamp(invoice["status_transitions"][word], UTC)
    assert ours.worker.get(renewal).asked_at == ours.worker.get(invoice["id"]).asked_at == asked


def test_a_renewal_s_draft_leads_to_its_plan_before_the_card_is_asked(ours: Ours) -> None:
    plan = ours.plan(country="DE")
    due = ours.plans.terms(plan).next_on
    assert due is not None
    ours.peer.clock.advance(int((due - when(ours, 0)).total_seconds()) + 60)
    draft = ours.peer.rows("invoices")[-1]
    assert draft["status"] == "draft"
    assert ours.plans.plan_of(draft["id"]) == plan
    ours.worker.cancel_plan(plan)
    ours.peer.clock.advance(days=40)
    assert charged(ours) == [500]


def test_a_failed_renewal_makes_the_plan_overdue(ours: Ours) -> None:
    plan = ours.plan(renewal="insufficient_funds")
    ours.peer.clock.advance(days=32)
    terms = ours.plans.terms(plan)
    assert (terms.active, terms.overdue) == (True, True)
    ours.peer.clock.advance(days=30)
    assert not ours.plans.terms(plan).active


def test_another_amount_counts_from_the_next_payment_on(ours: Ours) -> None:
    plan = ours.plan(500)
    ours.plans.change_amount(plan, Money(1250, "EUR"), "w1")
    assert charged(ours) == [500]
    assert ours.plans.terms(plan).money == Money(1250, "EUR")
    ours.peer.clock.advance(days=32)
    assert charged(ours) == [500, 1250]


def test_a_plan_can_not_change_its_currency(ours: Ours) -> None:
    plan = ours.plan(500)
    with pytest.raises(Rejected, match="currency"):
        ours.plans.change_amount(plan, Money(500, "USD"), "w1")


def test_another_day_counts_from_the_next_payment_on(ours: Ours) -> None:
    plan, day = ours.plan(500), when(ours, 45)
    ours.plans.move_next(plan, day, "w1")
    assert ours.plans.terms(plan).next_on == day.replace(microsecond=0)
    ours.peer.clock.advance(days=44)
    assert charged(ours) == [500]
    ours.peer.clock.advance(days=2)
    assert charged(ours) == [500, 500]


def test_while_a_plan_is_paused_nothing_is_charged_nor_owed(ours: Ours) -> None:
    plan = ours.plan(500)
    ours.plans.pause(plan, when(ours, 80))
    assert ours.plans.terms(plan).paused
    ours.peer.clock.advance(days=75)
    assert charged(ours) == [500]
    assert {row["status"] for row in ours.peer.rows("invoices")} == {"paid", "void"}
    ours.peer.clock.advance(days=20)
    assert charged(ours) == [500, 500]


def test_a_pause_can_be_taken_away_and_made_again(ours: Ours) -> None:
    plan = ours.plan(500)
    for until, paused in ((when(ours, 80), True), (None, False), (when(ours, 80), True), (None, False)):
        ours.plans.pause(plan, until)
        assert ours.plans.terms(plan).paused is paused


def test_another_card_pays_only_once_it_is_taken_into_use(ours: Ours) -> None:
    plan = ours.plan(country="DE")
    held = replaced(ours, plan, country="FR")
    assert (held.state, held.preview) == (PaymentState.HELD, Preview("card", "FR"))
    assert ours.plans.terms(plan).preview == Preview("card", "DE")
    ours.plans.use_means(plan, held.ref, "w1")
    assert ours.plans.terms(plan).preview == Preview("card", "FR")
    assert charged(ours) == [500]


def test_another_card_s_bank_may_ask_first(ours: Ours) -> None:
    plan = ours.plan(country="DE")
    asked = replaced(ours, plan, country="FR", challenge=True)
    assert (asked.state, asked.secret != "") == (PaymentState.ACTION, True)
    with pytest.raises(Rejected, match="not agreed"):
        ours.plans.use_means(plan, asked.ref, "w1")
    ours.peer.complete_challenge(asked.ref)
    assert ours.web.get(asked.ref).state is PaymentState.HELD
    ours.plans.use_means(plan, asked.ref, "w2")
    assert ours.plans.terms(plan).preview == Preview("card", "FR")


def test_a_card_that_its_bank_refuses_changes_nothing(ours: Ours) -> None:
    plan = ours.plan(country="DE")
    with pytest.raises(Declined):
        replaced(ours, plan, country="FR", decline="expired_card")
    assert ours.plans.terms(plan).preview == Preview("card", "DE")


def test_a_card_given_for_one_plan_does_not_pay_for_another(ours: Ours) -> None:
    first, second = ours.plan(key="b1"), ours.plan(key="b2", country="DE")
    held = replaced(ours, first, country="FR")
    with pytest.raises(Rejected, match="another plan"):
        ours.plans.use_means(second, held.ref, "w1")


def test_another_account_pays_from_the_next_payment_on_under_a_mandate_of_its_own(ours: Ours) -> None:
    plan = ours.plan(type="sepa_debit", country="DE")
    ours.peer.clock.advance(days=10)
    held = replaced(ours, plan, type="sepa_debit", country="FR")
    assert (held.state, held.preview) == (PaymentState.HELD, Preview("sepa_debit", "FR"))
    assert ours.peer.row(held.ref)["mandate"].startswith("mandate_")
    ours.plans.use_means(plan, held.ref, "w1")
    terms = ours.plans.terms(plan)
    assert (terms.preview, terms.expires) == (Preview("sepa_debit", "FR"), None)
    ours.peer.clock.advance(days=40)
    assert [row["payment_method_details"]["sepa_debit"]["country"] for row in ours.peer.rows("charges")] == ["DE", "FR"]


def test_a_plan_that_was_begun_when_cards_alone_were_open_is_paid_from_an_account(ours: Ours) -> None:
    ours.web.prepare()
    started = Stripe(ours.door("web"), methods=("card",)).start(MONTHLY)
    ours.web.confirm(started, ours.peer.token(country="DE"))
    held = replaced(ours, started.plan, type="sepa_debit", country="FR")
    ours.plans.use_means(started.plan, held.ref, "w1")
    ours.peer.clock.advance(days=45)
    assert charged(ours) == [500, 500]


def test_a_card_issued_anew_elsewhere_leads_to_its_plans(ours: Ours) -> None:
    plan, _ = ours.plan(key="b1", country="DE"), ours.plan(key="b2", country="DE")
    means = ours.peer.row(plan)["default_payment_method"]
    ours.peer.flip_country(means, "RU")
    (found,) = ours.plans.using(means)
    assert (found.ref, found.preview) == (plan, Preview("card", "RU"))


def test_every_active_plan_is_listed_and_none_that_ended_or_is_not_ours(ours: Ours) -> None:
    plans = [ours.plan(key=f"b{number}") for number in range(3)]
    ours.plans.pause(plans[0], None)
    ours.web.cancel_plan(plans[1])
    ours.web.start(Order("never-paid", Frequency.MONTHLY, Money(500, "EUR")))
    ours.peer.row(plans[2])["metadata"] = {}
    assert [terms.ref for terms in ours.plans.active_plans()] == [plans[0]]


def test_a_plan_ends_for_good_and_twice_is_once(ours: Ours) -> None:
    plan = ours.plan()
    ours.web.cancel_plan(plan)
    ours.web.cancel_plan(plan)
    assert not ours.plans.terms(plan).active
    ours.peer.clock.advance(days=70)
    assert charged(ours) == [500]


def test_ending_a_plan_that_never_was_is_no_success(ours: Ours) -> None:
    with pytest.raises(Rejected):
        ours.web.cancel_plan("sub_never")
