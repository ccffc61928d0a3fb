"""The gate: who may give is decided before a payment exists, and every payment is made once or not at all."""

from dataclasses import replace
from uuid import uuid4

import pytest

from hectograph.money import Money
from hectograph.newsroom.flows import give
from hectograph.payments.policy import Policy
from hectograph.payments.port import PaymentState, Unclear, Unreachable
from hectograph.readers.intake_state import Tally
from hectograph.readers.outbox_row import Outgoing
from hectograph.support.attempt import Attempt
from hectograph.support.contribution import Contribution, State
from hectograph.support.fuse import Alarm
from hectograph.support.intent import Intent
from hectograph.support.plan import Plan, Wish
from tests.newsroom.giving import Giving

pytestmark = pytest.mark.django_db


@pytest.fixture
def giving() -> Giving:
    return Giving()


def test_a_gift_is_held_looked_at_and_taken(giving: Giving) -> None:
    attempt = giving.press()
    giving.work()
    assert giving.bank.calls == ["preview", "start", "confirm", "capture"]
    assert giving.page(attempt) == "paid"
    row = Contribution.objects.get()
    assert (row.state, row.minor, row.currency, row.uuid) == (State.PAID, 500, "EUR", attempt.intent.uuid)
    assert giving.words(attempt) == {"receipt": row.receipt}


@pytest.mark.parametrize("frequency", ["once", "monthly", "annual"])
@pytest.mark.parametrize("country", ["RU", "BY", "xx", "ru", " RU ", "ZZ"])
def test_a_protected_or_unknown_card_leaves_but_the_reading_of_its_token(
    giving: Giving, country: str, frequency: str
) -> None:
    attempt = giving.press(f"tok_{country}", frequency=frequency)
    giving.work()
    assert giving.bank.calls == ["preview"]
    assert (giving.page(attempt), giving.words(attempt)) == ("refused", {})
    assert not Intent.objects.exists()
    assert not Attempt.objects.exists()
    assert [(row.what, row.count) for row in Tally.objects.all()] == [("gift refused", 1)]


def test_without_a_policy_nobody_can_pay(giving: Giving) -> None:
    giving.policy = None
    attempt = giving.press()
    giving.work()
    assert giving.page(attempt) == "refused"
    assert giving.bank.calls == []


def test_a_country_of_caution_is_asked_once_more(giving: Giving) -> None:
    first = giving.press("tok_KZ")
    giving.work()
    assert (giving.page(first), giving.bank.calls) == ("caution", ["preview"])
    second = giving.press("tok_KZ_2", first.intent.uuid, caution=True)
    giving.work()
    assert giving.page(second) == "paid"


def test_a_country_that_turns_out_another_is_let_go_of_before_anything_is_taken(giving: Giving) -> None:
    attempt = giving.press("tok_DE_turned")
    giving.work()
    assert (giving.page(attempt), giving.words(attempt)) == ("refused", {"asked": "country"})
    assert giving.bank.charges.total() == 0
    assert [made.state for made in giving.bank.payments.values()] == [PaymentState.CANCELLED]
    assert Alarm.objects.get().about == "pi_1"


def test_a_held_payment_of_another_amount_is_let_go_of_and_the_card_is_not_blamed(giving: Giving) -> None:
    attempt = giving.press("tok_DE")

    def another_amount(call: str) -> None:
        if call == "confirm":
            made = giving.bank.payments["pi_1"]
            made.order = replace(made.order, money=Money(made.order.money.minor * 100, "EUR"))

    giving.bank.after = another_amount
    giving.work()
    assert (giving.page(attempt), giving.words(attempt)) == ("refused", {"asked": "terms"})
    assert (giving.bank.charges.total(), Alarm.objects.get().kind) == (0, "a held payment was not as agreed")


def test_a_held_card_that_turns_out_from_a_country_of_caution_is_told_as_one(giving: Giving) -> None:
    giving.policy = Policy(1, caution=frozenset())
    attempt = giving.press("tok_KZ")

    def newer_policy(call: str) -> None:
        giving.policy = Policy(2) if call == "confirm" else giving.policy

    giving.bank.after = newer_policy
    giving.work()
    assert (giving.page(attempt), giving.words(attempt)) == ("refused", {"asked": "caution"})
    assert giving.bank.charges.total() == 0


@pytest.mark.parametrize("money", [Money(50_000, "EUR"), Money(499, "EUR"), Money(500, "USD")])
@pytest.mark.parametrize("frequency", ["once", "monthly"])
def test_another_amount_or_currency_than_agreed_is_let_go_of_or_calls_a_person(
    giving: Giving, frequency: str, money: Money
) -> None:
    def swap(call: str) -> None:
        if call == "confirm":
            made = giving.bank.payments["pi_1"]
            made.order = replace(made.order, money=money)

    giving.bank.before = swap
    attempt = giving.press(frequency=frequency)
    giving.work()
    assert giving.bank.charges.total() == (frequency == "monthly")  # a plan's first charge can't be held
    assert (giving.page(attempt) == "paid") is (frequency == "monthly")
    assert "as agreed" in Alarm.objects.get().kind
    assert Wish.objects.filter(act="cancel").exists() is (frequency == "monthly")


def test_after_a_held_card_was_refused_another_pays_under_the_same_intent(giving: Giving) -> None:
    first = giving.press("tok_DE_turned")
    giving.work()
    second = giving.press("tok_FR", first.intent.uuid)
    giving.work()
    assert (giving.page(second), giving.bank.charges.total()) == ("paid", 1)


def test_a_plan_paid_from_another_country_calls_a_person_and_is_not_paid_back_by_itself(giving: Giving) -> None:
    attempt = giving.press("tok_DE_turned", frequency="monthly")
    giving.work()
    assert giving.page(attempt) == "paid"
    assert "refund" not in giving.bank.calls
    assert Alarm.objects.get().kind == "a payment was not as agreed"
    assert Wish.objects.get().act == "cancel"
    assert not Outgoing.objects.exists()


def test_a_decline_is_told_with_its_reason_and_another_card_may_follow(giving: Giving) -> None:
    first = giving.press("tok_DE_declined")
    giving.work()
    assert (giving.page(first), giving.words(first)) == ("declined", {"reason": "funds"})
    second = giving.press("tok_FR", first.intent.uuid)
    giving.work()
    assert giving.page(second) == "paid"
    assert giving.bank.charges.total() == len(giving.bank.payments) == 1


def test_twenty_presses_at_once_are_one_payment(giving: Giving) -> None:
    intent = uuid4()
    presses = [giving.press(f"tok_DE_{number}", intent) for number in range(20)]
    giving.work()
    pages = [giving.page(press) for press in presses]
    assert sorted(pages) == ["already"] * 19 + ["paid"]
    assert len(giving.bank.payments) == giving.bank.charges.total() == Contribution.objects.count() == 1


def test_nothing_is_begun_after_its_time(giving: Giving) -> None:
    attempt = giving.press()
    giving.clock.wait(seconds=121)
    giving.work()
    assert (giving.page(attempt), giving.bank.calls) == ("expired", [])


@pytest.mark.parametrize("call", ["preview", "start"])
def test_no_bank_is_asked_after_its_time_though_it_was_begun_in_time(giving: Giving, call: str) -> None:
    giving.bank.after = lambda made: giving.clock.wait(seconds=121) if made == call else None
    attempt = giving.press()
    giving.work()
    assert giving.page(attempt) == "expired"
    assert "confirm" not in giving.bank.calls


def test_a_service_that_is_down_all_the_time_makes_it_expire_unpaid(giving: Giving) -> None:
    def down(call: str) -> None:
        raise Unreachable("Down.")

    giving.bank.before = down
    attempt = giving.press()
    for _ in range(10):
        giving.work()
        giving.clock.wait(seconds=20)
    assert giving.page(attempt) == "expired"
    giving.bank.before = lambda call: None
    giving.clock.wait(hours=25)
    giving.work()
    assert giving.bank.charges.total() == 0


def test_after_a_silence_the_payment_is_asked_and_not_made_anew(giving: Giving) -> None:
    def silent(call: str) -> None:
        if call == "confirm":
            raise Unclear("No answer.")

    giving.bank.after = silent
    attempt = giving.press()
    give.carry(giving.till(), attempt.pk)
    assert giving.page(attempt) == "unknown"
    giving.bank.after = lambda call: None
    giving.clock.wait(seconds=2)
    giving.work()
    assert giving.page(attempt) == "paid"
    assert giving.bank.charges.total() == len(giving.bank.payments) == 1


def test_a_question_that_got_lost_is_let_go_of_once_it_is_too_late(giving: Giving) -> None:
    def lost(call: str) -> None:
        if call == "confirm":
            raise Unclear("No answer.")

    giving.bank.before = lost
    attempt = giving.press()
    give.carry(giving.till(), attempt.pk)
    giving.clock.wait(hours=25)
    giving.work()
    assert giving.page(attempt) == "expired"
    assert [made.state for made in giving.bank.payments.values()] == [PaymentState.CANCELLED]


def test_what_a_bank_held_while_we_were_away_is_not_taken_a_day_later(giving: Giving) -> None:
    def died(call: str) -> None:
        if call == "confirm":
            raise Unclear("No answer.")

    giving.bank.after = died
    attempt = giving.press()
    give.carry(giving.till(), attempt.pk)
    giving.bank.after = lambda call: None
    giving.clock.wait(hours=25)
    giving.work()
    assert (giving.page(attempt), giving.bank.charges.total()) == ("expired", 0)


def test_a_banks_question_is_shown_and_its_answer_taken(giving: Giving) -> None:
    attempt = giving.press("tok_DE_challenge")
    giving.work()
    assert (giving.page(attempt), giving.words(attempt)) == ("action", {"secret": "pi_1_secret"})
    giving.bank.answer_challenge("pi_1")
    giving.clock.wait(seconds=11)
    giving.work()
    assert (giving.page(attempt), giving.bank.charges.total()) == ("paid", 1)


def test_a_banks_question_that_was_answered_wrong_is_a_decline_and_its_secret_is_worth_nothing(giving: Giving) -> None:
    attempt = giving.press("tok_DE_challenge")
    giving.work()
    giving.bank.answer_challenge("pi_1", passed=False)
    giving.clock.wait(seconds=11)
    giving.work()
    assert (giving.page(attempt), giving.words(attempt)) == ("declined", {"reason": "challenge"})
    assert giving.bank.payments["pi_1"].state is PaymentState.CANCELLED


def test_a_banks_question_that_nobody_answers_ends_unpaid(giving: Giving) -> None:
    attempt = giving.press("tok_DE_challenge")
    giving.work()
    giving.clock.wait(minutes=16)
    giving.work()
    assert giving.page(attempt) == "expired"
    giving.bank.answer_challenge("pi_1")
    assert giving.bank.charges.total() == 0


def test_another_card_while_the_bank_still_asks_is_one_charge(giving: Giving) -> None:
    first = giving.press("tok_DE_challenge")
    giving.work()
    second = giving.press("tok_FR", first.intent.uuid)
    for _ in range(4):
        giving.work()
        giving.clock.wait(seconds=2)
    assert (giving.page(first), giving.page(second)) == ("expired", "paid")
    giving.bank.answer_challenge("pi_1")
    assert giving.bank.charges.total() == 1


def test_without_a_cashier_a_press_expires_unpaid(giving: Giving) -> None:
    attempt = giving.press()
    assert give.expire(giving.clock()) == 0
    giving.clock.wait(seconds=121)
    assert give.expire(giving.clock()) == 1
    assert (giving.page(attempt), giving.bank.calls) == ("expired", [])


def test_a_debit_is_on_its_way_for_days_and_then_paid(giving: Giving) -> None:
    attempt = giving.press("tok_DE_debit", method="sepa")
    giving.work()
    assert giving.page(attempt) == "processing"
    assert Contribution.objects.get().state == State.PROCESSING
    giving.bank.payments["pi_1"].state = PaymentState.PAID
    giving.clock.wait(days=3)
    giving.work()
    assert Contribution.objects.get().state == State.PAID
    assert Attempt.objects.get().step == "over"


def test_a_debit_that_failed_is_no_gift(giving: Giving) -> None:
    giving.press("tok_DE_debit", method="sepa")
    giving.work()
    giving.bank.payments["pi_1"].state = PaymentState.FAILED
    giving.clock.wait(days=3)
    giving.work()
    assert Contribution.objects.get().state == State.FAILED


@pytest.mark.parametrize("frequency", ["monthly", "annual"])
def test_a_plan_is_written_down_with_when_it_charges_next(giving: Giving, frequency: str) -> None:
    attempt = giving.press(frequency=frequency)
    giving.work()
    plan = Plan.objects.get()
    assert (plan.sub_ref, plan.frequency, plan.card_expires) == ("sub_1", frequency, "2029-03")
    assert plan.next_on is not None
    assert giving.words(attempt) == {"plan": plan.uuid.hex, "epoch": "1", "language": "en"}
    assert Contribution.objects.get().plan == plan


def test_two_cashiers_do_not_take_up_the_same(giving: Giving) -> None:
    attempt = giving.press()
    other = giving.till("other")
    giving.bank.before = lambda call: none.append(give.carry(other, attempt.pk)) if call == "confirm" else None  # type: ignore[func-returns-value]
    none: list[bool] = []
    giving.work()
    assert none == [False]
    assert giving.bank.charges.total() == 1
