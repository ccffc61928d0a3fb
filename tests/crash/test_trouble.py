"""A letter in bad times, by a sender and a relay that are processes of their own: the wall clock jumps, the database
is full (mail.md §7, attacks 10 and 12)."""

import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hectograph.newsroom.demo.crash_letter import Crashes

# The sender as it is, by a wall clock that is off by what stands in a file.
CLOCK = """
import sys, time
from datetime import timedelta
from pathlib import Path
from django.utils import timezone
true, wall, off = timezone.now, time.time, Path(sys.argv.pop())
timezone.now = lambda: true() + timedelta(seconds=float(off.read_text()))
time.time = lambda: wall() + float(off.read_text())
from hectograph.newsroom.sender_main import main
sys.exit(main())
"""


class Town(Crashes):
    """A practice newsroom with an approved letter, and a relay that counts."""

    edition = 0

    def __init__(self, folder: Path, readers: int, database: str = "") -> None:
        super().__init__(folder, readers, 1, database=database, show=lambda line: None)
        (folder / "var").mkdir()
        self.edition = int(self._python("hectograph.newsroom.demo.practice", str(readers)).split()[-1])

    def begin(self, port: int, *, rate: float = 0) -> None:
        self.environment["HECTO_RELAY"] = f"smtp+plain://127.0.0.1:{port}"
        self._hecto(f"steering.start({self.edition}, 'anna')")
        if rate:
            self._hecto(f"steering.set_rate({self.edition}, {rate}, 'anna')")

    def wait_for(self, taken: int) -> None:
        while self._lines() < taken:
            time.sleep(0.01)

    def copies(self) -> Counter[str]:
        return Counter(line.split()[0] for line in self.log.read_text().splitlines())


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[..., tuple[Town, int]]]:
    relays = []

    def make(readers: int, database: str = "") -> tuple[Town, int]:
        made = Town(tmp_path, readers, database)
        relays.append(made._relay())
        return made, relays[-1].__enter__()

    yield make
    for one in relays:
        one.__exit__(None, None, None)


def test_a_wall_clock_that_jumps_a_day_ahead_and_back_changes_nothing(
    town: Callable[..., tuple[Town, int]], tmp_path: Path
) -> None:
    """Attack 10. Rates and leases go by the clock that only goes on."""
    made, port = town(150)
    made.begin(port, rate=60)
    off = tmp_path / "off"
    off.write_text("0")
    command = [sys.executable, "-c", CLOCK, "--edition", str(made.edition), str(off)]
    sender = subprocess.Popen(command, env=made.environment)
    for taken, seconds in ((10, 86_400), (50, -86_400), (90, 3600), (110, 0)):
        made.wait_for(taken)
        aside = tmp_path / "aside"
        aside.write_text(str(seconds))
        aside.replace(off)
    assert sender.wait() == 0
    assert set(made.copies().values()) == {1}
    verdict = made._verdict(made.edition)
    assert (verdict.accepted, verdict.uncertain, verdict.lost) == (150, 0, 0)


def test_a_database_that_can_not_grow_stops_the_letter_and_nobody_gets_it_twice(
    town: Callable[..., tuple[Town, int]],
) -> None:
    """Attack 12: its disk is full while answers come in. With room again it goes on where it stopped."""
    made, port = town(400)
    made.begin(port, rate=100)
    first = made._sender(made.edition)
    made.wait_for(20)
    first.kill()
    first.wait()
    made._hecto(f"steering.set_rate({made.edition}, 0, 'anna')")
    log = made.folder / "var/newsroom.sqlite3-wal"
    room = (log.stat().st_size if log.exists() else 0) + 60_000

    def cramped() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    command = [sys.executable, "-m", "hectograph.newsroom.sender_main", "--edition", str(made.edition)]
    sender = subprocess.Popen(command, env=made.environment, preexec_fn=cramped, stderr=subprocess.DEVNULL)
    try:
        sender.wait(timeout=15)
    except subprocess.TimeoutExpired:  # it still asks the database again and again
        sender.kill()
        sender.wait()
    assert "ready" in made._hecto(f"steering.report({made.edition}).counts")  # it was full before all had it
    made._sender(made.edition).wait()
    assert set(made.copies().values()) == {1}
    verdict = made._verdict(made.edition)
    assert (verdict.duplicates, verdict.lost) == (0, 0)
    assert verdict.accepted + verdict.uncertain == 400
    assert verdict.uncertain <= 2 * 8  # connections of two that were killed
