"""How often something happened at a way of paying of late: numbers by the ten seconds, and nothing else.

They stand where every cashier sees them, so that neither a second one nor a restart lets an abuse begin anew.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import F, Sum

SLOT, KEPT = timedelta(seconds=10), timedelta(minutes=5)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class FuseCount(models.Model):
    """`n` times `what` happened at `rail` in the ten seconds from `slot` on."""

    rail = models.CharField(max_length=30)
    what = models.CharField(max_length=10)
    slot = models.DateTimeField()
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "what", "slot"], name="one_fuse_count_a_slot")]


def hear(rail: str, what: str, now: datetime) -> None:
    """It happened once more. Whoever begins a slot forgets the old ones of the same kind: few rows are ever there."""
    slot = now - (now - _BEGINNING) % SLOT
    row, is_new = FuseCount.objects.get_or_create(rail=rail, what=what, slot=slot)
    if is_new:
        FuseCount.objects.filter(rail=rail, what=what, slot__lt=now - KEPT).delete()
    else:
        FuseCount.objects.filter(pk=row.pk).update(n=F("n") + 1)


def heard(rail: str, what: str, after: datetime) -> int:
    """How often it happened in the slots that began after `after`."""
    found = FuseCount.objects.filter(rail=rail, what=what, slot__gt=after).aggregate(sum=Sum("n"))
    return int(found["sum"] or 0)


def purge(now: datetime) -> None:
    """Forget what no fuse looks at any more."""
    FuseCount.objects.filter(slot__lt=now - KEPT).delete()
