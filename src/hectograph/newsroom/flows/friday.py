"""Friday: an approved edition goes to its readers.

due → every desk fetched from → audience written down → what the last sender left, judged → carried → every reader in a
named state

Loads neither Wagtail nor stories: the sender does without.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.letters import audience, steering
from hectograph.letters.delivery import EditionEvent
from hectograph.letters.edition import CompiledLetter, Edition, Kind, State
from hectograph.letters.rows import Reader
from hectograph.newsroom.address_room import AddressRoom
from hectograph.newsroom.fence import Witness, WitnessedRows
from hectograph.newsroom.flows.refusals import Refusals
from hectograph.post import journal, recovery, relay, smtp, splice
from hectograph.post.compiled import Compiled
from hectograph.post.engine import Dial, End, Engine, Shape
from hectograph.post.journal import EditionInk, Journal
from hectograph.post.outcomes import Claim, Mail, Outcome
from hectograph.post.outcomes import State as Copy
from hectograph.post.smtp import Session, Timeouts
from hectograph.post.splice import Bound
from hectograph.post.throttle import Throttle, warm_up
from hectograph.readers import outbox_count
from hectograph.readers.bounce_row import Bounce
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.writing_to import Letterhead, Sealed

LATE = timedelta(hours=6)
DESKS_WITHIN = 30.0  # seconds
_LOOK_EVERY = 1.0  # seconds
_FOR_SMALL = 0.05  # of a relay's budget is never the letter's: small mails come unasked, and are not to wait
_BOUNCED, _COMPLAINED, _ENOUGH = 0.05, 0.001, 200


@dataclass(frozen=True)
class Office:
    """What the sender holds: keys behind `room`, `own` for return paths, `fence`, and two folders outside the database:
    for journals, and for what witnesses the database."""

    room: AddressRoom
    own: bytes
    fence: str
    journals: Path
    witnesses: Path
    stopping: Callable[[], bool] = lambda: False


def next_edition(now: datetime) -> Edition | None:
    """What is to be sent now, alerts first. A scheduled one that is due begins; a late one waits for a person."""
    due = Edition.objects.filter(state=State.SCHEDULED, send_at__lte=now, needs_person="")
    due.filter(send_at__lt=now - LATE).update(needs_person="It is more than six hours late: send it, or cancel it.")
    due.filter(send_at__gte=now - LATE).update(state=State.FREEZING)
    ready = Edition.objects.filter(state__in=[State.FREEZING, State.SENDING])
    return min(ready, key=lambda edition: (edition.kind != Kind.ALERT, edition.pk), default=None)


def prepare(office: Office, edition: Edition) -> bool:
    """From due to ready to be carried. False where a person is asked instead, which stands in the row, or where the
    sender is to end."""
    try:
        if edition.state == State.FREEZING:
            if not _fetch_from_desks(edition, timezone.now(), office.stopping):
                return False
            audience.freeze(edition.pk, office.fence, timezone.now())
            edition.refresh_from_db()
        if edition.fence != office.fence:
            raise Problem(
                "Another installation, or a copy of this one, began this edition.",
                "If it was moved here for good: `hecto letters adopt`.",
            )
    except Problem as problem:
        ask_person(edition, str(problem))
        return False
    return True


@transaction.atomic
def ask_person(edition: Edition, why: str) -> None:
    """Stop until someone has looked."""
    back = {State.FREEZING.value: State.SCHEDULED, State.SENDING.value: State.PAUSED}
    row = Edition.objects.select_for_update().get(pk=edition.pk)
    row.state, row.needs_person = back.get(row.state, row.state), why[:200]
    row.save(update_fields=["state", "needs_person", "changed_at"])
    EditionEvent.objects.create(edition=edition.pk, act="trip", note=why[:300])


def _fetch_from_desks(edition: Edition, since: datetime, stopping: Callable[[], bool]) -> bool:
    """The opener fetches all the time; wait until it has from every desk, or a person waives those it can't. False
    where the sender is to end meanwhile: the next one begins anew, and asks nobody."""
    if EditionEvent.objects.filter(edition=edition.pk, act="waive").exists():
        return True
    until = time.monotonic() + DESKS_WITHIN
    while silent := desks_out(since):
        if stopping():
            return False
        if time.monotonic() > until:
            raise Problem(
                f"{silent} desk(s) could not be fetched from: someone may have left the list there.",
                "See that `hecto work --opener` runs; or send with --waive-desks.",
            )
        time.sleep(0.2)
    return True


def desks_out(since: datetime) -> int:
    """How many desks were not fetched from, to the end and without trouble, since then."""
    return DeskRow.objects.filter(
        Q(fetched_at=None) | Q(fetched_at__lt=since) | ~Q(trouble="") | Q(waiting__gt=0)
    ).count()


@dataclass(frozen=True)
class Round:
    """All that a carrying needs. `copies` are the letter by language."""

    office: Office
    rows: WitnessedRows
    head: Letterhead
    copies: dict[str, Bound]
    written: Journal
    throttle: Throttle

    async def mails(self, claims: list[Claim]) -> Sequence[Mail | Outcome]:
        """Claims made into mails; a reader who can't be written to is refused here."""
        sealed = [_sealed(claim) for claim in claims]
        opened = await self.office.room.open(self.head, sealed, timezone.now())
        made: list[Mail | Outcome] = []
        for claim, reader, addressed in zip(claims, sealed, opened, strict=True):
            if addressed is None:
                made.append(Outcome(claim, Copy.REJECTED, 0, "5.1.3"))
            else:
                data = self.copies.get(reader.language, self.copies[""]).pieces(addressed.values)
                made.append(Mail(claim, addressed.sender, addressed.values.to, data))
        return made


def set_out(office: Office, edition: Edition, refusals: Refusals) -> Round:
    """Judge what the last sender left, and make ready. A Problem where the database is older than the letter."""
    boot, worker = journal.boot_id(), secrets.randbits(62)
    rows = WitnessedRows(edition.pk, worker)
    rows.told = refusals.note
    rows.witness = Witness(office.witnesses, edition.pk)
    recovery.recover(edition.pk, rows, office.journals, boot)
    rows.witness.compare(rows.tally().get(Copy.ACCEPTED, 0))
    copies = _bound(edition)
    head = Letterhead(office.own, edition.pk, _domain(), settings.HECTO_BOUNCE_DOMAIN or _domain(), edition.newsletter)
    throttle = _throttle(timezone.localdate())
    throttle.restore(office.journals / "throttle", boot)
    return Round(office, rows, head, copies, _journal(office, worker, boot), throttle)


def _journal(office: Office, worker: int, boot: str) -> Journal:
    return Journal(office.journals, worker, boot, strict=settings.HECTO_JOURNAL_STRICT)


async def carry(trip: Round, began: Callable[[Engine], None]) -> tuple[End, str]:
    """Send to everyone who is left; says how it ended, and what stood in the way."""
    ink = EditionInk(trip.written, trip.head.edition)
    engine = Engine(trip.rows, trip.mails, _dial(), ink, trip.throttle, shape())
    began(engine)
    beside = asyncio.create_task(_make_room(trip.throttle))
    try:
        end = await engine.run()
    finally:
        beside.cancel()
        trip.written.close()
    trip.throttle.save(trip.office.journals / "throttle", journal.boot_id())
    return end, engine.trouble


async def _make_room(throttle: Throttle) -> None:
    """Small mails go at once, by the opener. Where they go to the same relay, the letter leaves them their part."""
    if settings.HECTO_RELAY_SMALL or not throttle.limited:
        return
    before = await asyncio.to_thread(outbox_count.handed)
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        now = await asyncio.to_thread(outbox_count.handed)
        throttle.elsewhere(max(0, now - before))
        before = now


def _sealed(claim: Claim) -> Sealed:
    reader = claim.payload
    if not isinstance(reader, Reader):
        raise TypeError("a claim of other rows")
    return Sealed(*reader)


def shape() -> Shape:
    return Shape(connections=max(1, settings.HECTO_SEND_CONNECTIONS))


def _throttle(today: date) -> Throttle:
    try:
        began = date.fromisoformat(settings.HECTO_SEND_WARM_UP) if settings.HECTO_SEND_WARM_UP else None
    except ValueError as error:
        raise Problem("HECTO_SEND_WARM_UP is no day.", "Write it like 2026-11-27.") from error
    caps = [cap for cap in (float(settings.HECTO_SEND_DAILY), warm_up(began, today)) if cap]
    share = 1.0 if settings.HECTO_RELAY_SMALL else 1.0 - _FOR_SMALL
    hourly, daily = float(settings.HECTO_SEND_HOURLY), min(caps, default=0.0)
    return Throttle(time.monotonic, hourly=hourly * share, daily=daily * share)


def _dial() -> Dial:
    address, name = relay.read(settings.HECTO_RELAY), _domain()

    async def dial() -> Session:
        return await smtp.connect(address, name, Timeouts())

    return dial


def _domain() -> str:
    return str(settings.HECTO_MAIL_FROM).rpartition("@")[2]


def _bound(edition: Edition) -> dict[str, Bound]:
    """The letter by language, and under "" for those whose language it was not written in."""
    made: dict[str, Bound] = {}
    for row in CompiledLetter.objects.filter(edition=edition).order_by("pk"):
        letter = Compiled(row.language, row.subject, bytes(row.head), bytes(row.body), tuple(row.link_hosts))
        if letter.sha256 != row.sha256:
            raise Problem("A stored letter is damaged.", "Approve the letter again.")
        made[row.language] = splice.bind(letter, site=_site(edition), links=settings.HECTO_LINKS.rstrip("/"))
    made[""] = next(iter(made.values()))
    return made


def _site(edition: Edition) -> str:
    """Where links to stories stand: the first of the hosts that were approved."""
    host = edition.link_hosts[0] if edition.link_hosts else ""
    local = host.partition(":")[0] in ("127.0.0.1", "localhost")
    return f"http://{host}" if local else f"https://{host}"


def end_of(edition: Edition, end: End, refusals: Refusals) -> None:
    """What is left to do once nobody has a row in hand."""
    if end is End.CANCELLED:
        steering.withdraw(edition.pk)
    if end is End.DONE:
        refusals.weigh(edition.pk, timezone.now())


def watch_over(edition: Edition) -> None:
    """Once a minute: too many bounces or complaints pause it (they are about us, or about the list), and a desk that is
    silent for an hour is noted."""
    kinds = Bounce.Kind
    came = Bounce.objects.filter(edition=edition.pk).aggregate(
        bounced=Count("pk", filter=Q(kind__in=[kinds.HARD, kinds.OURS])),
        complained=Count("pk", filter=Q(kind=kinds.COMPLAINT)),
    )
    sent = steering.report(edition.pk).counts.get("accepted", 0)
    if sent >= _ENOUGH and (came["bounced"] > sent * _BOUNCED or came["complained"] > max(1, sent * _COMPLAINED)):
        ask_person(
            edition,
            f"{came['bounced']} came back and {came['complained']} complained, of {sent}. Look before going on.",
        )
    silent = desks_out(timezone.now() - timedelta(hours=1))
    noted = EditionEvent.objects.filter(edition=edition.pk, act="desks", at__gt=timezone.now() - timedelta(hours=1))
    if silent and not noted.exists():
        EditionEvent.objects.create(edition=edition.pk, act="desks", note=f"{silent} desk(s) silent for an hour")
