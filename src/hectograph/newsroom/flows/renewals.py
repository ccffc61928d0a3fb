"""What a service does by itself is looked at and written down: renewals, failed ones, cards that change their country.

hint → the thing itself, asked for anew → contribution, plan's state, a mail where somebody should know

A hint may come twice, late, or before an earlier one: rows only ever move up to what the service says now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from hectograph.newsroom.flows import given, manage
from hectograph.newsroom.flows.till import Till
from hectograph.payments.forms import Frequency
from hectograph.payments.hooks import Hint
from hectograph.payments.policy import Ruling, decide
from hectograph.payments.port import Payment, PaymentState, PlanTerms, Rejected, ServiceProblem
from hectograph.readers import contact_row
from hectograph.support import contribution as contributions
from hectograph.support import fuse, plan_mail, receipt, wishes
from hectograph.support.attempt import Attempt, Step
from hectograph.support.contribution import Contribution, State
from hectograph.support.plan import LIVE, Plan

LOOK_AHEAD, LOOK_AGAIN = timedelta(days=1), timedelta(hours=1)
_STATES = {
    PaymentState.PAID: State.PAID,
    PaymentState.PROCESSING: State.PROCESSING,
    PaymentState.FAILED: State.FAILED,
    PaymentState.CANCELLED: State.FAILED,
}


def deal(till: Till, rail: str, hint: Hint) -> None:
    """Bring our rows up to what the thing in `hint` is now. A ServiceProblem where it must be asked again."""
    kind = hint.type.split(".")[0]
    if hint.type in ("invoice.created", "invoice.upcoming"):
        check_cards(till, till.now(), due_only=True)
    elif kind == "payment_method":
        for terms in till.plans_of(rail).using(hint.object):
            check_card(till, terms)
    elif hint.object.startswith("sub_"):
        _refresh(till, rail, hint.object)
    elif kind in ("payment_intent", "invoice", "charge"):
        take(till, rail, till.named(rail).get(hint.object))


def take(till: Till, rail: str, payment: Payment) -> None:
    """Write down how `payment` stands: one that the gate has in hand is left to it, one of a plan is a renewal."""
    if Attempt.objects.filter(intent__payment=payment.ref).exclude(step=Step.OVER).update(look_at=till.now()):
        return
    state = _STATES.get(payment.state)
    if state is not None and contributions.raise_to(payment.ref, state):
        return
    plan = Plan.objects.filter(processor=rail, sub_ref=payment.plan).first() if payment.plan else None
    if plan is not None and not _is_first(payment):
        _renewed(till, plan, payment)


def _is_first(payment: Payment) -> bool:
    """Whether a plan's first payment is the gate's, which writes it down itself."""
    return Attempt.objects.filter(intent__payment=payment.ref).exists()


def _renewed(till: Till, plan: Plan, payment: Payment) -> None:
    now = till.now()
    if payment.state in (PaymentState.PAID, PaymentState.PROCESSING):
        _book(till, plan, payment)
    elif payment.state is PaymentState.FAILED:
        _failing(plan)
        plan_mail.failed(plan, now, payment.ref)
    elif payment.state is PaymentState.ACTION:
        _failing(plan)
        plan_mail.asks(plan, now, payment.ref)


def _failing(plan: Plan) -> None:
    if plan.state in (Plan.State.ACTIVE, Plan.State.FAILING):
        plan.state = Plan.State.FAILING
        plan.save(update_fields=["state"])


@transaction.atomic
def _book(till: Till, plan: Plan, payment: Payment) -> None:
    """A renewal: its own contribution. One of a plan that was to end is shown to a person, who may give it back."""
    new = {
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
    _, is_new = Contribution.objects.get_or_create(ref=payment.ref, defaults=new)
    if not is_new:
        return
    if plan.state in (Plan.State.ENDING, Plan.State.ENDED):
        fuse.alarm("a plan was charged though it was to end", payment.ref, till.now())
        return
    if plan.state == Plan.State.FAILING:
        plan.state = Plan.State.ACTIVE
    plan.next_on = given.after(till.now().date(), Frequency(plan.frequency))
    plan.save(update_fields=["state", "next_on"])
    contact_row.extend(plan.contact, till.now() + given.CONTACT_KEPT)


def _refresh(till: Till, rail: str, ref: str) -> None:
    """Take over how a plan stands at the service."""
    plan = Plan.objects.filter(processor=rail, sub_ref=ref).first()
    if plan is None:
        return
    try:
        terms = till.plans_of(rail).terms(ref)
    except Rejected:
        return
    _apply(till, plan, terms)


def _apply(till: Till, plan: Plan, terms: PlanTerms) -> None:
    if not terms.active:
        with transaction.atomic():
            manage.over(plan, till.now())
        return
    if plan.state in (Plan.State.ENDING, Plan.State.ENDED):
        wishes.end(plan, till.now())  # it may still charge there: end it there, too
        return
    given.apply_terms(plan, terms, Frequency(plan.frequency), till.now())
    if terms.money.currency == plan.currency:
        plan.minor = terms.money.minor
    if plan.state == Plan.State.PAUSED and not terms.paused:
        plan.state, plan.paused_until = Plan.State.ACTIVE, None
    if plan.state in (Plan.State.ACTIVE, Plan.State.FAILING):
        plan.state = Plan.State.FAILING if terms.overdue else Plan.State.ACTIVE
    plan.checked_at = till.now()
    plan.save(update_fields=["minor", "state", "paused_until", "checked_at"])


# --- the card's country, before every renewal -------------------------------------------------------------------------


def check_cards(till: Till, now: datetime, *, due_only: bool = True) -> int:
    """Look at the cards of plans that charge within a day; returns how many plans were looked at. A draft invoice waits
    an hour at the service: a card that turned protected is never charged."""
    rows = Plan.objects.filter(state__in=(Plan.State.ACTIVE, Plan.State.FAILING))
    if due_only:
        near = Q(next_on__lte=(now + LOOK_AHEAD).date()) | Q(next_on=None) | Q(state=Plan.State.FAILING)
        rows = rows.filter(near).filter(Q(checked_at=None) | Q(checked_at__lte=now - LOOK_AGAIN))
    looked_at = 0
    for plan in rows.order_by("pk").iterator():
        try:
            terms = till.plans_of(plan.processor).terms(plan.sub_ref)
        except ServiceProblem:
            continue
        looked_at += 1
        if not check_card(till, terms):
            _apply(till, plan, terms)
    return looked_at


def check_card(till: Till, terms: PlanTerms) -> bool:
    """End the plan at once where its card is from a protected or unknown country now. Says whether it did."""
    policy = till.policy()
    if policy is None or terms.preview is None or decide(policy, terms.preview).ruling is not Ruling.REFUSE:
        return False
    plan = Plan.objects.filter(sub_ref=terms.ref, state__in=LIVE).first()
    if plan is None:
        return False
    till.named(plan.processor).cancel_plan(plan.sub_ref)
    with transaction.atomic():
        manage.over(plan, till.now(), mail=plan_mail.protect)
    return True
