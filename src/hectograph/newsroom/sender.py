"""The sender: waits for editions that are due and carries them. One sends at a time: a lock on this machine says so,
and one in the database."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

import uvloop
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.letters.edition import Edition
from hectograph.newsroom import ending, heartbeat
from hectograph.newsroom.address_room import AddressRoom
from hectograph.newsroom.fence import fence
from hectograph.newsroom.flows import friday
from hectograph.newsroom.flows.friday import Office, Round
from hectograph.newsroom.flows.refusals import Refusals
from hectograph.newsroom.vaults import folder as keys
from hectograph.newsroom.vaults import open_vault
from hectograph.post.engine import End, Engine
from hectograph.readers import departures
from hectograph.readers.writing_to import own_key

log = logging.getLogger(__name__)
_LOCK = 0x6865636F  # names the sender's lock among PostgreSQL's
_PAUSE, _BEAT_EVERY, _WATCH_EVERY = 0.3, 15.0, 60.0  # seconds
_LOOK_AFTER = 20_000  # objects: of a letter's copies none refers to itself, so there is next to nothing to find


def folder() -> Path:
    """Where journals lie."""
    return Path(settings.HECTO_HOME) / "post"


@contextmanager
def only_sender() -> Iterator[None]:
    """Hold both locks; a Problem where another sender does."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(folder() / "sender.lock", "w") as file:
        _lock(file)
        held = connection.copy("default") if connection.vendor == "postgresql" else None
        try:
            if held is not None:
                with held.cursor() as cursor:
                    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
                    if not cursor.fetchone()[0]:
                        raise Problem("A sender on another machine works on this database.", "Stop it first.")
            yield
        finally:
            if held is not None:
                held.close()


def _lock(file: IO[str]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Problem("Another sender is at work here.", "`hecto letters send --watch` looks on.") from error


def runs() -> bool:
    """Whether a sender is at work on this machine."""
    try:
        with only_sender():
            return False
    except Problem:
        return True
    except PermissionError:  # the folder is the opener's account's, as it should be: signs of life tell
        return heartbeat.is_alive(timezone.now(), heartbeat.SENDER)


class Sender:
    """Carries what is due until it is told to end; with `only`, until that edition needs nothing more of it."""

    def __init__(self, office: Office, only: int | None = None) -> None:
        self.stopping, self.only = False, only
        self.office = replace(office, stopping=lambda: self.stopping)
        self.engine: Engine | None = None
        self._refusals: defaultdict[int, Refusals] = defaultdict(Refusals)  # by edition, over its pauses

    def stop(self, *_: object) -> None:
        self.stopping = True
        if self.engine is not None:
            self.engine.stop()

    def run(self) -> None:
        ending.listen(self.stop)
        while not self.stopping:
            close_old_connections()
            heartbeat.beat(timezone.now(), heartbeat.SENDER)
            edition = friday.next_edition(timezone.now())
            if edition is not None and friday.prepare(self.office, edition):
                self._carry(edition)
            elif self.only is not None:
                return
            else:
                time.sleep(_PAUSE)

    def _carry(self, edition: Edition) -> None:
        end: End | None = None
        try:
            trip = friday.set_out(self.office, edition, self._refusals[edition.pk])
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                end, trouble = runner.run(self._in_loop(edition, trip))
        except Problem as problem:
            trouble = str(problem)
            friday.ask_person(edition, trouble)
        self.engine = None
        ending.listen(self.stop)  # the loop's end left the process deaf to both
        if end is not None:
            friday.end_of(edition, end, self._refusals[edition.pk])
        if end is End.TROUBLE and self.office.room.broken:
            raise Problem(trouble)
        if trouble:
            log.error("letter %s: %s", edition, trouble)
            time.sleep(0 if self.stopping or end is None else _PAUSE)

    async def _in_loop(self, edition: Edition, trip: Round) -> tuple[End, str]:
        loop = asyncio.get_running_loop()
        for name in ending.heard():
            loop.add_signal_handler(name, self.stop)
        beside = [asyncio.create_task(self._watch(edition)), asyncio.create_task(_beat())]
        try:
            return await friday.carry(trip, self._began)
        finally:
            for task in beside:
                task.cancel()

    def _began(self, engine: Engine) -> None:
        self.engine = engine

    async def _watch(self, edition: Edition) -> None:
        while True:
            await asyncio.sleep(_WATCH_EVERY)
            await asyncio.to_thread(friday.watch_over, edition)


async def _beat() -> None:
    """Signs of life while a letter is carried."""
    while True:
        with suppress(DatabaseError):  # the letter has its own way with a database that is away
            await asyncio.to_thread(_sign)
        await asyncio.sleep(_BEAT_EVERY)


def _sign() -> None:
    close_old_connections()  # this thread's may be one that the database has ended
    heartbeat.beat(timezone.now(), heartbeat.SENDER)


def work(edition: int | None = None) -> None:
    """Send until told to end; with `edition`, that one alone."""
    with only_sender():
        vault = open_vault()
        _spare_the_collector()
        room = AddressRoom(vault)
        try:
            if departures.is_put_back(keys()):
                words = "The database was put back, and does not know yet who left since."
                raise Problem(words, "Start the opener first (`hecto work --opener`), then the sender.")
            Sender(Office(room, own_key(vault), fence(keys()), folder(), keys() / "sent"), edition).run()
        finally:
            room.close()


def _spare_the_collector() -> None:
    """Python looks for rubbish seldom, and not among what stays: it took a tenth of a copy's cost. Before the fork, so
    that what the processes share stays shared."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_LOOK_AFTER)
