"""Who left is known outside the database, too: one that is put back from a backup knows nothing of it, and would bring
back all who left, or were erased, since.

    departures   a line for each that left or was erased: turn, row, moment, kind, the reader's number, newsletter;
                 and one of nobody where the database was put back, whose rows count on from there
    contacts     the turn, then the numbers of all contacts that are kept: who is not there is forgotten

Both lie beside the opener's keys and are written by it alone. Numbers are random: no address, and no index, stands
there. Each writing has a turn, which the database learns before the file does: a file that knows a later one tells that
the database was put back.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from hectograph.readers import choosing, intake
from hectograph.readers.contact_row import Contact
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.readers.turn_row import Turn

_DEPARTURES, _CONTACTS = "departures", "contacts"
_LATER = timedelta(seconds=5)  # rows of other processes may become visible out of their order for as long
_KINDS = (Consent.Kind.WITHDRAWN, Consent.Kind.ERASED)
_ALL = "-"
HOW = "put back"
_AT_ONCE = 500


@dataclass(frozen=True)
class _Line:
    turn: int
    row: int
    at: datetime
    kind: str
    number: str
    letter: str

    def __str__(self) -> str:
        return f"{self.turn} {self.row} {self.at.isoformat()} {self.kind} {self.number} {self.letter or _ALL}\n"


@dataclass(frozen=True)
class TakenBack:
    """How many readers had left, how many were erased, and how many contacts were forgotten since the backup."""

    left: int = 0
    erased: int = 0
    contacts: int = 0

    def __str__(self) -> str:
        return f"{self.left} had left, {self.erased} were erased, {self.contacts} contacts were forgotten since"


def is_put_back(folder: Path) -> bool:
    """Whether the database is older than what lies in `folder`."""
    return _known(folder) > _turn()


class Departures:
    """Keeps the two files in `folder`. Made when the opener starts: it holds them against the database first."""

    def __init__(self, folder: Path) -> None:
        self.taken_back = _take_back(folder) if is_put_back(folder) else None
        self._folder = folder
        rows = [line.row for line in _lines(folder / _DEPARTURES)]
        self._seen = rows[-1] if rows else 0
        self._kept = _kept(folder / _CONTACTS)[1]

    def note(self, now: datetime) -> None:
        """Write down what came since the last time."""
        rows, living = list(self._rows(now)), _living()
        if not rows and living == self._kept:
            return
        turn = _next_turn(0)
        if rows:
            _append(self._folder / _DEPARTURES, [_Line(turn, *row) for row in rows])
            self._seen = rows[-1][0]
        if living != self._kept:
            _write(self._folder / _CONTACTS, "".join(f"{word}\n" for word in (turn, *sorted(living))))
            self._kept = living

    def _rows(self, now: datetime) -> Iterator[tuple[int, datetime, str, str, str]]:
        fields = ("pk", "at", "kind", "subscriber__number", "letter")
        found = Consent.objects.filter(pk__gt=self._seen, kind__in=_KINDS).order_by("pk")
        for row in found.values_list(*fields).iterator():
            if now - _LATER < row[1] <= now:
                return
            yield row


def _turn() -> int:
    return Turn.objects.aggregate(found=Max("turn"))["found"] or 0


def _next_turn(known: int) -> int:
    turn = max(_turn(), known) + 1
    Turn.objects.update_or_create(pk=1, defaults={"turn": turn})
    return turn


def _newest() -> int:
    return Consent.objects.aggregate(found=Max("pk"))["found"] or 0


# --- after a database was put back ------------------------------------------------------------------------------------


@transaction.atomic
def _take_back(folder: Path) -> TakenBack:
    """Let leave who left, erase who was erased, forget who was forgotten: all of it or nothing."""
    before, missed = _turn(), defaultdict[str, list[_Line]](list)
    for line in _lines(folder / _DEPARTURES):
        if line.turn > before:
            missed[line.number].append(line)
    became = [_bring_up(reader, missed[reader.number]) for reader in _readers(list(missed))]
    turn, kept = _kept(folder / _CONTACTS)
    gone = [number for number in _living() if number not in kept] if turn > before else []
    for part in _parts(gone):
        Contact.objects.filter(number__in=part).delete()
    turn = _next_turn(_known(folder))
    _append(folder / _DEPARTURES, [_Line(turn, _newest(), timezone.now(), _ALL, _ALL, "")])  # before this is committed
    return TakenBack(became.count("left"), became.count("erased"), len(gone))


def _readers(numbers: list[str]) -> Iterator[Subscriber]:
    for part in _parts(numbers):
        yield from Subscriber.objects.filter(number__in=part).exclude(state=Subscriber.State.ERASED)


def _bring_up(reader: Subscriber, lines: list[_Line]) -> str:
    """What the reader had become: `left`, also where they get other newsletters still, or `erased`."""
    at = lines[-1].at
    if any(line.kind == Consent.Kind.ERASED for line in lines):
        intake.erase(reader, at, how=HOW)
        return "erased"
    if not choosing.leave(reader, {line.letter for line in lines}, at, how=HOW):
        choosing.leave_all(reader, at, how=HOW)
    return "left"


def _living() -> frozenset[str]:
    return frozenset(Contact.objects.values_list("number", flat=True))


def _parts(numbers: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]


# --- the files --------------------------------------------------------------------------------------------------------


def _known(folder: Path) -> int:
    """The latest turn that the files know of."""
    turns = (line.turn for line in _lines(folder / _DEPARTURES))
    return max(max(turns, default=0), _kept(folder / _CONTACTS)[0])


def _lines(path: Path) -> Iterator[_Line]:
    """Lines that are whole: where the machine died one may be torn, so each writing begins on a new one."""
    if not path.exists():
        return
    with path.open() as file:
        for text in file:
            with suppress(ValueError):
                turn, row, at, kind, number, letter = text.split()
                yield _Line(int(turn), int(row), datetime.fromisoformat(at), kind, number, letter)


def _kept(path: Path) -> tuple[int, frozenset[str]]:
    words = path.read_text().split() if path.exists() else ["0"]
    return int(words[0]), frozenset(words[1:])


def _append(path: Path, lines: list[_Line]) -> None:
    _to_disk(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "\n" + "".join(map(str, lines)))


def _write(path: Path, text: str) -> None:
    aside = path.with_suffix(".aside")
    _to_disk(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), text)
    aside.replace(path)


def _to_disk(handle: int, text: str) -> None:
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
