"""What pages at desks are to say: the newest word for each page that waits, until it was shown or its time is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import models

from hectograph.payments.status import FINAL, KEPT, State, Status
from hectograph.readers.desk_row import DeskRow

LASTS = timedelta(seconds=KEPT) + timedelta(hours=1)


class Telling(models.Model):
    """`told` is the memory of the desk (its `boot`) that has this very word already; empty: none has."""

    status = models.CharField(max_length=64, unique=True)
    desk = models.ForeignKey(DeskRow, models.CASCADE)
    state = models.CharField(max_length=12)
    words = models.JSONField(default=dict)
    until = models.DateTimeField(db_index=True)
    told = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["desk", "told"], name="telling_desk")]


def tell(desk: int | None, status: str, state: State, now: datetime, words: Mapping[str, str] | None = None) -> None:
    """Let the page `status` at `desk` say `state`. Without a desk or a page there is nobody to tell; a page that said
    its last word says no other."""
    if not desk or not status:
        return
    new = {"desk_id": desk, "state": state.value, "words": dict(words or {}), "told": ""}
    until = now.replace(microsecond=0) + LASTS
    row, made = Telling.objects.get_or_create(status=status, defaults={**new, "until": until})
    if not made and State(row.state) not in FINAL:
        Telling.objects.filter(pk=row.pk, state=row.state).update(**new)


def due(desk: int, boot: str, now: datetime, most: int) -> list[Status]:
    """What is not over and was not told to the desk's memory `boot` as it now is; SHOWN ones to a new memory, too. The
    oldest first."""
    rows = Telling.objects.filter(desk=desk, until__gt=now).exclude(told=boot)
    return [_status(row) for row in rows.order_by("pk")[:most]]


def told(desk: int, boot: str, statuses: Sequence[Status]) -> None:
    """The memory `boot` has heard these. What a row has become since is still due."""
    for status in statuses:
        same = Telling.objects.filter(desk=desk, status=status.id, state=status.state.value, words=dict(status.words))
        same.update(told=boot)


def shown(desk: int, ids: Sequence[str]) -> None:
    """Their pages were shown: each becomes SHOWN, its words are wiped. Said more than once; unknown ids, too."""
    final = [state.value for state in FINAL]
    rows = Telling.objects.filter(desk=desk, status__in=list(ids), state__in=final)
    rows.exclude(state=State.SHOWN.value).update(state=State.SHOWN.value, words={})


def purge(now: datetime) -> int:
    """Forget what no page asks for any more; returns how many."""
    return Telling.objects.filter(until__lte=now).delete()[0]


def _status(row: Telling) -> Status:
    return Status(row.status, State(row.state), int(row.until.astimezone(UTC).timestamp()), dict(row.words))
