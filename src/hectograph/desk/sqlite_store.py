"""A spool in one file: SQLite with a write-ahead log, flushed at each commit."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from hectograph.desk.store import Page, SpoolFull, within

_RESERVE = 2_000_000  # bytes kept aside: what deleting needs for its log when the disk is full
_TABLES = """
CREATE TABLE IF NOT EXISTS envelope (number INTEGER PRIMARY KEY AUTOINCREMENT, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class SqliteStore:
    """The file at `path`, of `most_bytes` at the most."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path, self._reserve = path, path.with_name(f"{path.name}.reserve")
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as database:
            database.executescript(_TABLES)
            database.execute("INSERT OR IGNORE INTO fact VALUES ('life', ?)", [secrets.token_hex(16)])
            database.commit()
            self._most_pages = max(most_bytes // int(database.execute("PRAGMA page_size").fetchone()[0]), 8)
        self._writer: sqlite3.Connection | None = None
        self._keep_aside()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=20, check_same_thread=False)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA secure_delete=ON")
        return database

    def _keep_aside(self) -> None:
        with suppress(OSError):  # a full disk: next time
            handle = os.open(self._reserve, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(handle, 0, _RESERVE)
            finally:
                os.close(handle)

    def append(self, envelopes: Sequence[bytes]) -> None:
        try:
            if self._writer is None:
                self._writer = self._open()
                self._writer.execute(f"PRAGMA max_page_count={self._most_pages}")
            with self._writer:
                self._writer.executemany("INSERT INTO envelope (sealed) VALUES (?)", [(one,) for one in envelopes])
        except sqlite3.Error as error:
            raise SpoolFull from error

    def page(self, after: int, most: int) -> Page:
        with closing(self._open()) as database:
            found = database.execute(
                "SELECT number, sealed FROM envelope WHERE number > ? ORDER BY number LIMIT ?", [after, most]
            )
            rows = within(found)
            last = rows[-1][0] if rows else after
            newest = database.execute("SELECT max(number) FROM envelope").fetchone()[0] or 0
        return Page(rows, max(int(newest) - last, 0))

    def forget(self, upto: int) -> None:
        """The file's freed pages are zeroed and the log is cut."""
        with closing(self._open()) as database:
            try:
                _delete(database, upto, at_once=1_000_000)
            except sqlite3.OperationalError:  # a full disk: with the reserve there is room for a few at a time
                self._reserve.unlink(missing_ok=True)
                _delete(database, upto, at_once=20)
        self._keep_aside()

    def fact(self, name: str) -> str:
        with closing(self._open()) as database:
            row = database.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        words = "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?"
        try:
            with closing(self._open()) as database, database:
                database.execute(words, [name, value, value])
        except sqlite3.OperationalError as error:
            raise SpoolFull from error

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _delete(database: sqlite3.Connection, upto: int, *, at_once: int) -> None:
    some = "SELECT number FROM envelope WHERE number <= ? ORDER BY number LIMIT ?"
    while True:
        with database:
            gone = database.execute(f"DELETE FROM envelope WHERE number IN ({some})", [upto, at_once]).rowcount  # noqa: S608 (our own words alone)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if gone < at_once:
            return
