"""One press of the pay button on its way through the gate. Holds no person: a token, and whom to tell of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from hectograph.readers.desk_row import DeskRow
from hectograph.support.intent import Intent


class Step(models.TextChoices):
    """How far it is. Each is committed before what it names is done, so that a restart knows where to go on."""

    ASKED = "asked"  # nothing was made at the service, or nothing that a bank heard of
    STARTED = "started"  # the payment's reference is kept; no bank was asked
    CONFIRMING = (
        "confirming"  # from here a bank may have been asked: what became of it is looked up, never repeated blindly
    )
    ACTION = "action"  # the bank asks its customer
    PROCESSING = "processing"  # a debit on its way
    OVER = "over"


CHALLENGE = timedelta(minutes=15)  # for a bank's question
UNDER_WAY = (Step.STARTED, Step.CONFIRMING, Step.ACTION, Step.PROCESSING)


class Attempt(models.Model):
    """`status` names the page that waits, `desk` who shows it. `lease` is who works on it, until `leased_until`.
    `contact` is a number of `readers`. `look_at` is when it is worth looking again."""

    intent = models.ForeignKey(Intent, models.CASCADE, related_name="attempts")
    status = models.CharField(max_length=64, unique=True)
    desk = models.ForeignKey(DeskRow, models.SET_NULL, null=True)
    token = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=10)
    caution = models.BooleanField(default=False)  # the giver was asked once more, and said yes
    contact = models.CharField(max_length=32, blank=True)
    left = models.BooleanField(default=False)  # its giver turned to another card while the bank asked
    step = models.CharField(max_length=12, choices=Step, default=Step.ASKED)
    tries = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()  # nothing is begun after this
    look_at = models.DateTimeField(db_index=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["look_at"], condition=~Q(step="over"), name="attempt_due")]

    def is_late(self, now: datetime) -> bool:
        """Whether its giver has gone: what the bank still says then is not waited for."""
        return self.left or now > max(self.until, self.made_at + CHALLENGE)


def due(now: datetime, most: int) -> list[int]:
    """Attempts that want work now and are in nobody's hands, the oldest first."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    rows = Attempt.objects.filter(free, look_at__lte=now).exclude(step=Step.OVER)
    return list(rows.order_by("look_at", "pk").values_list("pk", flat=True)[:most])


def claim(pk: int, worker: str, now: datetime, lease: timedelta) -> Attempt | None:
    """Take it in hand; None where another did, or it is over."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    rows = Attempt.objects.filter(free, pk=pk).exclude(step=Step.OVER)
    if not rows.update(lease=worker, leased_until=now + lease):
        return None
    return Attempt.objects.select_related("intent", "desk").get(pk=pk)


def put_back(attempt: Attempt, look_at: datetime) -> None:
    """Let go of it until `look_at`."""
    mine = Attempt.objects.filter(pk=attempt.pk, lease=attempt.lease)
    mine.update(lease="", leased_until=None, look_at=look_at, tries=attempt.tries)


def free(prefix: str) -> int:
    """Let go of what workers whose names begin with `prefix` had in hand: they are gone. Returns how many."""
    return Attempt.objects.filter(lease__startswith=prefix).update(lease="", leased_until=None)


def too_late(now: datetime) -> list[int]:
    """Attempts that no bank has heard of and that may not be begun any more, in nobody's hands."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return list(Attempt.objects.filter(free, step=Step.ASKED, until__lt=now).values_list("pk", flat=True)[:100])
