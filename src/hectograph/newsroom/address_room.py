"""Processes of their own that open addresses and sign links for the sender, which meanwhile talks to the relay."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime

from hectograph.desk import orphans
from hectograph.errors import Problem
from hectograph.post.splice import Values
from hectograph.readers.vault import Vault
from hectograph.readers.writing_to import Addressed, Letterhead, Sealed, address_all

_HANDS = 2  # opening and signing cost more than all the rest of a copy: by one process alone the relay would wait
_vault: Vault | None = None


class AddressRoom:
    """Forked once, before the sender has threads and connections; holds the keys as long as the sender lives."""

    def __init__(self, opened: Vault) -> None:
        fork = multiprocessing.get_context("fork")
        self._pool = ProcessPoolExecutor(_HANDS, fork, initializer=_enter, initargs=(opened, os.getpid()))
        self._pool.submit(os.getpid).result()
        self.broken = False  # for good: it is forked from a sender that has just begun

    async def open(self, head: Letterhead, readers: Sequence[Sealed], now: datetime) -> list[Addressed | None]:
        """A Problem where one of the processes was killed."""
        try:
            rows = [(reader.number, reader.language, reader.sealed) for reader in readers]
            opened = await asyncio.get_running_loop().run_in_executor(self._pool, _open, head, rows, now)
        except BrokenProcessPool as error:
            self.broken = True
            remedy = "Start the sender again: it goes on where it stopped."
            raise Problem("A process that opens addresses was killed.", remedy) from error
        return [Addressed(row[0], Values._make(row[1])) if row else None for row in opened]

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _enter(opened: Vault, parent: int) -> None:
    global _vault
    _vault = opened
    for name in (signal.SIGINT, signal.SIGHUP):  # the terminal's: the sender ends its letter first, then this
        signal.signal(name, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    orphans.end_with(parent)  # keys do not outlive the sender, also where it is killed


def _open(
    head: Letterhead, rows: list[tuple[str, str, bytes]], now: datetime
) -> list[tuple[str, tuple[str, ...]] | None]:
    """Bare tuples go from process to process, both ways: naming their fields in each would cost more than they do."""
    if _vault is None:
        raise RuntimeError("no vault")
    opened = address_all(_vault, head, [Sealed._make(row) for row in rows], now)
    return [(one.sender, tuple(one.values)) if one else None for one in opened]
