"""Whether an address still takes mail: what came back is noted, weighed, and can be taken back. Nobody is deleted.

    complaint   the reader leaves, at once
    hard        the address is disabled after one answer of our own relay, or after reports about two editions
    soft        a point an edition; at three, a probe asks whether anything arrives; if that comes back: disabled
    ours        a policy, our reputation, our letter: noted for the board, never held against a reader

Points are forgotten after thirty days without a bounce. A letter's freeze and claim ask `Subscriber.disabled_at`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from hectograph.post.reasons import Reason, Weight
from hectograph.post.verp import Named
from hectograph.readers import choosing
from hectograph.readers.bounce_row import Bounce, Standing
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.tallies import count

HARD_EDITIONS, PROBE_AT_POINTS = 2, 3
FORGOTTEN_AFTER, PROBE_ANSWERS_WITHIN = timedelta(days=30), timedelta(days=7)
COMPLAINT = "complaint"
_Kind, _State = Bounce.Kind, Subscriber.State


@dataclass(frozen=True)
class Fault:
    """Why a copy came back. `sure` is an answer to our own relay's RCPT, which nobody can forge."""

    reason: Reason
    status: str = ""
    sure: bool = False


@transaction.atomic
def came_back(named: Named, fault: Fault, now: datetime) -> str:
    """Note that a copy came back; returns what became of it, as it is counted."""
    reader = _reader(named)
    if reader is None:
        return _counted("bounce of nobody", now)
    kind = _Kind(fault.reason.weight.value)
    if not _note(reader, named.edition, kind, fault, now):
        return _counted("bounce repeated", now)
    if kind is _Kind.OURS:
        return _counted("bounce of ours", now)
    standing = _standing(reader, now)
    if fault.reason.weight is Weight.HARD:
        _weigh_hard(reader, standing, fault, now)
    else:
        _weigh_soft(reader, standing, fault, now)
    standing.last_bounce_on = now.date()
    standing.save()
    return _counted(f"bounce {kind.value}", now)


@transaction.atomic
def complained(named: Named, now: datetime) -> str:
    """A reader pressed "spam": they leave at once, and are not asked."""
    reader = _reader(named)
    if reader is None:
        return _counted("bounce of nobody", now)
    if not _note(reader, named.edition, _Kind.COMPLAINT, Fault(Reason.UNKNOWN), now):
        return _counted("bounce repeated", now)
    leave(reader, now, how="complaint")
    return _counted(COMPLAINT, now)


@transaction.atomic
def asked_to_leave(number: str, now: datetime) -> str:
    """A mail to a leave address, or an answer with the subject "unsubscribe"."""
    reader = Subscriber.objects.select_for_update().filter(number=number).exclude(state=_State.ERASED).first()
    if reader is None:
        return _counted("unknown link", now)
    return _counted("left" if leave(reader, now, how="mail") else "left already", now)


def leave(reader: Subscriber, now: datetime, *, how: str) -> bool:
    """Off every newsletter. Whether the reader left now; False where they had left before."""
    if reader.state in (_State.UNSUBSCRIBED, _State.ERASED):
        return False
    choosing.leave_all(reader, now, how=how)
    return True


@transaction.atomic
def restore(reader: Subscriber, now: datetime) -> bool:
    """Write to a disabled address again; what came back until now counts no more. False where it was not disabled."""
    reader = Subscriber.objects.select_for_update().get(pk=reader.pk)
    if reader.disabled_at is None:
        return False
    reader.disabled_at = None
    reader.save(update_fields=["disabled_at"])
    Standing.objects.filter(subscriber=reader).update(points=0, probe_at=None, reason="", restored_at=now)
    count("address restored", now)
    return True


def _reader(named: Named) -> Subscriber | None:
    rows = Subscriber.objects.select_for_update().filter(number=named.reader)
    return rows.exclude(state=_State.ERASED).first()


def _note(reader: Subscriber, edition: int, kind: Bounce.Kind, fault: Fault, now: datetime) -> bool:
    """Keep what came back; False where it was kept before. Small mails, which share the number 0, count once a day."""
    words = {"reason": fault.reason.value, "status": fault.status[:12], "at": now}
    row, new = Bounce.objects.get_or_create(edition=edition, subscriber=reader, kind=kind, defaults=words)
    if not new and edition == 0 and now - row.at >= timedelta(days=1):
        new = bool(Bounce.objects.filter(pk=row.pk, at=row.at).update(**words))
    return new


def _standing(reader: Subscriber, now: datetime) -> Standing:
    standing, _ = Standing.objects.get_or_create(subscriber=reader)
    last = standing.last_bounce_on
    if last and now.date() - last > FORGOTTEN_AFTER:
        standing.points, standing.probe_at = 0, None
    return standing


def _weigh_hard(reader: Subscriber, standing: Standing, fault: Fault, now: datetime) -> None:
    rows = reader.bounces.filter(kind=_Kind.HARD)
    if standing.restored_at:
        rows = rows.filter(at__gt=standing.restored_at)
    if fault.sure or rows.count() >= HARD_EDITIONS:
        _disable(reader, standing, fault, now)


def _weigh_soft(reader: Subscriber, standing: Standing, fault: Fault, now: datetime) -> None:
    asked = standing.probe_at
    if asked and now - asked <= PROBE_ANSWERS_WITHIN:
        return _disable(reader, standing, fault, now)
    standing.points = 1 if asked else standing.points + 1  # the probe arrived: it counts from the beginning
    standing.probe_at = None
    if standing.points >= PROBE_AT_POINTS and reader.state == _State.ACTIVE:
        Outgoing.objects.create(subscriber=reader, kind=Outgoing.Kind.PROBE, made=now, not_before=now)
        standing.probe_at = now
        count("probe", now)
    return None


def _disable(reader: Subscriber, standing: Standing, fault: Fault, now: datetime) -> None:
    if reader.disabled_at is None:
        reader.disabled_at, standing.reason = now, fault.reason.value
        reader.save(update_fields=["disabled_at"])
        reader.mails.filter(state=Outgoing.State.READY).delete()
        count("address disabled", now)


def _counted(what: str, now: datetime) -> str:
    count(what, now)
    return what
