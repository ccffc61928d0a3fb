"""The press's queue: what changed and is not on the site yet. A row goes only after its files are in place, so that a
worker killed in between leaves nothing undone.

What editors publish goes first. What many pages show, and an archive that comes in, wait for their turn and are taken
up in small parts: nobody's publication waits behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from hectograph.stories.press_state import PressChange

Kind = PressChange.Kind
Turn = PressChange.Turn
FIRST_AT_ONCE = 20  # changes; who publishes meanwhile waits for these at the most
LATER_AT_ONCE = 10
_turn: ContextVar[Turn] = ContextVar("turn", default=Turn.FIRST)


@dataclass(frozen=True)
class Batch:
    """Changes taken up together: ids of rows by kind, and the queue's rows to strike off when it is done."""

    changes: dict[str, set[int]]
    rows: tuple[int, ...]

    def of(self, kind: Kind) -> set[int]:
        return self.changes.get(kind, set())


@contextmanager
def in_turn(turn: Turn) -> Iterator[None]:
    """What is put within waits for `turn`."""
    before = _turn.set(turn)
    try:
        yield
    finally:
        _turn.reset(before)


def put(kind: Kind, target: int) -> None:
    """Queue a change. It counts when the surrounding transaction is committed."""
    PressChange.objects.create(kind=kind, target=target, turn=_turn.get())


def put_all(kind: Kind, targets: Iterable[int]) -> None:
    PressChange.objects.bulk_create([PressChange(kind=kind, target=target, turn=_turn.get()) for target in targets])


def put_pages(pages: set[int]) -> None:
    """Queue pages that show something that changed, the newest first; those that wait already are not queued again."""
    if pages:
        there = set(PressChange.objects.filter(kind=Kind.PAGE).values_list("target", flat=True))
        with in_turn(Turn.SOON):
            put_all(Kind.PAGE, sorted(pages - there, reverse=True))


def waiting() -> int:
    return PressChange.objects.count()


def waiting_for_pages() -> int:
    """How many changes of single pages wait; an archive and the whole site are not counted."""
    return PressChange.objects.exclude(kind=Kind.SITE).exclude(turn=Turn.LAST).count()


def take(*, site: bool) -> Batch:
    """Changes of the whole site (`site`), or a few of all others: the oldest of those whose turn it is."""
    if site:
        return _batch(PressChange.objects.filter(kind=Kind.SITE).order_by("pk").values_list("pk", "kind", "target"))
    rows = PressChange.objects.exclude(kind=Kind.SITE).order_by("turn", "pk")
    found = list(rows.values_list("pk", "kind", "target", "turn")[:FIRST_AT_ONCE])
    turn = found[0][3] if found else Turn.FIRST
    most = FIRST_AT_ONCE if turn == Turn.FIRST else LATER_AT_ONCE
    return _batch([(pk, kind, target) for pk, kind, target, own in found[:most] if own == turn])


def take_all() -> Batch:
    """Everything that waits: for a build of the whole site."""
    return _batch(PressChange.objects.order_by("pk").values_list("pk", "kind", "target"))


def _batch(rows: Iterable[tuple[int, str, int]]) -> Batch:
    changes: dict[str, set[int]] = {}
    taken = list(rows)
    for _, kind, target in taken:
        changes.setdefault(kind, set()).add(target)
    return Batch(changes, tuple(pk for pk, _, _ in taken))


def strike_off(batch: Batch) -> None:
    PressChange.objects.filter(pk__among=batch.rows).delete()
