"""A letter that is approved: when it goes, how far it is, and what a person can do meanwhile.

The acts are rows that the sender looks at (`letters.steering`); nothing is sent from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count

from hectograph.errors import Problem
from hectograph.letters import approval, steering
from hectograph.letters import schedule as clock
from hectograph.letters.delivery import Delivery
from hectograph.letters.edition import Edition, State
from hectograph.post.outcomes import FINAL
from hectograph.post.outcomes import State as Copy
from hectograph.stories.feed.site import site

_REMEMBERED, _LOOKS = 300, 30  # seconds; how many looks back the rate is reckoned
_REASONS = {
    421: "the relay closed the line",
    450: "the mailbox can't be written to just now",
    451: "the relay has trouble of its own",
    452: "the relay or the mailbox is full",
}


@transaction.atomic
def schedule(edition: Edition, at: datetime, now: datetime, *, although_late: bool = False) -> None:
    """Let it go out at `at`. A Problem where it is not approved, or is so late that a person must say so."""
    row = Edition.objects.select_for_update().get(pk=edition.pk)
    if row.state not in (State.APPROVED, State.SCHEDULED):
        raise Problem("Only an approved letter can go out.", "Look at the preview and approve it there.")
    if not approval.is_what_was_approved(row):
        raise Problem("What is stored is not what was approved.", "Take the approval back and approve again.")
    if clock.is_late(at, now) and not although_late:
        raise Problem("That moment has passed by more than six hours.", "Choose another, or send it now.")
    Edition.objects.filter(pk=row.pk).update(state=State.SCHEDULED, send_at=at, needs_person="")
    edition.refresh_from_db()


@dataclass(frozen=True)
class Numbers:
    """How far a letter is. `rate` in letters a second, lately; `left` is the time that the rest takes, None where it
    can't be said. `deferred` and `refused` are by reason."""

    total: int
    counts: dict[str, int]
    deferred: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, int], ...]
    rate: float
    left: timedelta | None

    @property
    def done(self) -> int:
        return sum(self.counts.get(state.name.lower(), 0) for state in FINAL)

    @property
    def share(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def adds_up(self) -> bool:
        return self.done == self.total


def numbers(edition: Edition, now: datetime) -> Numbers:
    """Counts by state, and how fast it goes."""
    report = steering.report(edition.pk)
    rows = Delivery.objects.filter(edition=edition.pk)
    found = Numbers(
        total=report.frozen,
        counts=report.counts,
        deferred=_by_reason(rows.filter(state=Copy.DEFERRED).values_list("code").annotate(Count("subscriber"))),
        refused=_by_reason(rows.filter(state=Copy.REJECTED).values_list("code").annotate(Count("subscriber"))),
        rate=0.0,
        left=None,
    )
    rate = _rate(edition, found.done, now) if edition.state == State.SENDING else 0.0
    left = timedelta(seconds=round((found.total - found.done) / rate)) if rate else None
    return Numbers(found.total, found.counts, found.deferred, found.refused, rate, left)


def _by_reason(rows: object) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((_reason(code), count) for code, count in rows))  # type: ignore[attr-defined]


def _reason(code: int) -> str:
    if not code:
        return "the connection broke before the letter was out, or the address can't be written to"
    return f"{code}, {_REASONS[code]}" if code in _REASONS else f"the relay answered {code}"


def _rate(edition: Edition, done: int, now: datetime) -> float:
    """Letters a second between the looks of the last minute; since the start, at the first look."""
    key = f"letter-{edition.pk}"
    looks: list[tuple[float, int]] = [*cache.get(key, [])][-_LOOKS:]
    looks.append((now.timestamp(), done))
    cache.set(key, looks, _REMEMBERED)
    start = (edition.frozen_at or now).timestamp()
    then, before = looks[0] if len(looks) > 1 else (start, 0)
    seconds = now.timestamp() - then
    return (done - before) / seconds if seconds > 0 else 0.0


def control(edition: Edition, act: str, person: str, *, rate: str = "", host: str = "") -> None:
    """Start, pause, resume, cancel; the rate; the host of story links; what becomes of the uncertain."""
    if act == "rate":
        steering.set_rate(edition.pk, _number(rate), person)
    elif act == "host":
        stand_on(edition, host, person)
    elif act in _ACTS:
        _ACTS[act](edition.pk, person)
    else:
        raise Problem("There is no such act.", "Use the buttons of this page.")


def _start(pk: int, person: str) -> None:
    if not approval.is_what_was_approved(Edition.objects.get(pk=pk)):
        raise Problem("What is stored is not what was approved.", "Take the approval back and approve again.")
    steering.start(pk, person)


_ACTS = {
    "start": _start,
    "waive": lambda pk, person: steering.start(pk, person, waive_desks=True),
    "pause": steering.pause,
    "resume": steering.resume,
    "cancel": steering.cancel,
    "taken-as-sent": lambda pk, person: steering.resolve(pk, person, send_again=False),
    "send-again": lambda pk, person: steering.resolve(pk, person, send_again=True),
}


def _number(rate: str) -> float:
    try:
        return float(rate.replace(",", ".") or 0)
    except ValueError:
        raise Problem("That is no rate.", "Give mails a second, or 0 for no limit.") from None


def story_hosts(edition: Edition) -> list[str]:
    """Approved hosts that links to stories may stand on, the one in use first. Where desks answer, no story stands."""
    desks = urlsplit(settings.HECTO_LINKS).netloc
    sites = {urlsplit(base).netloc for base in (*settings.HECTO_LETTER_SITES, site().base_url)}
    return [host for host in edition.link_hosts if host != desks or host in sites]


def stand_on(edition: Edition, host: str, person: str) -> None:
    """Let links to stories stand on another of the approved hosts. It needs no new approval, and is noted."""
    if host not in story_hosts(edition):
        words = f"Approved are: {', '.join(story_hosts(edition)) or 'none'}."
        raise Problem("No story of this letter may stand on that host.", words)
    steering.stand_on(edition.pk, host, person)
