"""What the services told us: a row for each hint, until the thing it names was asked for anew. No body is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import F, Q

from hectograph.payments.hooks import Hint

KEPT = timedelta(days=90)
GIVE_UP_AFTER = 20  # tries: two and a half days
_LONGEST_PAUSE = timedelta(hours=6)


class InboxEvent(models.Model):
    """`ref` is `RAIL:EVENT`: an event that comes twice is one row. `object` is what was hinted at; nothing else of the
    message is kept."""

    class State(models.TextChoices):
        WAITS = "waits"
        DONE = "done"
        GIVEN_UP = "given up"

    ref = models.CharField(max_length=300, primary_key=True)
    rail = models.CharField(max_length=30)
    type = models.CharField(max_length=100)
    object = models.CharField(max_length=255, blank=True)
    created = models.DateTimeField()  # by the service's clock
    seen_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITS)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error = models.CharField(max_length=80, blank=True)  # the class of what went wrong last, never its words

    class Meta:
        indexes = [
            models.Index(fields=["rail", "not_before"], condition=Q(state="waits"), name="inbox_waits"),
            models.Index(fields=["seen_at"], name="inbox_seen"),
        ]

    @property
    def hint(self) -> Hint:
        event = self.ref.removeprefix(f"{self.rail}:")
        return Hint(event, self.type, self.object, int(self.created.timestamp()))


def take(rail: str, hints: Iterable[Hint], now: datetime) -> None:
    """Keep what is new of `hints`; one that is known already changes nothing."""
    InboxEvent.objects.bulk_create(
        (
            InboxEvent(
                ref=f"{rail}:{hint.event}",
                rail=rail,
                type=hint.type,
                object=hint.object,
                created=datetime.fromtimestamp(hint.created, UTC),
                seen_at=now,
                not_before=now,
            )
            for hint in hints
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def due(rail: str, now: datetime, most: int) -> list[InboxEvent]:
    """What waits for its turn, the longest waiting first."""
    rows = InboxEvent.objects.filter(rail=rail, state=InboxEvent.State.WAITS, not_before__lte=now)
    return list(rows.order_by("not_before", "created")[:most])


def done(events: Iterable[InboxEvent]) -> None:
    """What these hinted at was asked for, and stands in our rows."""
    refs = [event.ref for event in events]
    InboxEvent.objects.filter(ref__in=refs).update(state=InboxEvent.State.DONE, error="", attempts=F("attempts") + 1)


def failed(event: InboxEvent, error: Exception, now: datetime) -> None:
    """Try again later, each time later still; after two and a half days a person is told."""
    event.attempts += 1
    event.error = type(error).__name__[:80]
    event.not_before = now + min(timedelta(seconds=10 * 2 ** min(event.attempts, 12)), _LONGEST_PAUSE)
    if event.attempts >= GIVE_UP_AFTER:
        event.state = InboxEvent.State.GIVEN_UP
    event.save(update_fields=["attempts", "error", "not_before", "state"])


def purge(now: datetime) -> None:
    """Forget what was seen longer ago than `KEPT`. What it led to stands in the books."""
    InboxEvent.objects.filter(seen_at__lt=now - KEPT).delete()
