"""What was given is written down, all at once: the contribution, the plan, the word for the page, the thank-you mail.

Done twice it changes nothing: a contribution is known by the payment's reference, a plan by its own.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from hectograph.newsroom.flows import manage
from hectograph.newsroom.flows.till import Till
from hectograph.payments.forms import Frequency
from hectograph.payments.port import Payment, PaymentState, PlanTerms, ServiceProblem
from hectograph.payments.status import State as Page
from hectograph.readers import contact_row
from hectograph.readers.tallies import count
from hectograph.support import contribution as contributions
from hectograph.support import plan_mail, receipt, telling, wishes
from hectograph.support.attempt import Attempt, Step
from hectograph.support.contribution import Contribution, State
from hectograph.support.intent import Intent
from hectograph.support.plan import Plan

CONTACT_KEPT = timedelta(days=500)  # from the last payment on: a year, and time to fail and to be told
_UNTIL_TOLD = timedelta(days=3)  # until the last mail has left
_LOOK_AT_DEBITS = timedelta(hours=6)
_STATES = {PaymentState.PAID: State.PAID, PaymentState.PROCESSING: State.PROCESSING}


def keep(till: Till, attempt: Attempt, payment: Payment, *, as_agreed: bool = True) -> None:
    """Write down `payment`, which is paid or a debit on its way, and what follows from it. A plan that was begun by
    something else than agreed is ended at once; one that was let go of too late to stop its payment has ended."""
    terms = _terms(till, attempt)
    is_over = terms is not None and not terms.active and attempt.is_late(till.now())
    with transaction.atomic():
        plan = _plan(till, attempt, terms)
        row, is_new = contributions.book(payment, _STATES[payment.state], attempt.intent, plan, till.now().date())
        if plan is not None and not as_agreed:
            plan_mail.mark_protected(plan, "card")  # it may be paid from a country that we protect
        if plan is not None and is_over:
            manage.over(plan, till.now())
        elif is_new and plan is not None and as_agreed:
            plan_mail.thanks(plan, row, till.now())
        if plan is not None and not as_agreed and not is_over:
            wishes.end(plan, till.now())
        _close(till, attempt, payment)
        words = {"receipt": row.receipt}  # of a plan its mail says it, and more
        if plan:
            words = {"plan": plan.uuid.hex, "epoch": str(plan.link_epoch), "language": plan.language}
        page = Page.PAID if payment.state is PaymentState.PAID else Page.PROCESSING
        telling.tell(attempt.desk_id, attempt.status, page, till.now(), words)
        if is_new:
            count("gift", till.now())


def expect(till: Till, attempt: Attempt) -> None:
    """Write down a reference that was handed out: what comes by it is known by it."""
    intent = attempt.intent
    known = {"uuid": intent.uuid, "state": State.CREATED, "receipt": receipt.new(), "day": till.now().date()}
    terms = {"frequency": intent.frequency, "minor": intent.minor, "currency": intent.currency, "appeal": intent.appeal}
    Contribution.objects.get_or_create(ref=intent.payment, defaults={**known, **terms, "processor": intent.processor})
    Intent.objects.filter(pk=intent.pk).update(state=Intent.State.PAID)


def undo(attempt: Attempt, now: datetime) -> None:
    """No gift, no plan, and the address that came with it is forgotten: where a debit was on its way, once its giver
    was told that it did not come."""
    plan = None
    if attempt.step == Step.PROCESSING:
        contributions.raise_to(attempt.intent.payment, State.FAILED)
        plan = Plan.objects.filter(sub_ref=attempt.intent.plan).first() if attempt.intent.plan else None
    if plan is None:
        return contact_row.forget(attempt.contact)
    manage.over(plan, now, mail=plan_mail.not_begun)
    contact_row.extend(plan.contact, now + _UNTIL_TOLD)


def _terms(till: Till, attempt: Attempt) -> PlanTerms | None:
    """When the plan charges next, and when its card expires. What can't be had now is asked for at night."""
    if not attempt.intent.plan:
        return None
    try:
        return till.plans_of(attempt.intent.processor).terms(attempt.intent.plan)
    except ServiceProblem:
        return None


def _plan(till: Till, attempt: Attempt, terms: PlanTerms | None) -> Plan | None:
    intent = attempt.intent
    if not intent.plan:
        return None
    new = {
        "uuid": uuid4(),
        "processor": intent.processor,
        "cus_ref": intent.customer,
        "frequency": intent.frequency,
        "minor": intent.minor,
        "currency": intent.currency,
        "appeal": intent.appeal,
        "language": intent.language,
        "contact": attempt.contact,
        "started_on": till.now().date(),
    }
    plan, _ = Plan.objects.get_or_create(sub_ref=intent.plan, defaults=new)
    apply_terms(plan, terms, Frequency(intent.frequency), till.now())
    contact_row.extend(plan.contact, till.now() + CONTACT_KEPT)
    return plan


def apply_terms(plan: Plan, terms: PlanTerms | None, frequency: Frequency, now: datetime) -> None:
    """Take over from the service when it charges next and until when the card holds. A day that was changed since
    `plan` was read stays as it is."""
    row, was = Plan.objects.filter(pk=plan.pk), plan.next_on
    if terms is not None and terms.next_on is not None:
        plan.next_on = terms.next_on.date()
    elif plan.next_on is None:
        plan.next_on = after(now.date(), frequency)
    row.filter(next_on=was).update(next_on=plan.next_on)
    if terms is not None and terms.expires:
        plan.card_expires = f"{terms.expires[0]:04d}-{terms.expires[1]:02d}"
        row.update(card_expires=plan.card_expires)


def after(day: date, frequency: Frequency) -> date:
    """The same day of the next month or year; the last of a month that is too short."""
    month = day.month % 12 + 1 if frequency is Frequency.MONTHLY else day.month
    year = day.year + (1 if frequency is Frequency.ANNUAL or month == 1 else 0)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)


def _close(till: Till, attempt: Attempt, payment: Payment) -> None:
    """The intent is paid and nobody's any more. A debit on its way is looked at again."""
    on_its_way = payment.state is PaymentState.PROCESSING
    step = Step.PROCESSING if on_its_way else Step.OVER
    Attempt.objects.filter(pk=attempt.pk).update(
        step=step, token="", lease="", leased_until=None, look_at=till.now() + _LOOK_AT_DEBITS
    )
    Intent.objects.filter(pk=attempt.intent_id).update(
        state=Intent.State.PAID, holder=attempt.pk if on_its_way else None
    )
