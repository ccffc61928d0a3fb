"""What a reader wants to give, for as long as it takes to find out whether they do. Purged after two days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

KEPT = timedelta(hours=48)


class Intent(models.Model):
    """`uuid` is the desk's, and names the payment for good: one intent is paid once. `holder` is the attempt that is
    under way; a second one meanwhile is told so. `series` counts payments that were begun and given up again.
    `payment`, `plan` and `customer` are the service's references, kept before a bank hears of anything."""

    class State(models.TextChoices):
        OPEN = "open"
        PAID = "paid"  # or on its way, as a debit is

    uuid = models.UUIDField(unique=True)
    frequency = models.CharField(max_length=10)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    appeal = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    policy = models.PositiveIntegerField(default=0)  # the version that it was last judged by
    holder = models.BigIntegerField(null=True)
    series = models.PositiveSmallIntegerField(default=0)
    processor = models.CharField(max_length=30, blank=True)
    payment = models.CharField(max_length=120, blank=True, db_index=True)
    plan = models.CharField(max_length=120, blank=True)
    customer = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    @property
    def key(self) -> str:
        """What names the order at the service."""
        return f"{self.uuid}-{self.series}" if self.series else str(self.uuid)


def purge(now: datetime) -> int:
    """Delete what is older than two days and not under way; returns how many. What was paid stands in its
    contribution."""
    return Intent.objects.filter(expires_at__lte=now, holder=None).delete()[1].get("support.Intent", 0)
