"""Plans over time: looked at before each charge, told of kindly and only of what is so, and never changed back."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from hectograph.money import Money
from hectograph.newsroom.flows import card_checks, manage, renewals
from hectograph.payments.hooks import Hint
from hectograph.payments.port import Forbidden, PaymentState, Preview, Rejected, Unclear
from hectograph.readers import contact
from hectograph.readers import vault as vaults
from hectograph.readers.contact_row import Contact
from hectograph.readers.vault import Vault
from hectograph.support import fuse, plan_mail, wishes
from hectograph.support.contribution import Contribution, State
from hectograph.support.fuse import Alarm
from hectograph.support.plan import Plan
from hectograph.support.policy_row import PolicyRow
from hectograph.support.telling import Telling
from tests.newsroom.giving import START, Giving
from tests.newsroom.test_manage import Killed, designation, flip, mails, planned, renewal, until, wish, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(tmp_path: Path) -> Vault:
    return vaults.make(tmp_path / "opener", START)


@pytest.fixture
def giving() -> Giving:
    return Giving()


@pytest.fixture
def plan(giving: Giving, opened: Vault) -> Plan:
    return planned(giving, opened)


def now_is(plan: Plan) -> str:
    plan.refresh_from_db()
    return plan.state


def hint(giving: Giving, type_: str, thing: str) -> None:
    renewals.deal(giving.till(), "stripe", Hint("evt_1", type_, thing, 1))


# --- before each charge -----------------------------------------------------------------------------------------------


def test_the_plan_of_a_draft_invoice_is_looked_at_whatever_our_date_says(giving: Giving, plan: Plan) -> None:
    Plan.objects.update(next_on=START.date() + timedelta(days=25), checked_at=START)
    flip(giving, plan, "RU")
    hint(giving, "invoice.created", plan.sub_ref.replace("sub", "in"))
    assert (now_is(plan), giving.bank.plans[plan.sub_ref].active) == ("ended", False)


def test_a_renewal_that_is_booked_late_is_due_when_the_service_says(giving: Giving, plan: Plan) -> None:
    next_on = START + timedelta(days=11)
    giving.bank.plans[plan.sub_ref] = replace(giving.bank.plans[plan.sub_ref], next_on=next_on)
    renewal(giving, plan)
    plan.refresh_from_db()
    assert plan.next_on == next_on.date()


def test_a_renewal_while_the_terms_cannot_be_had_is_due_an_interval_after_it_was_due(
    giving: Giving, plan: Plan
) -> None:
    Plan.objects.update(next_on=date(2026, 11, 20))
    plan.refresh_from_db()
    del giving.bank.plans[plan.sub_ref]
    renewal(giving, plan)
    plan.refresh_from_db()
    assert plan.next_on == date(2026, 12, 20)


@pytest.mark.parametrize("error", [Rejected("No."), Forbidden("No."), ValueError("x")])
@pytest.mark.parametrize("call", ["terms", "cancel_plan"])
def test_a_plan_that_cannot_be_looked_at_stops_none_behind_it_and_calls_a_person(
    giving: Giving, opened: Vault, plan: Plan, error: Exception, call: str
) -> None:
    giving.press("tok_FR", frequency="monthly")
    giving.work()
    Plan.objects.update(next_on=START.date())
    behind = Plan.objects.exclude(pk=plan.pk).get()
    flip(giving, plan, "RU")
    flip(giving, behind, "BY")
    failed: list[str] = []

    def fail(name: str) -> None:
        if name == call and not failed:
            failed.append(name)
            raise error

    giving.bank.before = fail
    card_checks.check_cards(giving.till(), giving.clock())
    assert (now_is(plan), now_is(behind)) == ("active", "ended")
    assert Alarm.objects.get().about == plan.sub_ref


@pytest.mark.parametrize("preview", [Preview("card", ""), None, Preview("link", "DE")])
def test_a_plan_whose_country_is_unknown_is_ended_as_one_at_the_gate_is_refused(
    giving: Giving, plan: Plan, preview: Preview | None
) -> None:
    giving.bank.plans[plan.sub_ref] = replace(giving.bank.plans[plan.sub_ref], preview=preview)
    card_checks.look_at(giving.till(), plan)
    assert now_is(plan) == "ended"


def test_a_plan_that_shows_no_means_while_its_first_debit_is_on_its_way_goes_on(giving: Giving, plan: Plan) -> None:
    giving.bank.plans[plan.sub_ref] = replace(giving.bank.plans[plan.sub_ref], preview=None)
    Contribution.objects.update(state=State.PROCESSING)
    card_checks.look_at(giving.till(), plan)
    assert now_is(plan) == "active"


# --- what supporters are told -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [PaymentState.FAILED, PaymentState.ACTION])
@pytest.mark.parametrize("over", ["ending", "ended", "paused"])
def test_nobody_is_asked_for_another_card_once_it_is_over(
    giving: Giving, plan: Plan, state: PaymentState, over: str
) -> None:
    Plan.objects.update(state=over)
    renewal(giving, plan, state)
    assert (now_is(plan), mails(plan)) == (over, ["plan-thanks"])


@pytest.mark.parametrize("ended_by", ["cancel", "protect"])
def test_what_was_written_about_going_on_and_has_not_left_does_not_leave_once_it_is_over(
    giving: Giving, plan: Plan, ended_by: str
) -> None:
    renewal(giving, plan, PaymentState.FAILED)
    if ended_by == "cancel":
        wish(giving, plan, "cancel")
    else:
        flip(giving, plan, "RU")
        card_checks.look_at(giving.till(), plan)
    assert mails(plan) == ["plan-thanks", {"cancel": "plan-ended", "protect": "plan-protect"}[ended_by]]


def test_no_mail_names_us_to_whom_we_protect_when_a_payment_crosses(giving: Giving, plan: Plan) -> None:
    flip(giving, plan, "RU")
    card_checks.look_at(giving.till(), plan)
    renewal(giving, plan)
    assert mails(plan) == ["plan-thanks", "plan-protect"]
    assert Alarm.objects.get().kind == fuse.CHARGED_LATE


@pytest.mark.parametrize("by", ["card", "switch"])
def test_no_mail_names_us_to_whom_we_protect_when_a_hint_of_the_end_comes_first(
    giving: Giving, plan: Plan, by: str
) -> None:
    """Ended at the service, and killed before that was written down."""

    def die(call: str) -> None:
        if call == "cancel_plan":
            raise Killed

    PolicyRow.objects.create(blocked=["RU"], effective_at=START, by="operator")
    flip(giving, plan, "RU")
    giving.bank.after = die
    act = partial(card_checks.look_at, giving.till(), plan) if by == "card" else partial(designation, giving, "RU")
    with pytest.raises(Killed):
        act()
    giving.bank.after = lambda call: None
    hint(giving, "customer.subscription.deleted", plan.sub_ref)
    assert (now_is(plan), mails(plan)) == ("ended", ["plan-thanks", "plan-protect"])


@pytest.mark.parametrize(("act", "page"), [("card", "refused"), ("amount", "failed")])
def test_a_page_is_told_though_its_wish_was_killed_at_the_last_moment(
    giving: Giving, plan: Plan, act: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(call: str) -> None:
        if call == "change_amount":
            raise Rejected("No.")

    giving.bank.before = no
    words = {"token": "tok_FR_turned", "minor": "900", "until": str(until(giving))}
    wishes.put(plan, act, words, giving.clock(), status="m" * 22, desk=giving.press().desk_id)
    with monkeypatch.context() as dying:
        dying.setattr("hectograph.support.telling.tell", _killed)
        with pytest.raises(Killed):
            work(giving)
    giving.clock.wait(minutes=4)
    work(giving)
    assert Telling.objects.get(status="m" * 22).state == page


def _killed(*_: object) -> None:
    raise Killed


def test_a_renewal_by_debit_that_fails_days_later_is_told_once_and_tried_again(giving: Giving, plan: Plan) -> None:
    renewal(giving, plan, PaymentState.PROCESSING)
    for _ in range(2):
        renewal(giving, plan, PaymentState.FAILED)
    assert (now_is(plan), mails(plan)) == ("failing", ["plan-thanks", "plan-failed"])
    renewal(giving, plan)
    assert now_is(plan) == "active"


def test_a_first_debit_that_fails_is_told_before_the_address_is_forgotten(giving: Giving, opened: Vault) -> None:
    attempt = giving.press("tok_DE_debit", frequency="monthly", method="sepa", contact=contact_of(opened))
    giving.work()
    plan = Plan.objects.get()
    giving.bank.payments[attempt.intent.__class__.objects.get().payment].state = PaymentState.FAILED
    giving.clock.wait(days=3)
    giving.work()
    assert (now_is(plan), mails(plan)) == ("ended", ["plan-thanks", "plan-unbegun"])
    assert Contact.objects.get().expires_at == giving.clock() + timedelta(days=3)


def contact_of(opened: Vault) -> str:
    return contact.keep(opened, "giver@example.org", "plan", "en", START + timedelta(days=14))


def test_a_notice_that_could_not_be_written_is_not_noted_as_written(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("hectograph.readers.contact_mail.write", full)
        with pytest.raises(OSError):  # noqa: PT011 (the disk's own)
            plan_mail.failed(plan, START, "pi_2")
    plan.refresh_from_db()
    plan_mail.failed(plan, START, "pi_2")
    assert mails(plan) == ["plan-thanks", "plan-failed"]


def test_an_alarm_that_was_seen_to_rings_again_when_its_cause_comes_back() -> None:
    fuse.alarm("a door stands open", "link", START)
    fuse.settle(fuse.open_alarms()[0].pk, "anna", "Closed it", START)
    assert not fuse.open_alarms()
    fuse.alarm("a door stands open", "link", START + timedelta(hours=1))
    assert [row.at for row in fuse.open_alarms()] == [START + timedelta(hours=1)]


# --- nothing is changed back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overdue", [False, True])
@pytest.mark.parametrize("meanwhile", ["ending", "ended", "paused"])
def test_what_a_supporter_wished_while_the_service_was_asked_stays(
    giving: Giving, plan: Plan, meanwhile: str, overdue: bool
) -> None:
    giving.bank.plans[plan.sub_ref] = replace(giving.bank.plans[plan.sub_ref], overdue=overdue)
    giving.bank.before = lambda call: Plan.objects.update(state=meanwhile, minor=900, next_on=date(2027, 1, 9)) and None
    card_checks.look_at(giving.till(), plan)
    assert now_is(plan) == meanwhile
    assert (plan.minor, plan.next_on) == (900, date(2027, 1, 9))


@pytest.mark.parametrize("act", ["pause", "go-on", "amount", "date", "card"])
def test_a_wish_that_comes_true_after_a_cancelling_brings_nothing_back(giving: Giving, plan: Plan, act: str) -> None:
    words = {"pause_until": "2027-02-01", "minor": 900, "on": "2026-12-10", "token": "tok_FR_new"}
    calls = ("pause", "change_amount", "move_next", "use_means")
    giving.bank.before = lambda call: Plan.objects.update(state="ending") and None if call in calls else None
    assert wish(giving, plan, act, until=until(giving), **words) == "failed"
    assert plan.state == "ending"


@pytest.mark.parametrize(
    ("first", "second", "call"),
    [
        ({"act": "amount", "minor": "900"}, {"act": "amount", "minor": "700"}, "change_amount"),
        ({"act": "date", "on": "2026-12-10"}, {"act": "date", "on": "2026-12-20"}, "move_next"),
        ({"act": "pause", "until": "2027-02-01"}, {"act": "go-on"}, "pause"),
        ({"act": "card", "token": "tok_FR_new"}, {"act": "card", "token": "tok_NL_new"}, "use_means"),
    ],
)
def test_of_two_wishes_the_later_one_stands_though_the_service_was_away_for_the_first(
    giving: Giving, plan: Plan, first: dict[str, str], second: dict[str, str], call: str
) -> None:
    def down(asked: str) -> None:
        if asked == call:
            raise Unclear("It did not say.")

    for words, before in ((first, down), (second, lambda call: None)):
        giving.bank.before = before
        act = words.pop("act")
        kept = {"until": str(until(giving))} | words
        wishes.put(plan, act, kept, giving.clock(), status=f"{act:w<22}", desk=giving.press().desk_id)
        work(giving)
    said = (giving.bank.plans[plan.sub_ref], now_is(plan), plan.minor, plan.next_on)
    giving.clock.wait(seconds=90)
    work(giving)
    assert (giving.bank.plans[plan.sub_ref], now_is(plan), plan.minor, plan.next_on) == said
    assert giving.bank.calls.count(call) == 2
    assert not wishes.due(giving.clock(), 10)


def test_going_on_mends_no_plan_that_fails(giving: Giving, plan: Plan) -> None:
    Plan.objects.update(state="failing")
    assert (wish(giving, plan, "go-on"), plan.state) == ("done", "failing")


def test_a_plan_that_was_let_go_of_too_late_is_not_thanked_for(giving: Giving, opened: Vault) -> None:
    attempt = giving.press("tok_DE_challenge", frequency="monthly", contact=contact_of(opened))
    giving.work()

    def paid_first(call: str) -> None:
        if call == "cancel":
            giving.bank.answer_challenge("pi_1")
            giving.bank.plans["sub_1"] = replace(giving.bank.plans["sub_1"], active=False)

    giving.bank.before = paid_first
    giving.clock.wait(minutes=16)
    giving.work()
    plan = Plan.objects.get()
    assert (giving.page(attempt), plan.state, mails(plan)) == ("paid", "ended", ["plan-ended"])
    assert Contribution.objects.get().state == State.PAID


# --- another card -----------------------------------------------------------------------------------------------------


def test_a_banks_question_is_asked_by_who_goes_on_after_a_death(giving: Giving, plan: Plan) -> None:
    row = wishes.put(plan, "card", {"token": "tok_FR_challenge", "until": str(until(giving))}, START, status="m" * 22,
                     desk=giving.press().desk_id)  # fmt: skip
    setup = giving.bank.replace_means(plan.sub_ref, "tok_FR_challenge", manage.key(row))
    row.words = {**row.words, "ref": setup.ref}
    row.save()
    work(giving)
    assert Telling.objects.get(status="m" * 22).state == "action"


def test_another_card_asks_the_fuse_and_is_metered(giving: Giving, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    plain = giving.till
    monkeypatch.setattr(giving, "till", lambda: replace(plain(), seen=lambda method, what: heard.append(what)))
    assert wish(giving, plan, "card", token="tok_FR_new", until=until(giving)) == "done"
    assert heard == ["asked", "read"]
    assert wish(giving, plan, "card", "n" * 22, token="tok_FR_debit", until=until(giving)) == "refused"
    assert heard[2:] == ["asked", "read", "bad"]
    monkeypatch.setattr(giving, "till", lambda: replace(plain(), is_open=lambda method: False))
    assert wish(giving, plan, "card", "o" * 22, token="tok_FR_2", until=until(giving)) == "closed"


# --- keys and sums ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["preview", "start", "confirm"])
def test_a_key_that_was_revoked_is_not_the_banks_no(giving: Giving, call: str) -> None:
    def refused(name: str) -> None:
        if name == call:
            raise Forbidden("No.")

    giving.bank.before = refused
    attempt = giving.press()
    giving.work()
    assert giving.page(attempt) == "closed"
    assert Alarm.objects.get().kind == "a service refuses our key"
    giving.bank.before = lambda name: None
    again = giving.press("tok_FR", attempt.intent.uuid)
    giving.work()
    assert (giving.page(again), giving.bank.charges.total()) == ("paid", 1)


def test_a_key_that_is_revoked_after_the_bank_was_asked_leaves_it_unknown(giving: Giving) -> None:
    def refused(name: str) -> None:
        if name == "capture":
            raise Forbidden("No.")

    giving.bank.before = refused
    attempt = giving.press()
    giving.work()
    assert giving.page(attempt) == "unknown"
    assert Alarm.objects.get().about == "stripe"


def test_less_taken_than_was_agreed_calls_a_person(giving: Giving, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = giving.bank.capture
    monkeypatch.setattr(giving.bank, "capture", lambda ref: replace(plain(ref), received=Money(499, "EUR")))
    giving.press()
    giving.work()
    assert Alarm.objects.get().kind == "a payment was not as agreed"
