"""What a service does by itself is looked at and written down: renewals, and failed ones.

hint → the thing itself, asked for anew → contribution, plan's state, a mail where somebody should know

A hint may come twice, late, or before an earlier one: rows only ever move up to what the service says now.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from uuid import uuid4

from django.db import transaction

from hectograph.newsroom.flows import card_checks, given
from hectograph.newsroom.flows.till import Till
from hectograph.payments.forms import Frequency
from hectograph.payments.hooks import Hint
from hectograph.payments.port import Payment, PaymentState, ServiceProblem
from hectograph.readers import contact_row
from hectograph.support import contribution as contributions
from hectograph.support import fuse, plan_mail, receipt, wishes
from hectograph.support.attempt import Attempt, Step
from hectograph.support.contribution import Contribution, State
from hectograph.support.plan import Plan

_STATES = {
    PaymentState.PAID: State.PAID,
    PaymentState.PROCESSING: State.PROCESSING,
    PaymentState.FAILED: State.FAILED,
    PaymentState.CANCELLED: State.FAILED,
}
_GOES_ON = (Plan.State.ACTIVE, Plan.State.FAILING)


def deal(till: Till, rail: str, hint: Hint) -> None:
    """Bring our rows up to what the thing in `hint` is now. A ServiceProblem where it must be asked again."""
    kind = hint.type.split(".")[0]
    if hint.type == "invoice.created":  # a draft, for an hour: whatever our date says, its plan is looked at now
        card_checks.look_at_ref(till, rail, till.plans_of(rail).plan_of(hint.object))
    elif hint.type == "invoice.upcoming":  # it names none that could be asked for
        card_checks.check_cards(till, till.now())
    elif kind == "payment_method":
        _check_all(till, rail, hint.object)
    elif hint.object.startswith("sub_"):
        card_checks.look_at_ref(till, rail, hint.object)
    elif kind in ("payment_intent", "invoice", "charge"):
        take(till, rail, till.named(rail).get(hint.object))


def _check_all(till: Till, rail: str, means: str) -> None:
    """Look at each plan that `means` pays for, and only then say that one of them could not be."""
    problem: ServiceProblem | None = None
    for terms in till.plans_of(rail).using(means):
        try:
            card_checks.check_card(till, terms)
        except ServiceProblem as failed:
            problem = failed
    if problem is not None:
        raise problem


def take(till: Till, rail: str, payment: Payment) -> None:
    """Write down how `payment` stands: one that the gate has in hand is left to it, one of a plan is a renewal."""
    if Attempt.objects.filter(intent__payment=payment.ref).exclude(step=Step.OVER).update(look_at=till.now()):
        return
    plan = Plan.objects.filter(processor=rail, sub_ref=payment.plan).first() if payment.plan else None
    state = _STATES.get(payment.state)
    if state is not None and contributions.raise_to(payment.ref, state):
        _moved(till, plan, payment, state)
    elif plan is not None and not _is_known(payment):
        _renewed(till, plan, payment)


def _is_known(payment: Payment) -> bool:
    """Whether it is written down as it is, or a plan's first, which the gate writes down itself."""
    if Attempt.objects.filter(intent__payment=payment.ref).exists():
        return True
    return payment.state is not PaymentState.FAILED and Contribution.objects.filter(ref=payment.ref).exists()


def _moved(till: Till, plan: Plan | None, payment: Payment, state: State) -> None:
    """A debit that was on its way came, or did not."""
    if plan is None:
        return
    if state == State.PAID:
        Plan.objects.filter(pk=plan.pk, state=Plan.State.FAILING).update(state=Plan.State.ACTIVE)
    elif state == State.FAILED:
        _failed(till, plan, payment)


def _renewed(till: Till, plan: Plan, payment: Payment) -> None:
    if payment.state in (PaymentState.PAID, PaymentState.PROCESSING):
        _book(till, plan, payment, _next_on(till, plan))
    elif payment.state in (PaymentState.FAILED, PaymentState.ACTION):
        _failed(till, plan, payment)


@transaction.atomic
def _failed(till: Till, plan: Plan, payment: Payment) -> None:
    """The last payment did not come through: say so kindly, once for each. Of a plan that is over, or was never to be
    charged now, nobody is told: another card would be the wrong thing to ask for."""
    if not Plan.objects.filter(pk=plan.pk, state__in=_GOES_ON).update(state=Plan.State.FAILING):
        return
    mail = plan_mail.asks if payment.state is PaymentState.ACTION else plan_mail.failed
    mail(plan, till.now(), payment.ref)


def _next_on(till: Till, plan: Plan) -> date:
    """When the plan charges next: the service knows; else an interval after it was to charge this time."""
    with suppress(ServiceProblem):
        terms = till.plans_of(plan.processor).terms(plan.sub_ref)
        if terms.next_on is not None:
            return terms.next_on.date()
    return given.after(plan.next_on or till.now().date(), Frequency(plan.frequency))


@transaction.atomic
def _book(till: Till, plan: Plan, payment: Payment, next_on: date) -> None:
    """A renewal: its own contribution. `plan` is the row as it was before `next_on` was asked for."""
    row, is_new = Contribution.objects.get_or_create(ref=payment.ref, defaults=_row(till, plan, payment))
    if not is_new:
        return
    if payment.state is PaymentState.PAID and payment.received != payment.money:
        fuse.alarm("a payment was not as agreed", payment.ref, till.now())
    rows = Plan.objects.filter(pk=plan.pk)
    if not rows.filter(state__in=(*_GOES_ON, Plan.State.PAUSED)).exists():
        return _last(till, plan, row, payment)
    rows.filter(state=Plan.State.FAILING).update(state=Plan.State.ACTIVE)
    rows.filter(next_on=plan.next_on).update(next_on=next_on)
    contact_row.extend(plan.contact, till.now() + given.CONTACT_KEPT)


def _last(till: Till, plan: Plan, row: Contribution, payment: Payment) -> None:
    """A payment of a plan that is over. One that was made before its end was wished for is only heard of late. One that
    came after is shown to a person, who may give it back. Its giver is told which, and may have either back."""
    if payment.asked_at is not None and payment.asked_at < wishes.ended_from(plan):
        return plan_mail.charged_before(plan, row, till.now())
    fuse.alarm(fuse.CHARGED_LATE, payment.ref, till.now())
    plan_mail.charged_late(plan, row, till.now())


def _row(till: Till, plan: Plan, payment: Payment) -> dict[str, object]:
    return {
        "uuid": uuid4(),
        "plan": plan,
        "state": _STATES[payment.state],
        "frequency": plan.frequency,
        "minor": payment.money.minor,
        "currency": payment.money.currency,
        "day": till.now().date(),
        "processor": plan.processor,
        "appeal": plan.appeal,
        "receipt": receipt.new(),
    }
