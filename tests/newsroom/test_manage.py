"""A supporter's wishes, renewals, and the day on which giving becomes a crime: plans after their first payment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hectograph.newsroom.flows import give, giving_intake, manage, notices, protect, renewals
from hectograph.payments.hooks import Hint
from hectograph.payments.policy import Policy
from hectograph.payments.port import Payment, PaymentState, Preview, Unreachable
from hectograph.readers import contact
from hectograph.readers import vault as vaults
from hectograph.readers.contact_row import Contact
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.vault import Vault
from hectograph.support import wishes
from hectograph.support.contribution import Contribution
from hectograph.support.fuse import Alarm
from hectograph.support.operator_action import OperatorAction
from hectograph.support.plan import Plan, Wish
from hectograph.support.policy_row import PolicyRow
from hectograph.support.telling import Telling
from tests.newsroom.bank import Made
from tests.newsroom.giving import START, Giving

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(tmp_path: Path) -> Vault:
    return vaults.make(tmp_path / "opener", START)


@pytest.fixture
def giving() -> Giving:
    return Giving()


def planned(giving: Giving, opened: Vault, token: str = "tok_DE", frequency: str = "monthly") -> Plan:
    """A plan that began, with a contact."""
    number = contact.keep(opened, "giver@example.org", "plan", "en", START + timedelta(days=14))
    attempt = giving.press(token, frequency=frequency, contact=number)
    giving.work()
    return Plan.objects.get(sub_ref=giving.bank.payments[attempt.intent.__class__.objects.get().payment].plan)


def wish(giving: Giving, plan: Plan, act: str, status: str = "m" * 22, **words: Any) -> str:
    """What the page says after the wish was put down and worked off."""
    asked = {"number": plan.uuid.hex, "epoch": plan.link_epoch, "id": status, "act": act} | words
    desk = giving.press().desk_id or 0
    giving_intake.manage(None, asked, giving.clock(), desk)  # type: ignore[arg-type]
    work(giving)
    plan.refresh_from_db()
    return Telling.objects.get(status=status).state


def work(giving: Giving) -> None:
    for pk in wishes.due(giving.clock(), 100):
        manage.carry(giving.till(), pk)


def mails(plan: Plan) -> list[str]:
    return list(Outgoing.objects.filter(contact__number=plan.contact).order_by("pk").values_list("kind", flat=True))


def test_a_new_plan_is_thanked_for_with_code_and_link(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    mail = Outgoing.objects.get()
    assert mail.kind == "plan-thanks"
    assert mail.words["code"] == Contribution.objects.get().receipt
    assert mail.words["amount"] == "€5"
    assert mail.links["manage"][1:] == [plan.uuid.hex, 500, "1"]


def test_a_plan_is_cancelled_in_one_step_and_twice_is_once(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, "cancel") == "done"
    assert wish(giving, plan, "cancel", "n" * 22) == "done"
    assert plan.state == Plan.State.ENDED
    assert not giving.bank.plans[plan.sub_ref].active
    assert giving.bank.calls.count("cancel_plan") == 1
    assert mails(plan) == ["plan-thanks", "plan-ended"]
    assert Contact.objects.get().expires_at == giving.clock() + timedelta(days=30)


def test_a_cancelling_waits_for_a_service_that_is_down(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)

    def down(call: str) -> None:
        raise Unreachable("Down.")

    giving.bank.before = down
    assert wish(giving, plan, "cancel") == "under-way"
    assert plan.state == Plan.State.ENDING
    giving.bank.before = lambda call: None
    giving.clock.wait(hours=1)
    work(giving)
    assert not giving.bank.plans[plan.sub_ref].active


@pytest.mark.parametrize(
    ("act", "words", "call"),
    [
        ("amount", {"minor": 900}, "change_amount"),
        ("date", {"on": "2026-12-10"}, "move_next"),
        ("pause", {"pause_until": "2027-02-01"}, "pause"),
        ("go-on", {}, "pause"),
    ],
)
def test_amount_date_and_pause_change_at_the_service_and_here(
    giving: Giving, opened: Vault, act: str, words: dict[str, Any], call: str
) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, act, **words) == "done"
    assert giving.bank.calls.count(call) == 1
    expected: dict[str, Callable[[], bool]] = {
        "amount": lambda: plan.minor == 900 and giving.bank.plans[plan.sub_ref].money.minor == 900,
        "date": lambda: plan.next_on == date(2026, 12, 10),
        "pause": lambda: plan.state == "paused" and plan.paused_until == date(2027, 2, 1),
        "go-on": lambda: plan.state == "active" and plan.paused_until is None,
    }
    assert expected[act]()


def test_a_new_link_makes_older_ones_worthless(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    old = plan.link_epoch
    assert wish(giving, plan, "link") == "done"
    plan.link_epoch = old
    assert wish(giving, plan, "cancel", "n" * 22) == "failed"
    assert plan.state == Plan.State.ACTIVE


def test_who_gives_again_makes_the_link_of_the_ended_plan_worthless(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, "cancel") == "done"
    press = {"id": "z" * 22, "intent": "0e" * 16, "frequency": "monthly", "minor": 500, "currency": "EUR"}
    press |= {"language": "en", "method": "card", "token": "ctoken_12345678", "email": "Giver@example.org"}
    press["until"] = int(giving.clock().timestamp()) + 60
    giving_intake.give(opened, press, giving.clock(), giving.press().desk_id or 0)
    assert wish(giving, plan, "cancel", "n" * 22) == "failed"


def until(giving: Giving) -> int:
    return int(giving.clock().timestamp()) + 120


def test_another_card_goes_through_the_same_gate(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, "card", token="tok_FR_new", until=until(giving)) == "done"
    assert giving.bank.plans[plan.sub_ref].preview == Preview("card", "FR")


@pytest.mark.parametrize("country", ["RU", "BY", "xx"])
def test_a_protected_card_is_no_new_card_and_no_bank_hears_of_it(giving: Giving, opened: Vault, country: str) -> None:
    plan = planned(giving, opened)
    before = len(giving.bank.calls)
    assert wish(giving, plan, "card", token=f"tok_{country}_new", until=until(giving)) == "refused"
    assert giving.bank.calls[before:] == ["preview"]


def test_a_new_card_that_turns_out_from_elsewhere_is_not_used(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, "card", token="tok_FR_turned", until=until(giving)) == "refused"
    assert Telling.objects.get(status="m" * 22).words == {"asked": "country"}
    assert "use_means" not in giving.bank.calls


def test_a_new_card_whose_bank_asks_is_used_once_it_is_answered(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, "card", token="tok_FR_challenge", until=until(giving)) == "action"
    giving.bank.answer_setup(next(iter(giving.bank.setups)))
    giving.clock.wait(seconds=11)
    work(giving)
    assert giving.bank.plans[plan.sub_ref].preview == Preview("card", "FR")


# --- another account --------------------------------------------------------------------------------------------------


def test_another_account_goes_through_the_same_gate(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    Plan.objects.update(card_expires="2027-01", state="failing")
    plan.refresh_from_db()
    assert wish(giving, plan, "account", token="tok_FR_debit", until=until(giving)) == "done"
    assert Telling.objects.get(status="m" * 22).words == {"what": "account"}
    assert giving.bank.plans[plan.sub_ref].preview == Preview("sepa_debit", "FR")
    assert (plan.card_expires, plan.state) == ("", "active")


@pytest.mark.parametrize("country", ["RU", "BY", "GE", "xx"])
def test_an_account_in_a_protected_or_unknown_country_is_refused_and_no_bank_hears_of_it(
    giving: Giving, opened: Vault, country: str
) -> None:
    plan = planned(giving, opened)
    before = len(giving.bank.calls)
    assert wish(giving, plan, "account", token=f"tok_{country}_debit", until=until(giving), caution=True) == "refused"
    assert giving.bank.calls[before:] == ["preview"]


def test_an_account_in_a_country_of_caution_is_asked_about_once(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, "account", token="tok_MD_debit", until=until(giving)) == "caution"
    words = {"token": "tok_MD_debit", "until": until(giving), "caution": True}
    assert wish(giving, plan, "account", "n" * 22, **words) == "done"


@pytest.mark.parametrize(("act", "token"), [("card", "tok_FR_debit"), ("account", "tok_FR_new")])
def test_a_wish_for_one_kind_of_means_opens_no_door_to_the_other(
    giving: Giving, opened: Vault, act: str, token: str
) -> None:
    plan = planned(giving, opened)
    assert wish(giving, plan, act, token=token, until=until(giving)) == "refused"
    assert "replace_means" not in giving.bank.calls


def test_a_plan_in_another_currency_takes_no_account_and_is_told_why(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    Plan.objects.update(currency="USD")
    before = len(giving.bank.calls)
    assert wish(giving, plan, "account", token="tok_FR_debit", until=until(giving)) == "failed"
    assert Telling.objects.get(status="m" * 22).words["reason"] == "currency"
    assert giving.bank.calls[before:] == []


def test_of_a_card_and_an_account_the_one_that_was_wished_for_last_stands(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    words = {"caution": "", "until": str(until(giving))}
    first = wishes.put(plan, "account", {"token": "tok_FR_debit", **words}, giving.clock(), status="o" * 22)
    later = wishes.put(plan, "card", {"token": "tok_PL_new", **words}, giving.clock(), status="p" * 22)
    for one in (later, first):
        manage.carry(giving.till(), one.pk)
    assert giving.bank.plans[plan.sub_ref].preview == Preview("card", "PL")


# --- renewals ---------------------------------------------------------------------------------------------------------


def renewal(
    giving: Giving,
    plan: Plan,
    state: PaymentState = PaymentState.PAID,
    ref: str = "pi_r1",
    asked_at: datetime | None = None,
) -> None:
    """The service charged again by itself, and a hint says so."""
    first = next(made for made in giving.bank.payments.values() if made.plan == plan.sub_ref)
    made = Made(first.order, state, Preview("card", "DE"), plan.sub_ref, "funds", asked_at)
    giving.bank.payments[ref] = made
    renewals.deal(giving.till(), "stripe", Hint(f"evt_{ref}", "payment_intent.succeeded", ref, 1))


def test_a_renewal_is_a_contribution_of_its_own_and_twice_is_once(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    renewal(giving, plan)
    renewal(giving, plan)
    rows = Contribution.objects.order_by("pk")
    assert [row.plan_id for row in rows] == [plan.pk, plan.pk]
    assert len({row.receipt for row in rows}) == 2


def test_a_failed_renewal_is_told_kindly_once_and_a_later_success_mends_it(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    for _ in range(3):
        renewal(giving, plan, PaymentState.FAILED)
    plan.refresh_from_db()
    assert (plan.state, mails(plan)) == ("failing", ["plan-thanks", "plan-failed"])
    renewal(giving, plan)
    plan.refresh_from_db()
    assert plan.state == "active"


def test_a_renewal_that_races_a_cancelling_is_shown_to_a_person(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    wish(giving, plan, "cancel")
    renewal(giving, plan)
    assert Alarm.objects.get().about == "pi_r1"
    assert mails(plan) == ["plan-thanks", "plan-ended", "plan-charged"]


def test_a_renewal_that_was_paid_before_its_end_was_wished_for_is_told_as_that(giving: Giving, opened: Vault) -> None:
    plan, paid_at = planned(giving, opened), giving.clock()
    giving.clock.wait(minutes=1)
    wish(giving, plan, "cancel")
    renewal(giving, plan, asked_at=paid_at)
    assert not Alarm.objects.exists()
    assert mails(plan) == ["plan-thanks", "plan-ended", "plan-last"]
    assert Contribution.objects.filter(plan=plan).count() == 2


def test_a_renewal_that_was_paid_after_the_wish_to_end_is_shown_to_a_person(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    wish(giving, plan, "cancel")
    giving.clock.wait(minutes=1)
    renewal(giving, plan, asked_at=giving.clock())
    assert Alarm.objects.get().about == "pi_r1"
    assert mails(plan)[-1] == "plan-charged"


@pytest.mark.parametrize(("earlier", "is_late"), [(timedelta(days=1), False), (timedelta(hours=1), True)])
def test_once_the_wish_is_forgotten_the_day_of_the_end_decides_and_in_doubt_a_person_looks(
    giving: Giving, opened: Vault, earlier: timedelta, is_late: bool
) -> None:
    plan = planned(giving, opened)
    wish(giving, plan, "cancel")
    ended_at = giving.clock()
    giving.clock.wait(days=3)
    notices.forget(giving.clock())
    renewal(giving, plan, asked_at=ended_at - earlier)
    assert Alarm.objects.exists() is is_late


def flip(giving: Giving, plan: Plan, country: str) -> None:
    giving.bank.plans[plan.sub_ref] = replace(giving.bank.plans[plan.sub_ref], preview=Preview("card", country))


@pytest.mark.parametrize("hint", ["invoice.created", "invoice.upcoming", "payment_method.automatically_updated"])
def test_a_card_that_turned_protected_ends_its_plan_before_it_is_charged(
    giving: Giving, opened: Vault, hint: str
) -> None:
    plan = planned(giving, opened)
    Plan.objects.update(next_on=giving.clock().date())
    flip(giving, plan, "RU")
    renewals.deal(giving.till(), "stripe", Hint("evt_1", hint, plan.sub_ref.replace("sub", "in"), 1))
    plan.refresh_from_db()
    assert plan.state == Plan.State.ENDED
    assert not giving.bank.plans[plan.sub_ref].active
    assert mails(plan) == ["plan-thanks", "plan-protect"]


def test_a_plan_that_the_service_ended_is_ended_here_and_its_contact_goes_after_a_month(
    giving: Giving, opened: Vault
) -> None:
    plan = planned(giving, opened)
    giving.bank.cancel_plan(plan.sub_ref)
    renewals.deal(giving.till(), "stripe", Hint("evt_1", "customer.subscription.deleted", plan.sub_ref, 1))
    giving.clock.wait(days=31)
    notices.forget(giving.clock())
    plan.refresh_from_db()
    assert (plan.state, plan.contact) == ("ended", "")
    assert not Contact.objects.exists()


def test_a_plan_that_ended_here_and_charges_there_is_ended_there(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened)
    Plan.objects.update(state=Plan.State.ENDED)
    renewals.deal(giving.till(), "stripe", Hint("evt_1", "customer.subscription.updated", plan.sub_ref, 1))
    work(giving)
    assert not giving.bank.plans[plan.sub_ref].active


# --- notices and fuses ------------------------------------------------------------------------------------------------


def test_before_an_annual_renewal_and_before_a_card_expires_a_notice_goes_once(giving: Giving, opened: Vault) -> None:
    plan = planned(giving, opened, frequency="annual")
    Plan.objects.update(next_on=date(2027, 11, 26), card_expires="2027-11")
    for day in (
        datetime(2027, 11, 1, tzinfo=UTC),
        datetime(2027, 11, 13, tzinfo=UTC),
        datetime(2027, 11, 14, tzinfo=UTC),
    ):
        notices.write_due(day)
    assert mails(plan) == ["plan-thanks", "plan-expiring", "plan-renewal"]


def test_intents_go_after_two_days_and_what_was_paid_stays(giving: Giving) -> None:
    attempt = giving.press()
    giving.work()
    giving.clock.wait(hours=49)
    notices.forget(giving.clock())
    assert not attempt.intent.__class__.objects.exists()
    assert Contribution.objects.count() == 1


# --- the day of a designation -----------------------------------------------------------------------------------------


def designation(giving: Giving, country: str = "KZ", **how: bool) -> protect.Summary:
    return protect.protect(replace(giving.till(), policy=_current), country, "operator", **how)


def _current() -> Policy | None:
    row = PolicyRow.objects.order_by("-version").first()
    return Policy(row.version, frozenset(row.blocked), frozenset(row.caution)) if row else None


@pytest.fixture
def two(giving: Giving, opened: Vault) -> tuple[Plan, Plan]:
    """A plan from Germany and one from Kazakhstan."""
    PolicyRow.objects.create(blocked=["RU"], caution=["KZ"], effective_at=START, by="operator")
    german = planned(giving, opened)
    kazakh = Plan.objects.create(
        **{name: getattr(german, name) for name in ("processor", "frequency", "minor", "currency", "language")},
        uuid="0f" * 16,
        sub_ref="sub_kz",
        contact=contact.keep(opened, "other@example.org", "plan", "ru", START + timedelta(days=400)),
        started_on=START.date(),
    )
    giving.bank.plans["sub_kz"] = replace(
        giving.bank.plans[german.sub_ref], ref="sub_kz", preview=Preview("card", "KZ"), overdue=True
    )
    return german, kazakh


def test_the_switch_counts_first_and_does_nothing(giving: Giving, two: tuple[Plan, Plan]) -> None:
    done = designation(giving, dry_run=True)
    assert (done.plans, done.told) == (1, 1)
    assert giving.bank.plans["sub_kz"].active
    assert PolicyRow.objects.count() == 1


def test_the_switch_ends_plans_from_there_alone_and_twice_is_once(giving: Giving, two: tuple[Plan, Plan]) -> None:
    german, kazakh = two
    assert designation(giving).plans == 1
    assert designation(giving).plans == 0
    kazakh.refresh_from_db()
    assert (kazakh.state, mails(kazakh), mails(german)) == ("ended", ["plan-protect"], ["plan-thanks"])
    assert "KZ" not in kazakh.said.values()  # nowhere stands from where one gave
    assert giving.bank.plans[german.sub_ref].active
    assert [(row.act, row.about) for row in OperatorAction.objects.all()] == [("protect", "KZ")]
    giving.clock.wait(days=4)
    notices.forget(giving.clock())
    assert [row.number for row in Contact.objects.all()] == [german.contact]


def test_cards_from_there_are_refused_at_once(giving: Giving, two: tuple[Plan, Plan]) -> None:
    designation(giving)
    attempt = giving.press("tok_KZ", caution=True)
    give.carry(replace(giving.till(), policy=_current), attempt.pk)
    assert giving.page(attempt) == "refused"


class Killed(BaseException):
    """As `kill -9`: nothing of ours catches it."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_switch_that_was_killed_goes_on_when_it_is_run_again(
    giving: Giving, two: tuple[Plan, Plan], when: str
) -> None:
    def kill(call: str) -> None:
        if call == "cancel_plan":
            raise Killed

    setattr(giving.bank, when, kill)
    with pytest.raises(Killed):
        designation(giving)
    setattr(giving.bank, when, lambda call: None)
    designation(giving)
    _, kazakh = two
    kazakh.refresh_from_db()
    assert (kazakh.state, mails(kazakh)) == ("ended", ["plan-protect"])
    assert not giving.bank.plans["sub_kz"].active


def test_a_service_that_is_down_leaves_work_for_another_run(giving: Giving, two: tuple[Plan, Plan]) -> None:
    def down(call: str) -> None:
        if call == "cancel_plan":
            raise Unreachable("Down.")

    giving.bank.before = down
    assert designation(giving).left == 1
    giving.bank.before = lambda call: None
    assert designation(giving).left == 0
    assert not giving.bank.plans["sub_kz"].active


def test_a_payment_of_no_plan_of_ours_is_no_contribution(giving: Giving, opened: Vault) -> None:
    planned(giving, opened)
    first = next(iter(giving.bank.payments.values()))
    giving.bank.payments["pi_x"] = Made(first.order, PaymentState.PAID, Preview("card", "DE"), "sub_foreign")
    payment: Payment = giving.bank.get("pi_x")
    renewals.take(giving.till(), "stripe", payment)
    assert Contribution.objects.count() == 1
    assert Wish.objects.count() == 0
