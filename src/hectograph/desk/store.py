"""What a spool asks of the place that it lies in: a file of SQLite's, or tables in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

PAGE_BYTES = 8_000_000  # of envelopes in one answer to the newsroom: big ones come a few at a time


class SpoolFull(Exception):
    """Nothing more can be taken now: the disk, the spool's own bound, or the queue before it is full."""


@dataclass(frozen=True)
class Page:
    """Some envelopes with their numbers, and how many wait behind them (by their numbers)."""

    rows: list[tuple[int, bytes]]
    left: int


class Store(Protocol):
    """Numbers grow in the order in which envelopes are committed, so that who has read up to one misses none."""

    def append(self, envelopes: Sequence[bytes]) -> None:
        """Return when all of them are safely on disk; SpoolFull where none is. Called from one thread alone."""

    def page(self, after: int, most: int) -> Page:
        """Up to `most` envelopes after the number `after`, in order; at least one where there is one."""

    def forget(self, upto: int) -> None:
        """Delete what the newsroom has acknowledged. Works on a full disk, too: it is what makes room there."""

    def fact(self, name: str) -> str:
        """A noted fact; empty where there is none."""

    def note(self, name: str, value: str) -> None:
        """Keep a fact in place of the one before; SpoolFull where the disk has no room."""

    def close(self) -> None: ...


def within(rows: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """The first of `rows` that go into one answer."""
    size, chosen = 0, list[tuple[int, bytes]]()
    for number, sealed in rows:
        size += len(sealed)
        if chosen and size > PAGE_BYTES:
            break
        chosen.append((int(number), bytes(sealed)))
    return chosen
