"""The worker: takes up the press's queue as changes come, rebuilds the site in slices beside it, keeps the timetable,
and packs the site tighter when it has nothing else to do.

One worker works at a time: the press has one writer. A second one waits for the lock, ready to take over.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import ending, heartbeat, timetable
from hectograph.newsroom.flows.publish import publish
from hectograph.newsroom.flows.tightening import Tightening
from hectograph.newsroom.flows.tree import Tree
from hectograph.newsroom.flows.whole_site import site_slices
from hectograph.stories import queue

log = logging.getLogger(__name__)
_PAUSE = 0.02  # seconds between two looks at an empty queue; a look is one indexed row
_AFTER_FAILURE = 5.0
_IDLE = 10.0  # seconds without a change, until files are packed tighter: editors publish in bursts
_LOOK_ROUND = 3600.0  # seconds: the clock's pages are written beside the queue


@contextmanager
def only_writer(*, wait: bool = True) -> Iterator[None]:
    """Hold the site's lock: nobody else writes it meanwhile. Without `wait`, a Problem where another one does."""
    settings.HECTO_HOME.mkdir(parents=True, exist_ok=True)
    with open(settings.HECTO_HOME / "press.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Problem("Another process is writing the site.", "Wait for it, or stop `hecto work`.") from error
        yield


class Worker:
    """Runs until `stop` is called or a signal asks it to end; what is in hand is finished first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.stopping = False
        self.clock = clock
        self._slices: Iterator[int] | None = None
        self._site_batch: queue.Batch | None = None
        self._tightening = Tightening(Tree(settings.SITE_ROOT))
        self._busy_at = self._looked_at = clock()

    def stop(self, *_: int | FrameType | None) -> None:
        self.stopping = True

    def run(self) -> None:
        ending.listen(self.stop)
        with only_writer():
            while not self.stopping:
                if not self.step():
                    time.sleep(_PAUSE)

    def step(self) -> bool:
        """A publish first, the timetable, a slice of the whole site; where there was nothing, a file packed tight.
        False: there is time for a pause."""
        try:
            heartbeat.beat(timezone.now())
            outcome = publish(timezone.now())
            self._tightening.wrote(outcome.written)
            timetable.run_due(timezone.now())
            if self._site() or outcome.changes:
                self._busy_at = self.clock()
                return True
            self._tighten()
            return False
        except Problem as problem:  # the disk is full, say: it stays in the queue
            log.error("press stopped: %s", problem)
        except Exception:
            log.exception("press stopped; it will try again")
        self._slices = None
        close_old_connections()
        time.sleep(_AFTER_FAILURE)
        return True

    def _site(self) -> bool:
        if self._slices is None:
            batch = queue.take(site=True)
            if not batch.rows:
                return False
            self._site_batch, self._slices = batch, site_slices(timezone.now())
        if next(self._slices, None) is None and self._site_batch:
            queue.strike_off(self._site_batch)
            self._slices = self._site_batch = None
            self._look_round()
        return True

    def _tighten(self) -> None:
        """One file, once nothing has changed for a while. The pause that follows leaves half a core to others."""
        now = self.clock()
        if now - self._looked_at >= _LOOK_ROUND:
            self._look_round()
        if now - self._busy_at >= _IDLE:
            self._tightening.step()

    def _look_round(self) -> None:
        self._looked_at = self.clock()
        self._tightening.look_round()
