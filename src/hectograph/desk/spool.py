"""What was taken and not yet fetched: sealed envelopes in order, on disk before anyone is thanked.

One thread writes. What arrives while a commit is under way goes into the next one, so that a thousand a second
share the disk's few hundred flushes.
"""

from __future__ import annotations

import asyncio
import queue
import secrets
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_BATCH = 1000
_TABLES = """
CREATE TABLE IF NOT EXISTS envelope (number INTEGER PRIMARY KEY AUTOINCREMENT, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_Waiting = tuple[bytes, asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class SpoolFull(Exception):
    """Nothing more can be taken now: the disk, the spool's own bound, or the queue before it is full."""


@dataclass(frozen=True)
class Page:
    """Some envelopes with their numbers, and how many wait behind them."""

    rows: list[tuple[int, bytes]]
    left: int


class Spool:
    """The file at `path`. `most_bytes` bounds it, `most_waiting` the submissions between arrival and commit."""

    def __init__(self, path: Path, *, most_bytes: int, most_waiting: int) -> None:
        self.path, self._most_waiting = path, most_waiting
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as database:
            database.executescript(_TABLES)
            database.execute("INSERT OR IGNORE INTO fact VALUES ('life', ?)", [secrets.token_hex(16)])
            database.commit()
            page_size = int(database.execute("PRAGMA page_size").fetchone()[0])
        self._most_pages = most_bytes // page_size
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="spool", daemon=True)
        self._writer.start()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=20)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA secure_delete=ON")
        return database

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

    def _write(self) -> None:
        with closing(self._open()) as database:
            database.execute(f"PRAGMA max_page_count={max(self._most_pages, 8)}")
            while (first := self._queue.get()) is not None:
                batch, ended = [first], False
                while len(batch) < _BATCH and not self._queue.empty():
                    following = self._queue.get()
                    if following is None:
                        ended = True
                        break
                    batch.append(following)
                self._commit(database, batch)
                if ended:
                    return

    def _commit(self, database: sqlite3.Connection, batch: list[_Waiting]) -> None:
        failed: SpoolFull | None = None
        try:
            with database:
                database.executemany("INSERT INTO envelope (sealed) VALUES (?)", [(row[0],) for row in batch])
        except sqlite3.Error:
            failed = SpoolFull()
        for loop in {row[1] for row in batch}:
            loop.call_soon_threadsafe(_answer, [row[2] for row in batch if row[1] is loop], failed)

    # --- for the newsroom that pulls ------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        with closing(self._open()) as database:
            row = database.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        with closing(self._open()) as database, database:
            database.execute(
                "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?", [name, value, value]
            )

    def page(self, after: int, most: int) -> Page:
        """Up to `most` envelopes after the number `after`, in order."""
        with closing(self._open()) as database:
            found = database.execute(
                "SELECT number, sealed FROM envelope WHERE number > ? ORDER BY number LIMIT ?", [after, most]
            ).fetchall()
            last = found[-1][0] if found else after
            left = database.execute("SELECT count(*) FROM envelope WHERE number > ?", [last]).fetchone()[0]
        return Page([(int(number), bytes(sealed)) for number, sealed in found], int(left))

    def forget(self, upto: int) -> None:
        """Delete what the newsroom has acknowledged; the file's freed pages are zeroed and the log is cut."""
        with closing(self._open()) as database:
            with database:
                database.execute("DELETE FROM envelope WHERE number <= ?", [upto])
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _answer(waiting: list[asyncio.Future[None]], failed: SpoolFull | None) -> None:
    for done in waiting:
        if done.cancelled():
            continue
        if failed:
            done.set_exception(failed)
        else:
            done.set_result(None)
