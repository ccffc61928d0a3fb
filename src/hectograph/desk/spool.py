"""What was taken and not yet fetched: sealed envelopes in order, on disk before anyone is thanked.

One thread writes. What arrives while a commit is under way goes into the next one, so that a thousand a second
share the disk's few hundred flushes.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from pathlib import Path

from hectograph.desk.sqlite_store import SqliteStore
from hectograph.desk.store import SpoolFull, Store

_BATCH = 1000
_Waiting = tuple[bytes, asyncio.AbstractEventLoop, "asyncio.Future[None]"]


def store(where: str, most_bytes: int) -> Store:
    """The store that `where` names: an address of PostgreSQL's, or a file's path."""
    if where.startswith(("postgresql://", "postgres://")):
        from hectograph.desk.postgresql_store import PostgresqlStore  # noqa: PLC0415 (a desk without it holds no memory for it)

        return PostgresqlStore(where, most_bytes)
    return SqliteStore(Path(where), most_bytes)


class Spool:
    """Writes into `store`. `most_waiting` bounds the submissions between arrival and commit."""

    def __init__(self, store: Store, *, most_waiting: int) -> None:
        self.store, self._most_waiting = store, most_waiting
        self.full = False  # whether the last commit failed: the newsroom is told
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="spool", daemon=True)
        self._writer.start()

    async def keep(self, sealed: bytes) -> None:
        """Return when `sealed` is safely on disk; SpoolFull where it is not."""
        if self._queue.qsize() >= self._most_waiting:
            raise SpoolFull
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._queue.put((sealed, loop, done))
        await done

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()
        self.store.close()

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ended = [first], False
            while len(batch) < _BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    ended = True
                    break
                batch.append(following)
            self._commit(batch)
            if ended:
                return

    def _commit(self, batch: list[_Waiting]) -> None:
        failed: SpoolFull | None = None
        try:
            self.store.append([row[0] for row in batch])
        except SpoolFull as full:
            failed = full
        self.full = failed is not None
        for loop in {row[1] for row in batch}:
            loop.call_soon_threadsafe(_answer, [row[2] for row in batch if row[1] is loop], failed)


def _answer(waiting: list[asyncio.Future[None]], failed: SpoolFull | None) -> None:
    for done in waiting:
        if done.cancelled():
            continue
        if failed:
            done.set_exception(failed)
        else:
            done.set_result(None)
