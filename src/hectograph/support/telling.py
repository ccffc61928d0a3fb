"""What pages at desks are to say: the newest word for each page that waits, until it was shown or its time is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone

from hectograph.payments.status import State, Status
from hectograph.readers.desk_row import DeskRow

SHOWN_FOR = timedelta(minutes=30)
_GOES_ON = (State.UNDER_WAY, State.ACTION, State.UNKNOWN)


class Telling(models.Model):
    """`told` is the life of the desk's process (its `boot`) that has this very word already; empty: none has."""

    status = models.CharField(max_length=64, unique=True)
    desk = models.ForeignKey(DeskRow, models.CASCADE)
    state = models.CharField(max_length=12)
    words = models.JSONField(default=dict)
    until = models.DateTimeField(db_index=True)
    told = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["desk", "told"], name="telling_desk")]


def tell(
    desk: DeskRow | None, status: str, state: State, now: datetime, words: Mapping[str, str] | None = None
) -> None:
    """Let the page `status` at `desk` say `state`. Without a desk or a page there is nobody to tell."""
    if desk is None or not status:
        return
    until = now.replace(microsecond=0) + SHOWN_FOR
    new = {"desk": desk, "state": state.value, "words": dict(words or {}), "until": until, "told": ""}
    Telling.objects.update_or_create(status=status, defaults=new)


def due(desk: DeskRow, boot: str = "", now: datetime | None = None) -> list[Status]:
    """What the desk's process `boot` was not told yet."""
    rows = Telling.objects.filter(desk=desk, until__gt=now or timezone.now())
    rows = rows.exclude(told=boot) if boot else rows.filter(told="")
    return [_status(row) for row in rows.order_by("pk")]


def told(desk: DeskRow, boot: str, statuses: Iterable[Status]) -> None:
    """The desk's process `boot` has these. What changed meanwhile stays due."""
    for status in statuses:
        until = datetime.fromtimestamp(status.until, UTC)
        Telling.objects.filter(desk=desk, status=status.id, state=status.state.value, until=until).update(told=boot)


def shown(ids: Iterable[str]) -> int:
    """Pages that said their last word: forget it. One that goes on stays. Returns how many were forgotten."""
    over = Telling.objects.filter(status__in=list(ids)).exclude(state__in=[state.value for state in _GOES_ON])
    return over.delete()[0]


def purge(now: datetime) -> int:
    """Forget what no page asks for any more."""
    return Telling.objects.filter(until__lte=now).delete()[0]


def _status(row: Telling) -> Status:
    return Status(row.status, State(row.state), int(row.until.timestamp()), dict(row.words))
