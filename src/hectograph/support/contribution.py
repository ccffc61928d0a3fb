"""A payment that came, or is on its way: how much, for which appeal, on which day. Never from whom."""

from __future__ import annotations

from datetime import date

from django.db import models

from hectograph.payments.port import Payment
from hectograph.support import receipt
from hectograph.support.intent import Intent
from hectograph.support.plan import Plan


class State(models.IntegerChoices):
    """In the order that they can follow: an old message never lowers a state. `DISPUTED` stands apart, as a flag."""

    CREATED = 0
    PROCESSING = 1
    FAILED = 2
    PAID = 3
    REFUNDED_PART = 4
    REFUNDED = 5


class Contribution(models.Model):
    """`ref` is the service's reference of the payment. `receipt` is the code by which a giver can have it looked up
    (`support.receipt`). `minor` is what was paid, in the currency it was paid in; the ledger has what it became."""

    uuid = models.UUIDField(unique=True)  # the intent's; of a renewal its own
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="contributions")
    state = models.PositiveSmallIntegerField(choices=State, default=State.CREATED)
    disputed = models.BooleanField(default=False)
    frequency = models.CharField(max_length=10)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    refunded = models.BigIntegerField(default=0)  # minor units given back
    day = models.DateField()
    processor = models.CharField(max_length=30)
    ref = models.CharField(max_length=120, unique=True)
    appeal = models.CharField(max_length=60, blank=True)
    receipt = models.CharField(max_length=16, unique=True)

    class Meta:
        indexes = [models.Index(fields=["day"], name="contribution_day")]

    def __str__(self) -> str:
        return f"contribution {self.pk}"


def raise_to(ref: str, state: State) -> bool:
    """Move the contribution of `ref` up to `state`; says whether it moved. No state ever falls."""
    return Contribution.objects.filter(ref=ref, state__lt=state).update(state=state) == 1


def book(payment: Payment, state: State, intent: Intent, plan: Plan | None, day: date) -> tuple[Contribution, bool]:
    """The contribution of `payment`, made or moved up to `state`, and whether it is new. It has what was paid."""
    new = {
        "uuid": intent.uuid,
        "plan": plan,
        "state": state,
        "frequency": intent.frequency,
        "minor": payment.money.minor,
        "currency": payment.money.currency,
        "day": day,
        "processor": intent.processor,
        "appeal": intent.appeal,
        "receipt": receipt.new(),
    }
    row, is_new = Contribution.objects.get_or_create(ref=payment.ref, defaults=new)
    if not is_new:
        raise_to(payment.ref, state)
    return row, is_new
