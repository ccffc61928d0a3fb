"""A desk as a process of its own, on granian. `python -m hectograph.desk.serving FILE` needs nothing else of ours."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from hectograph.desk import configuration, listening, orphans, spool
from hectograph.desk.answers import Answers
from hectograph.desk.app import Desk
from hectograph.desk.configuration import Configuration
from hectograph.desk.refreshing import Refresh
from hectograph.errors import Problem

log = logging.getLogger(__name__)
_FILE = "HECTO_DESK_FILE"
_KILL_AFTER = 60  # seconds that a process has for what is under way, when it is to end


@cache
def _desk() -> Desk:
    return Desk(configuration.read(Path(os.environ[_FILE])))


@cache
def _refresh() -> Refresh:
    limits, live = _desk().configuration.limits, _desk().calls.live
    return Refresh(limits.refresh_idle, limits.refresh_latest, replace=_replace, is_busy=lambda: live.is_waiting)


def _replace() -> None:
    """Ask granian for a new process beside this one, which ends when what is under way is answered. Not where the new
    one could not begin: its files may just be written anew."""
    try:
        own = configuration.read(Path(os.environ[_FILE]))
        Answers(own.pages, own.languages)
    except Problem as problem:
        log.error("the desk's process is not replaced: %s", problem)
        return
    os.kill(os.getppid(), signal.SIGHUP)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The application that granian's worker imports."""
    if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] != "/pull":
        _refresh().typed()
    await _desk()(scope, receive, send)


def worker() -> Callable[..., Coroutine[Any, Any, None]]:
    """The application, in a process of granian's. That ends with granian's first one, and holds no port beyond it."""
    orphans.end_with_starter()
    return application


def _look_over(own: Configuration) -> None:
    """What would fail at the first reader's form fails at the start, with a sentence."""
    Answers(own.pages, own.languages)
    try:
        spool.store(own.spool, own.limits.spool_bytes).close()
    except Exception as error:  # whatever the store is, and an address with a password may stand in its words
        where = "the database that `spool` names" if "://" in own.spool else "the desk's folder"
        words = f"The desk's spool can't be used ({type(error).__name__})."
        raise Problem(words, f"See that this account may write in {where}, and that there is room.") from error


def run(file: Path) -> None:
    """Serve the desk of `file` until a signal ends it. Nothing of a request is logged."""
    own = configuration.read(file)
    host, port = listening.free(own.listen)
    _look_over(own)
    os.environ[_FILE] = str(file.resolve())
    server = Granian(
        "hectograph.desk.serving:worker",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=1,
        backlog=4096,
        log_access=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_AFTER,
    )
    server.serve()


if __name__ == "__main__":
    try:
        run(Path(sys.argv[1]))
    except Problem as problem:
        sys.exit(f"desk: {problem}")
