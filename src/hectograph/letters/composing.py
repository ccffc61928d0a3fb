"""What editors do to a letter: begin it, write, choose, order. Each edit is one transaction; none is lost unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Max

from hectograph.errors import Problem
from hectograph.letters.edition import WRITABLE, Edition, Kind, State
from hectograph.letters.letter import Entry, Letter

ALERTS_A_DAY = 3


class ConflictProblem(Problem):
    """Someone else changed the letter meanwhile. Nothing was stored."""


@dataclass(frozen=True)
class EntryWords:
    """What the form says of one entry."""

    heading: str = ""
    note: str = ""
    full: bool = False
    picture: bool = True


@dataclass(frozen=True)
class Draft:
    """What the form says of a letter; `entries` by id, in their order. `version` is the one that it began from."""

    version: int
    subject: str
    preheader: str
    introduction: str
    entries: Mapping[int, EntryWords] = field(default_factory=dict)


@transaction.atomic
def begin(newsletter: str, first: date, zone: str, languages: Iterable[str]) -> Edition:
    """The letter for the next free slot, a week apart from `first` on."""
    slot = first
    while Edition.objects.filter(newsletter=newsletter, kind=Kind.WEEKLY, slot=slot).exists():
        slot += timedelta(days=7)
    return _make(languages, newsletter=newsletter, slot=slot, zone=zone)


@transaction.atomic
def begin_alert(newsletter: str, today: date, zone: str, languages: Iterable[str]) -> Edition:
    """An alert beside the slot; a few a day, no more."""
    number = Edition.objects.filter(newsletter=newsletter, kind=Kind.ALERT, slot=today).count()
    if number >= ALERTS_A_DAY:
        words = f"There are {number} alerts today already."
        raise Problem(words, "Cancelled ones count, too. Write tomorrow, or put it on the front page.")
    return _make(languages, newsletter=newsletter, slot=today, zone=zone, kind=Kind.ALERT, number=number)


def _make(languages: Iterable[str], **values: object) -> Edition:
    edition = Edition.objects.create(**values)
    Letter.objects.bulk_create(Letter(edition=edition, language=language) for language in languages)
    return edition


@transaction.atomic
def write(letter: Letter, draft: Draft) -> None:
    """Store what the form says. A ConflictProblem where the form began from an older letter."""
    _take(letter, draft.version)
    Letter.objects.filter(pk=letter.pk).update(
        subject=" ".join(draft.subject.split())[:200],
        preheader=" ".join(draft.preheader.split())[:250],
        introduction=draft.introduction.strip()[:20_000],
    )
    there = {entry.pk: entry for entry in letter.entries.all()}
    for order, (pk, words) in enumerate((pk, words) for pk, words in draft.entries.items() if pk in there):
        entry = there[pk]
        entry.order, entry.full, entry.picture = order, words.full, words.picture
        entry.note = words.note.strip()[:5_000]
        if entry.story is None:
            entry.heading = " ".join(words.heading.split())[:120] or entry.heading
        entry.save()
    letter.refresh_from_db()


def _take(letter: Letter, version: int) -> None:
    """Take the letter in hand for an edit: conditionally, so that of two editors at once one is told."""
    changed = Letter.objects.filter(pk=letter.pk, version=version).update(version=F("version") + 1)
    if not changed:
        words = "Someone else changed this letter while you were writing. Your text is still in the form."
        raise ConflictProblem(words, "Open the letter in another window, compare, then save here again.")


def require_writable(edition: Edition) -> None:
    if edition.state != State.DRAFT and edition.state in WRITABLE:
        raise Problem("This letter is approved.", "Take the approval back first, then edit.")
    if edition.state not in (*WRITABLE, State.DONE):
        raise Problem("This letter is on its way and can't be edited.", "When it is done, its web version can.")


@transaction.atomic
def add_story(letter: Letter, story: int) -> Entry:
    """At the end; once is enough."""
    last = letter.entries.aggregate(last=Max("order"))["last"]
    entry, _ = Entry.objects.get_or_create(letter=letter, story=story, defaults={"order": (last or 0) + 1})
    return entry


@transaction.atomic
def add_heading(letter: Letter, text: str) -> Entry:
    last = letter.entries.aggregate(last=Max("order"))["last"]
    return Entry.objects.create(letter=letter, heading=text[:120] or "…", order=(last or 0) + 1)


@transaction.atomic
def move(letter: Letter, entry: int, by: int) -> None:
    """Up (-1) or down (1) by one place."""
    order = list(letter.entries.values_list("pk", flat=True))
    if entry not in order:
        return
    place = order.index(entry)
    other = min(max(place + by, 0), len(order) - 1)
    order.insert(other, order.pop(place))
    for number, pk in enumerate(order):
        Entry.objects.filter(pk=pk).update(order=number)


def remove(letter: Letter, entry: int) -> None:
    letter.entries.filter(pk=entry).delete()


@transaction.atomic
def take_over(letter: Letter, other: Letter, twins: Mapping[int, int]) -> int:
    """Take the choice of `other` over, in its order: each story by its twin (`twins`, by story), sections with their
    titles to be translated. Returns how many stories have no twin. What is chosen here already stays."""
    missing = 0
    for entry in other.entries.all():
        if entry.story is None:
            add_heading(letter, entry.heading)
        elif twin := twins.get(entry.story):
            made = add_story(letter, twin)
            Entry.objects.filter(pk=made.pk).update(full=entry.full, picture=entry.picture)
        else:
            missing += 1
    return missing


@transaction.atomic
def cancel(edition: Edition) -> None:
    """Give up a letter that has not begun to go out. Its slot stays taken."""
    changed = Edition.objects.filter(pk=edition.pk, state__in=WRITABLE).update(state=State.CANCELLED, send_at=None)
    if not changed:
        raise Problem("This letter is on its way already.", "Stop it on its progress page.")
    edition.refresh_from_db()
