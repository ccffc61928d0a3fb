"""The day on which giving to us becomes a crime somewhere: plans on cards from there end, and nothing is tried again.

new policy version → every plan on such a card: noted as ending → ended at the service → told neutrally → forgotten

Each plan is noted before the service is asked, so that a switch that was killed anywhere goes on when it is run again,
and one that is run twice does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction

from hectograph.errors import Problem
from hectograph.newsroom.flows import card_checks, manage
from hectograph.newsroom.flows.till import Till
from hectograph.payments.policy import Policy
from hectograph.payments.port import ServiceProblem
from hectograph.readers import contact_row
from hectograph.support import plan_mail, policy_row
from hectograph.support.operator_action import note
from hectograph.support.plan import LIVE, Plan, Wish

CONTACT_KEPT = timedelta(days=3)  # until the mail has left
_DONE = "done"


@dataclass(frozen=True)
class Summary:
    """What was done, or would be: `plans` ended, of them `told` by mail; `foreign` plans that only the service knows;
    `left` could not be ended and want another run."""

    version: int
    plans: int = 0
    told: int = 0
    foreign: int = 0
    left: int = 0


def protect(
    till: Till, country: str, by: str, *, dry_run: bool = False, hosts: frozenset[str] = frozenset()
) -> Summary:
    """Protect who pays from `country` (two letters); mail `hosts` there are written to no more. Run it again until
    nothing is left. A Problem, once all that can be reached is done, where plans go on charging at a service that can't
    be."""
    policy = till.policy()
    if policy is None:
        raise Problem("There is no country policy yet.", "Make the first: `hecto support policy --block RU,BY`.")
    wanted = replace(policy, blocked=policy.blocked | {country}, caution=policy.caution - {country})
    wanted = replace(wanted, watched=policy.watched | hosts)
    if not dry_run and wanted != policy:
        wanted = policy_row.publish(wanted, by, till.now(), f"protect {country}")
        note(plan_mail.PROTECT, by, till.now(), about=country)
    summary = Summary(wanted.version)
    for name in till.plans:
        summary = _of_service(till, name, wanted, country, summary, dry_run=dry_run)
    _all_reached(till)
    return summary


def _all_reached(till: Till) -> None:
    beyond = Plan.objects.filter(state__in=LIVE).exclude(processor__in=list(till.plans)).order_by("processor")
    names = sorted(set(beyond.values_list("processor", flat=True)))
    if names:
        raise Problem(
            f"{beyond.count()} plans at {', '.join(names)} can't be reached from here and go on charging.",
            "Put the service's keys back into HECTO_KEYS and run it again, or end them in its dashboard.",
        )


def _of_service(till: Till, name: str, policy: Policy, country: str, summary: Summary, *, dry_run: bool) -> Summary:
    for ref, plan in _concerned(till, name, policy, country):
        summary = replace(
            summary,
            plans=summary.plans + 1,
            told=summary.told + bool(plan and plan.contact),
            foreign=summary.foreign + (plan is None),
        )
        if dry_run:
            continue
        try:
            _end(till, name, ref, plan, country)
        except ServiceProblem:
            summary = replace(summary, left=summary.left + 1)
    return summary


def _concerned(till: Till, name: str, policy: Policy, country: str) -> Iterator[tuple[str, Plan | None]]:
    """Plans on protected cards, as the service knows them; and those that an earlier run noted and did not get through
    with. Each once."""
    seen = set()
    for plan in _begun(name, country):
        seen.add(plan.sub_ref)
        yield plan.sub_ref, plan
    for terms in till.plans_of(name).active_plans():
        if terms.ref not in seen and card_checks.is_refused(policy, terms):
            yield terms.ref, Plan.objects.filter(processor=name, sub_ref=terms.ref).first()


def _begun(name: str, country: str) -> list[Plan]:
    rows = Plan.objects.filter(processor=name, state=Plan.State.ENDING)
    return [plan for plan in rows if plan.said.get(plan_mail.PROTECT) == country]


def _end(till: Till, name: str, ref: str, plan: Plan | None, country: str) -> None:
    if plan is not None:
        plan_mail.mark_protected(plan, country, state=Plan.State.ENDING)
    till.named(name).cancel_plan(ref)
    if plan is not None:
        _forget(till, plan)


@transaction.atomic
def _forget(till: Till, plan: Plan) -> None:
    manage.over(plan, till.now(), mail=plan_mail.protect)
    plan_mail.mark_protected(plan, _DONE)  # from where it was paid is nothing to keep
    contact_row.extend(plan.contact, till.now() + CONTACT_KEPT)
    Wish.objects.filter(plan=plan).delete()
