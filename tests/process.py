"""A newsroom in a home of its own, acted on by real processes: for what must survive them, and leave nothing behind;
and what is asked of any process: what it started, and whether it answers."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import shared

PREAMBLE = """
import django; django.setup()
from tests.newsroom.cast import Newsroom, body
from hectograph.stories.story import Story
"""


@dataclass(frozen=True)
class Home:
    folder: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        own = {"HECTO_HOME": str(self.folder / "var"), "HECTO_KEYS": str(self.folder / "keys")}
        return {
            **os.environ,
            **own,
            "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.settings",
            "DATABASE_URL": self.database,
        }

    @property
    def site(self) -> Path:
        return self.folder / "var/site"

    def hecto(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hectograph.newsroom.command.main", *words]
        return subprocess.run(command, env=self.environment, check=check, capture_output=True, text=True)

    def found(self) -> None:
        """As `hecto init --no-account` leaves it. On SQLite it is a copy: migrating takes longer than most tests."""
        if self.database:
            self.hecto("init", "--no-account")
            return
        made = shared.once("founded", lambda folder: Home(folder).hecto("init", "--no-account"))
        shutil.copytree(made, self.folder, dirs_exist_ok=True)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "hectograph.newsroom.command.main", *words]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def python(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", PREAMBLE + code],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        return done.stdout


def port_for_later(count: int = 1) -> int:
    """A free port, the first of `count`, that the system gives to nobody by itself: its own begin above these."""
    while True:
        first = random.randrange(20_000, 32_000)
        with ExitStack() as doors, suppress(OSError):
            for port in range(first, first + count):
                doors.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def wait_until(holds: Callable[[], bool]) -> None:
    """Up to two minutes, which only a run that has failed takes."""
    end_at = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end_at, "It never came to pass."
        time.sleep(0.01)


def wait_for(port: int, process: subprocess.Popen[Any]) -> None:
    """Until something answers at `port`, or `process`, which was to, has ended: that fails at once."""
    wait_until(lambda: _answers(port) or process.poll() is not None)
    assert process.poll() is None, "It ended before it answered."


def _answers(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def below(pid: int) -> set[int]:
    """All processes that `pid` started, and those that they did. One that ends meanwhile started none."""
    try:
        children = set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except (FileNotFoundError, ProcessLookupError):
        return set()
    return children.union(*map(below, children))
