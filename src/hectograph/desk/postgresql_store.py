"""A spool in PostgreSQL, where several desks behind one address may share it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import Connection

from hectograph.desk.store import Page, SpoolFull, within

T = TypeVar("T")
_LOCK = 0x4845  # held from numbering to commit: numbers then grow as commits do, whichever desk writes
_TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS envelope (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sealed bytea NOT NULL);
CREATE TABLE IF NOT EXISTS fact (name text PRIMARY KEY, value text NOT NULL);
"""


class PostgresqlStore:
    """The tables `envelope` and `fact` in the database at `url`, with `most_bytes` of envelopes at the most."""

    def __init__(self, url: str, most_bytes: int) -> None:
        self._url, self._most = url, most_bytes
        self._open: dict[str, Connection[Any]] = {}
        self._asking = threading.Lock()
        self._tried(self._begin)

    def _begin(self, database: Connection[Any]) -> None:
        database.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        database.execute(_TABLES)
        facts = [("life", secrets.token_hex(16)), ("bytes", "0")]
        for name, value in facts:
            database.execute("INSERT INTO fact VALUES (%s, %s) ON CONFLICT (name) DO NOTHING", [name, value])

    def _tried(self, work: Callable[[Connection[Any]], T]) -> T:
        """`work` in one transaction; once more where the server had closed the connection."""
        with self._asking:
            try:
                with self._connection("asker").transaction():
                    return work(self._open["asker"])
            except psycopg.OperationalError:
                self._drop("asker")
            with self._connection("asker").transaction():
                return work(self._open["asker"])

    def _drop(self, who: str) -> None:
        if broken := self._open.pop(who, None):
            broken.close()

    def _connection(self, who: str) -> Connection[Any]:
        if who not in self._open:
            database = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            database.execute("SET synchronous_commit = on")  # whatever the server's own is: nobody is thanked before
            self._open[who] = database
        return self._open[who]

    def append(self, envelopes: Sequence[bytes]) -> None:
        try:
            with self._connection("writer").transaction():
                self._append(self._open["writer"], envelopes)
        except psycopg.Error as error:  # not again: it may have been kept, and who sends again is counted once
            self._drop("writer")
            raise SpoolFull from error

    def _append(self, database: Connection[Any], envelopes: Sequence[bytes]) -> None:
        size = sum(map(len, envelopes))
        database.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        grown = "UPDATE fact SET value = value::bigint + %s WHERE name = 'bytes' AND value::bigint + %s <= %s"
        if not database.execute(grown, [size, size, self._most]).rowcount:
            raise SpoolFull
        with database.cursor().copy("COPY envelope (sealed) FROM STDIN") as copy:
            for one in envelopes:
                copy.write_row([one])

    def page(self, after: int, most: int) -> Page:
        def work(database: Connection[Any]) -> Page:
            some = "SELECT number, sealed FROM envelope WHERE number > %s ORDER BY number LIMIT %s"
            rows = within(database.execute(some, [after, most]).fetchall())
            last = rows[-1][0] if rows else after
            newest = database.execute("SELECT coalesce(max(number), 0) FROM envelope").fetchone()
            return Page(rows, max(int(newest[0]) - last, 0) if newest else 0)

        return self._tried(work)

    def forget(self, upto: int) -> None:
        def work(database: Connection[Any]) -> None:
            database.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            deleted = "WITH gone AS (DELETE FROM envelope WHERE number <= %s RETURNING length(sealed) AS size) "
            shrunk = "UPDATE fact SET value = value::bigint - (SELECT coalesce(sum(size), 0) FROM gone) "
            database.execute(f"{deleted}{shrunk}WHERE name = 'bytes'", [upto])

        self._tried(work)

    def fact(self, name: str) -> str:
        words = "SELECT value FROM fact WHERE name = %s"
        found = self._tried(lambda database: database.execute(words, [name]).fetchone())
        return str(found[0]) if found else ""

    def note(self, name: str, value: str) -> None:
        words = "INSERT INTO fact VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._tried(lambda database: database.execute(words, [name, value]))

    def close(self) -> None:
        for database in self._open.values():
            database.close()
