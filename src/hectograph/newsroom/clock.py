"""Whether this machine's clock can be believed. One that jumped ahead makes all that is young look old: nothing is
forgotten, and no reminder leaves, until a person has said what time it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

MOST_AHEAD = timedelta(days=3)  # a newsroom that was off for longer is asked, too
MOST_BEHIND = timedelta(hours=1)
_NOTED_EVERY = timedelta(minutes=1)


class ClockMark(models.Model):
    """One row: the latest time that was believed."""

    seen = models.DateTimeField()

    class Meta:
        verbose_name = "clock"

    def __str__(self) -> str:
        return f"{self.seen:%Y-%m-%d %H:%M} UTC"


def is_believed(now: datetime) -> bool:
    """Whether `now` follows from the time before; it is noted then. The first time that is ever seen is believed."""
    if jumped(now):
        return False
    row = ClockMark.objects.first()
    if row is None or now - row.seen > _NOTED_EVERY:
        believe(now)
    return True


def believe(now: datetime) -> None:
    """A person looked at the clock: it is right."""
    ClockMark.objects.update_or_create(pk=1, defaults={"seen": now})


def jumped(now: datetime) -> timedelta:
    """By how much `now` is too far from the latest time that was believed; nothing where it is not."""
    row = ClockMark.objects.first()
    if row is None or -MOST_BEHIND <= now - row.seen <= MOST_AHEAD:
        return timedelta(0)
    return now - row.seen
