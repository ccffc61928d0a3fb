"""A refund that a person asked for, until the cashier made it. The row knows a contribution, never whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Sum

from hectograph.errors import Problem
from hectograph.payments.port import Kind
from hectograph.support import operator_action
from hectograph.support.books import LedgerTxn
from hectograph.support.contribution import Contribution, State
from hectograph.support.fuse import CHARGED_LATE, Alarm

OWN_BANK = "transfer"  # the rail of bank transfers
BY_BANK = "Send it back there, under the reference that it came by: the next statement that is taken in books it."
_LONGEST_PAUSE = timedelta(hours=1)
_SHOWN = 100  # of a list on a page


class Refund(models.Model):
    """`key` names it at the service for good: asked for twice, it is made once. `minor` is in the contribution's own
    currency. `error` is the class of what went wrong last, never its words."""

    class State(models.TextChoices):
        WAITS = "waits"
        DONE = "done"
        FAILED = "failed"

    key = models.UUIDField(unique=True)
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="refunds")
    minor = models.BigIntegerField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=State, default=State.WAITS)
    ref = models.CharField(max_length=120, blank=True)  # the service's own
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="refund_due")]


def left(row: Contribution) -> int:
    """Minor units that may still be given back: less what the ledger has as given back, and less what waits or is made
    and not booked yet."""
    wanted = Refund.objects.filter(contribution=row).exclude(state=Refund.State.FAILED)
    refs = wanted.exclude(ref="").values("ref")
    booked = LedgerTxn.objects.filter(rail=row.processor, source__in=refs, kind=Kind.REFUND).values("source")
    on_the_way = wanted.exclude(ref__in=booked).aggregate(sum=Sum("minor"))["sum"] or 0
    return max(row.minor - row.refunded - on_the_way, 0)


@transaction.atomic
def ask(contribution: int, minor: int, by: str, now: datetime) -> Refund:
    """Want `minor` units given back; a Problem where that is not to be had. The row is locked: two who ask at
    once can't give back more than was paid."""
    row = Contribution.objects.select_for_update().get(pk=contribution)
    if row.processor == OWN_BANK:
        raise Problem("No service holds this money: it lies at the newsroom's own bank.", BY_BANK)
    if row.state not in (State.PAID, State.REFUNDED_PART):
        raise Problem("This contribution is not paid, or was given back.", "Look it up again.")
    if not 0 < minor <= left(row):
        raise Problem("That is more than is left of this contribution.", "Ask for what is left, or less.")
    operator_action.note("refund", by, now, about=row.ref, words=f"{minor} {row.currency}")
    return Refund.objects.create(key=uuid4(), contribution=row, minor=minor, by=by[:80], at=now, not_before=now)


def crossed() -> list[Contribution]:
    """Payments that came though their plan was to end, and that are not given back or seen to: each is to be offered
    back. The oldest first."""
    refs = Alarm.objects.filter(kind=CHARGED_LATE, settled_at=None).values("about")
    rows = Contribution.objects.filter(ref__in=refs, state__in=(State.PAID, State.REFUNDED_PART)).order_by("pk")
    return list(islice((row for row in rows.iterator() if left(row)), _SHOWN))


def due(rail: str, now: datetime, most: int) -> list[Refund]:
    """Refunds at `rail` that may be made now, the longest waiting first. Those of one rail stand in no other's way."""
    rows = Refund.objects.filter(state=Refund.State.WAITS, not_before__lte=now, contribution__processor=rail)
    return list(rows.select_related("contribution").order_by("not_before", "pk")[:most])


def untried(since: datetime) -> list[str]:
    """Rails at which a refund waits since then or longer, and no cashier ever tried it."""
    rows = Refund.objects.filter(state=Refund.State.WAITS, attempts=0, at__lt=since)
    return sorted(set(rows.values_list("contribution__processor", flat=True)))


def done(refund: Refund, ref: str) -> None:
    Refund.objects.filter(pk=refund.pk).update(state=Refund.State.DONE, ref=ref, error="")


def failed(refund: Refund, error: Exception) -> None:
    """It can't be made; a person sees it."""
    Refund.objects.filter(pk=refund.pk).update(state=Refund.State.FAILED, error=type(error).__name__[:80])


def later(refund: Refund, error: Exception, now: datetime) -> None:
    """Try again, under the same key."""
    attempts = refund.attempts + 1
    pause = min(timedelta(seconds=10 * 2 ** min(attempts, 10)), _LONGEST_PAUSE)
    wait = {"attempts": attempts, "error": type(error).__name__[:80], "not_before": now + pause}
    Refund.objects.filter(pk=refund.pk).update(**wait)
