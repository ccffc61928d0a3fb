"""What the clock alone brings: notices to supporters, and forgetting what need not be kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from hectograph.payments.forms import Frequency
from hectograph.readers import contact_row
from hectograph.support import fuse_count, intent, plan_mail, telling
from hectograph.support.contribution import Contribution, State
from hectograph.support.plan import LIVE, Plan, Wish

BEFORE_RENEWAL, BEFORE_EXPIRY = timedelta(days=14), timedelta(days=30)
_WISHES_KEPT, _UNPAID_KEPT = timedelta(days=2), timedelta(days=90)


def write_due(now: datetime) -> None:
    """Notices before an annual renewal and before a card expires, each once."""
    going_on = Plan.objects.filter(state__in=(Plan.State.ACTIVE, Plan.State.FAILING)).exclude(contact="")
    today, soon = now.date(), (now + BEFORE_RENEWAL).date()
    for plan in going_on.filter(frequency=Frequency.ANNUAL.value, next_on__gt=today, next_on__lte=soon).iterator():
        plan_mail.renewal(plan, now)
    months = {f"{now:%Y-%m}", f"{now + BEFORE_EXPIRY:%Y-%m}"}
    for plan in going_on.filter(card_expires__in=months).iterator():
        plan_mail.expiring(plan, now)


def forget(now: datetime) -> None:
    """Purge: intents after two days, words for pages, contacts whose time is over, wishes that came true, references of
    transfers that never came."""
    intent.purge(now)
    telling.purge(now)
    fuse_count.purge(now)
    contact_row.forget_expired(now)
    Wish.objects.filter(~Q(state=Wish.State.WAITS), made_at__lt=now - _WISHES_KEPT).delete()
    Contribution.objects.filter(state=State.CREATED, day__lt=(now - _UNPAID_KEPT).date()).delete()
    _unlink_forgotten()


def _unlink_forgotten() -> None:
    """A plan that is over and whose contact is gone knows no number any more."""
    for plan in Plan.objects.filter(state=Plan.State.ENDED).exclude(contact="").iterator():
        if not contact_row.is_kept(plan.contact):
            Plan.objects.filter(pk=plan.pk).update(contact="")


def live_plans() -> int:
    return Plan.objects.filter(state__in=LIVE).count()
