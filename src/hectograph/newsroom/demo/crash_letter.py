"""`hecto demo crash-letter`: a letter whose sender is killed again and again, counted by the relay.

Four processes: this one, which kills; the relay, which counts; the sender with production's connections and batches;
and the one beside it that opens addresses. All in a folder of its own: no newsroom of yours is touched.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from hectograph.errors import Problem
from hectograph.post import journal
from hectograph.post.engine import Shape
from hectograph.post.journal import Kind

_LATEST_MS = 50  # of the relay's answers
_LONGEST = 60.0  # seconds until a sender must have sent something


@dataclass(frozen=True)
class Verdict:
    """What the relay counted, beside what the sender says."""

    readers: int
    seed: int
    kills: int
    kills_in_flight: int
    taken_by_relay: int
    recipients: int
    message_ids: int
    duplicates: int
    accepted: int
    uncertain: int
    lost: int
    uncertain_limit: int
    uncertain_over_limit: int

    @property
    def good(self) -> bool:
        return not (self.duplicates or self.lost or self.uncertain_over_limit)


class Crashes:
    """One run in `folder`."""

    def __init__(
        self, folder: Path, readers: int, seed: int, *, database: str = "", show: Callable[[str], None]
    ) -> None:
        self.folder, self.readers, self.seed, self.show = folder, readers, seed, show
        self.dice = random.Random(seed)  # noqa: S311 (times, to be repeated by their seed)
        self.log = folder / "relay.log"
        self.log.touch()
        own = {"HECTO_HOME": str(folder / "var"), "HECTO_KEYS": str(folder / "keys"), "DATABASE_URL": database}
        self.environment = {**os.environ, **own, "HECTO_LINKS": "http://127.0.0.1:8090", "HECTO_SEND_WARM_UP": ""}
        self.kills = self.in_flight = 0

    def run(self, kills: int) -> Verdict:
        (self.folder / "var").mkdir()
        edition = int(self._python("hectograph.newsroom.demo.practice", str(self.readers)).split()[-1])
        self.show(f"{self.readers:,} readers and a letter are ready. Seed {self.seed}.")
        with self._relay() as port:
            self.environment["HECTO_RELAY"] = f"smtp+plain://127.0.0.1:{port}"
            self._hecto(f"steering.start({edition}, 'demo')")
            while self.kills < kills and self._killed(edition):
                pass
            self._sender(edition).wait()
        return self._verdict(edition)

    def _killed(self, edition: int) -> bool:
        """Start a sender and kill it at a random moment after its first mails. False where it came to its end."""
        before = self._lines()
        process = self._sender(edition)
        until = time.monotonic() + _LONGEST
        while self._lines() == before and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(self.dice.random() * 0.4)
        ended = process.poll() is not None
        process.kill()
        process.wait()
        if not ended:
            self.kills += 1
            flying = self._flying()
            self.in_flight += flying > 0
            self.show(f"kill {self.kills}: {self._lines():,} taken so far, {flying} on their way")
        return not ended

    def _flying(self) -> int:
        """Mails with an INTENT and no answer in the journal that the dead sender left."""
        books = [journal.read(path) for path in (self.folder / "var/post").glob("*.journal")]
        entries = [entry for book in books if book for entry in book.entries.values()]
        return sum(entry.kind is Kind.INTENT for entry in entries)

    def _lines(self) -> int:
        return self.log.read_bytes().count(b"\n")

    def _sender(self, edition: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "hectograph.newsroom.sender_main", "--edition", str(edition)]
        return subprocess.Popen(command, env=self.environment)  # noqa: S603 (our own interpreter and module)

    def _python(self, *words: str) -> str:
        command = [sys.executable, "-m", *words]
        done = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (the same)
        return done.stdout

    def _hecto(self, act: str) -> str:
        code = (
            "import os, json; os.environ['DJANGO_SETTINGS_MODULE'] = 'hectograph.newsroom.sender_settings'\n"
            "import django; django.setup()\nfrom hectograph.letters import steering\n"
            f"from hectograph.newsroom.demo import practice_rows\nprint({act})"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (the same)
        return done.stdout

    @contextmanager
    def _relay(self) -> Iterator[int]:
        port_file = self.folder / "port"
        module = "hectograph.newsroom.demo.counting_relay"
        command = [sys.executable, "-m", module, str(port_file), str(self.log), str(_LATEST_MS)]
        process = subprocess.Popen(command)  # noqa: S603 (the same)
        try:
            while not port_file.exists():
                time.sleep(0.02)
            yield int(port_file.read_text())
        finally:
            process.terminate()
            process.wait()

    def _verdict(self, edition: int) -> Verdict:
        fates = json.loads(self._hecto(f"json.dumps(practice_rows.fates({edition}))"))
        lines = [line.split(" ") for line in self.log.read_text().splitlines()]
        by_reader, by_id = Counter(line[0] for line in lines), Counter(line[1] for line in lines)
        accepted, uncertain = fates.get("accepted", []), fates.get("uncertain", [])
        limit = Shape().connections * self.kills
        twice = sum(count - 1 for count in by_reader.values()) + sum(count - 1 for count in by_id.values())
        return Verdict(
            readers=self.readers,
            seed=self.seed,
            kills=self.kills,
            kills_in_flight=self.in_flight,
            taken_by_relay=len(lines),
            recipients=len(by_reader),
            message_ids=len(by_id),
            duplicates=twice,
            accepted=len(accepted),
            uncertain=len(uncertain),
            lost=self.readers - accounted_for(map(_place, by_reader), accepted, uncertain),
            uncertain_limit=limit,
            uncertain_over_limit=max(0, len(uncertain) - limit),
        )


def _place(address: str) -> int:
    """Of a practice reader among those that were made."""
    return int(address.removeprefix("reader").partition("@")[0])


def accounted_for(taken: Iterable[int], accepted: Iterable[int], uncertain: Iterable[int]) -> int:
    """How many readers have it, by what relay and sender say of each, or are shown as uncertain. By name: an uncertain
    one whom the relay took must not make up for another whom it never saw."""
    return len((set(taken) & set(accepted)) | set(uncertain))


def crash(
    readers: int, kills: int, seed: int | None = None, *, database: str = "", show: Callable[[str], None]
) -> Verdict:
    """Send to `readers` while killing the sender `kills` times. A Problem where the numbers allow none."""
    if not 1 <= readers <= 1_000_000 or not 0 <= kills <= 10_000:
        raise Problem("Those numbers make no sense.", "Try 20000 readers and 200 kills.")
    chosen = seed if seed is not None else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="hecto-crash-") as folder:
        return Crashes(Path(folder), readers, chosen, database=database, show=show).run(kills)


def words(verdict: Verdict) -> str:
    """The verdict for people: the relay's own count first."""
    rows = [f"  {name.replace('_', ' '):<22} {value:>9,}" for name, value in asdict(verdict).items()]
    last = "Nobody got it twice, nobody was skipped." if verdict.good else "THIS IS NOT AS IT SHOULD BE."
    return "\n".join([*rows, last])
