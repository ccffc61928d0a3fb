"""Plans are held against the service: above all the country of each card, before it is charged again.

plan's row → its terms, asked for anew → refused now? ended at once : our row is brought up to them

A row that a supporter changed while the service was asked is left as they want it: each value is only replaced where it
still is what it was before. One plan that can't be looked at stops none behind it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from hectograph.newsroom.flows import given, manage
from hectograph.newsroom.flows.till import Till
from hectograph.payments.forms import Frequency
from hectograph.payments.policy import Policy, Ruling, decide
from hectograph.payments.port import PlanTerms, Rejected, Unclear, Unreachable
from hectograph.support import fuse, plan_mail, wishes
from hectograph.support.contribution import Contribution, State
from hectograph.support.plan import LIVE, Plan

LOOK_AHEAD, LOOK_AGAIN = timedelta(days=1), timedelta(hours=1)
_S = Plan.State


def check_cards(till: Till, now: datetime, *, due_only: bool = True) -> int:
    """Look at the cards of plans that charge within a day; returns how many plans were looked at. A draft invoice waits
    an hour at the service: a card that turned protected is never charged."""
    rows = Plan.objects.filter(state__in=(_S.ACTIVE, _S.FAILING))
    if due_only:
        near = Q(next_on__lte=(now + LOOK_AHEAD).date()) | Q(next_on=None) | Q(state=_S.FAILING)
        rows = rows.filter(near).filter(Q(checked_at=None) | Q(checked_at__lte=now - LOOK_AGAIN))
    return sum(_looked_at(till, plan) for plan in list(rows.order_by("pk")))


def _looked_at(till: Till, plan: Plan) -> bool:
    try:
        look_at(till, plan)
    except (Unreachable, Unclear):
        return False
    except Exception:  # noqa: BLE001 (whatever is wrong with it: the others are looked at all the same)
        fuse.alarm("a plan can't be looked at", plan.sub_ref, till.now())
        return False
    return True


def look_at(till: Till, plan: Plan) -> None:
    """Bring `plan` up to what the service has; end it where its card may not pay any more. ServiceProblems pass."""
    terms = till.plans_of(plan.processor).terms(plan.sub_ref)
    if not check_card(till, terms):
        _apply(till, plan, terms)


def look_at_ref(till: Till, rail: str, ref: str) -> None:
    """The same by the service's reference; of a plan that is not ours, or not there, nothing."""
    plan = Plan.objects.filter(processor=rail, sub_ref=ref).first()
    if plan is None:
        return
    try:
        look_at(till, plan)
    except Rejected:
        return


def is_refused(policy: Policy, terms: PlanTerms) -> bool:
    """Whether the means of a plan may not pay. Unknown is refused, as at the gate: a means without a country, and no
    means at all. Only while its first debit is on its way a plan shows none yet, and is no card's."""
    if terms.preview is not None:
        return decide(policy, terms.preview).ruling is Ruling.REFUSE
    return not Contribution.objects.filter(plan__sub_ref=terms.ref, state=State.PROCESSING).exists()


def check_card(till: Till, terms: PlanTerms) -> bool:
    """End the plan at once where its means may not pay any more. Says whether it did."""
    policy = till.policy()
    if policy is None or not terms.active or not is_refused(policy, terms):
        return False
    plan = Plan.objects.filter(sub_ref=terms.ref, state__in=LIVE).first()
    if plan is None:
        return False
    plan_mail.mark_protected(plan, "card")
    till.named(plan.processor).cancel_plan(plan.sub_ref)
    with transaction.atomic():
        manage.over(plan, till.now(), mail=plan_mail.protect)
    return True


def _apply(till: Till, plan: Plan, terms: PlanTerms) -> None:
    """`plan` is the row as it was before `terms` were asked for."""
    if not terms.active:
        with transaction.atomic():
            manage.over(plan, till.now())
        return
    if Plan.objects.filter(pk=plan.pk, state__in=(_S.ENDING, _S.ENDED)).exists():
        wishes.end(plan, till.now())  # it may still charge there: end it there, too
        return
    given.apply_terms(plan, terms, Frequency(plan.frequency), till.now())
    if terms.money.currency == plan.currency:
        _swap(plan, "minor", terms.money.minor)
    if plan.state == _S.PAUSED and not terms.paused:
        _swap(plan, "state", _S.ACTIVE, paused_until=None)
    elif plan.state in (_S.ACTIVE, _S.FAILING):
        _swap(plan, "state", _S.FAILING if terms.overdue else _S.ACTIVE)
    Plan.objects.filter(pk=plan.pk).update(checked_at=till.now())


def _swap(plan: Plan, name: str, new: object, **more: Any) -> None:
    """Replace one value of the row, where it still is what it was."""
    Plan.objects.filter(pk=plan.pk, **{name: getattr(plan, name)}).update(**{name: new}, **more)
