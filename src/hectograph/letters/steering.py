"""What people do with an edition on its way: pause, resume, cancel, change the rate, decide about uncertain readers.

Each acts on the row; the sender looks several times a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hectograph.errors import Problem
from hectograph.letters.delivery import Delivery, EditionEvent
from hectograph.letters.edition import Edition, State
from hectograph.letters.rows import tally
from hectograph.post.outcomes import State as Copy

_NO_EDITION = "There is no such edition.", "`hecto letters list` shows them."


@dataclass(frozen=True)
class Report:
    """What became of everyone, in numbers. `deferred` by the relay's code."""

    edition: int
    state: str
    frozen: int
    counts: dict[str, int]
    codes: dict[int, int]
    needs_person: str
    events: list[tuple[datetime, str, str, str]] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        return sum(self.counts.values()) == self.frozen


def _note(edition: Edition, act: str, person: str, note: str = "") -> None:
    EditionEvent.objects.create(edition=edition.pk, act=act, person=person[:80], note=note[:300])


def _taken(edition_id: int) -> Edition:
    """The edition, in hand until the transaction ends."""
    found = Edition.objects.select_for_update().filter(pk=edition_id).first()
    if found is None:
        raise Problem(*_NO_EDITION)
    return found


def _move(edition_id: int, *, of: tuple[State, ...], to: State, act: str, person: str, note: str = "") -> Edition:
    edition = _taken(edition_id)
    if edition.state not in of:
        raise Problem(f"This edition is {edition.state}.", f"Only one that is {' or '.join(of)} can be changed so.")
    edition.state, edition.needs_person = to, ""
    edition.save(update_fields=["state", "needs_person", "changed_at"])
    _note(edition, act, person, note)
    return edition


@transaction.atomic
def start(edition_id: int, person: str, *, waive_desks: bool = False) -> None:
    """Send an approved edition now. With `waive_desks`, also if a desk can't be reached; that is noted."""
    note = "desks that can't be reached are waived" if waive_desks else ""
    of = (State.APPROVED, State.SCHEDULED, State.FREEZING)
    _move(edition_id, of=of, to=State.FREEZING, act="start", person=person, note=note)
    if waive_desks:
        EditionEvent.objects.create(edition=edition_id, act="waive", person=person[:80])


@transaction.atomic
def pause(edition_id: int, person: str) -> None:
    _move(edition_id, of=(State.SENDING,), to=State.PAUSED, act="pause", person=person)


@transaction.atomic
def resume(edition_id: int, person: str) -> None:
    """Go on where it stopped."""
    _move(edition_id, of=(State.PAUSED,), to=State.SENDING, act="resume", person=person)


@transaction.atomic
def cancel(edition_id: int, person: str) -> int:
    """Nobody else gets it; returns how many that are. Who has it has it."""
    of = (State.APPROVED, State.SCHEDULED, State.FREEZING, State.SENDING, State.PAUSED)
    _move(edition_id, of=of, to=State.CANCELLED, act="cancel", person=person)
    return withdraw(edition_id)


def withdraw(edition_id: int) -> int:
    """What nobody has in hand of a cancelled edition. The sender does it again once it let go of the rest."""
    waiting = Delivery.objects.filter(edition=edition_id, state__in=[Copy.READY, Copy.DEFERRED])
    return waiting.update(state=Copy.WITHDRAWN)


@transaction.atomic
def set_rate(edition_id: int, rate: float, person: str) -> None:
    """At most `rate` mails a second; 0 for as fast as the relay allows."""
    if not 0 <= rate <= 100_000:
        raise Problem("That is no rate.", "Give mails a second, or 0 for no limit.")
    edition = _taken(edition_id)
    edition.rate = rate
    edition.save(update_fields=["rate", "changed_at"])
    _note(edition, "rate", person, f"{rate:g} a second")


@transaction.atomic
def stand_on(edition_id: int, host: str, person: str) -> None:
    """Let links to stories stand on `host`, which is one of those that were approved; a Problem where it is not. It
    counts from the next time that a sender begins or goes on with the edition."""
    edition = _taken(edition_id)
    if host not in edition.link_hosts:
        raise Problem("That host was not approved.", "Take the approval back to add it.")
    edition.link_hosts = [host, *(one for one in edition.link_hosts if one != host)]
    edition.save(update_fields=["link_hosts", "changed_at"])
    _note(edition, "host", person, host)


@transaction.atomic
def resolve(edition_id: int, person: str, *, send_again: bool, readers: list[int] | None = None) -> int:
    """Decide about uncertain readers (all, or those of `readers`): they have it, or get it (perhaps again)."""
    if not person:
        raise Problem("Who decides this stands beside it.", "Give a name.")
    edition = _taken(edition_id)
    if send_again and edition.state == State.CANCELLED:
        raise Problem("This edition was cancelled: nobody else gets it.", "They can be taken as sent.")
    rows = Delivery.objects.filter(edition=edition_id, state=Copy.UNCERTAIN)
    rows = rows if readers is None else rows.filter(subscriber__in=readers)
    count = rows.update(state=Copy.READY if send_again else Copy.ACCEPTED)
    if count and send_again and edition.state == State.DONE:
        edition.state, edition.done_at = State.SENDING, None
        edition.save(update_fields=["state", "done_at", "changed_at"])
    _note(edition, "resolve", person, f"{count} readers: {'send again' if send_again else 'taken as sent'}")
    return count


@transaction.atomic
def adopt(edition_id: int, fence: str, person: str) -> None:
    """Send from this installation what another one began."""
    edition = _taken(edition_id)
    edition.fence, edition.needs_person = fence, ""
    edition.save(update_fields=["fence", "needs_person", "changed_at"])
    _note(edition, "adopt", person)


def report(edition_id: int) -> Report:
    """What became of everyone."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None:
        raise Problem(*_NO_EDITION)
    counts = {state.name.lower(): count for state, count in sorted(tally(edition_id).items())}
    answered = Delivery.objects.filter(edition=edition_id, code__gte=400).values_list("code", flat=True)
    codes: dict[int, int] = {}
    for code in answered.iterator():
        codes[code] = codes.get(code, 0) + 1
    events = EditionEvent.objects.filter(edition=edition_id).order_by("pk")
    rows = list(events.values_list("at", "act", "person", "note"))
    return Report(edition_id, edition.state, edition.frozen_count or 0, counts, codes, edition.needs_person, rows)
