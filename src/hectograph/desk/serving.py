"""A desk as a process of its own, on granian. `python -m hectograph.desk.serving FILE` needs nothing else of ours."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from hectograph.desk import configuration
from hectograph.desk.app import Desk

_FILE = "HECTO_DESK_FILE"


@cache
def _desk() -> Desk:
    return Desk(configuration.read(Path(os.environ[_FILE])))


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The application that granian's worker imports."""
    await _desk()(scope, receive, send)


def run(file: Path) -> None:
    """Serve the desk of `file` until a signal ends it. Nothing of a request is logged."""
    host, _, port = configuration.read(file).listen.rpartition(":")
    os.environ[_FILE] = str(file.resolve())
    server = Granian(
        "hectograph.desk.serving:application",
        address=host,
        port=int(port),
        interface=Interfaces.ASGINL,
        workers=1,
        backlog=4096,
        log_access=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
    )
    server.serve()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
