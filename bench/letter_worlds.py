"""What the letter's figures need around them: a practice newsroom, a relay that only counts, and the yardstick."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.measure import pss_mb

_SINK, _SOURCE = "/usr/sbin/smtp-sink", "/usr/sbin/smtp-source"
_LETTER = 20_480


@dataclass
class World:
    """A practice newsroom on one database."""

    folder: Path
    database: str
    relay: int
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        (self.folder / "var").mkdir(parents=True)
        own = {
            "HECTO_HOME": str(self.folder / "var"),
            "HECTO_KEYS": str(self.folder / "keys"),
            "DATABASE_URL": self.database,
        }
        links = {"HECTO_LINKS": "http://127.0.0.1:8090", "HECTO_RELAY": f"smtp+plain://127.0.0.1:{self.relay}"}
        self.environment = {
            **os.environ,
            **own,
            **links,
            "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.sender_settings",
        }

    def act(self, name: str, *words: object) -> dict[str, float]:
        command = [sys.executable, "-m", "bench.with_django", "bench.letter_acts", name, *map(str, words)]
        done = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-m", *words], env=self.environment, stdout=subprocess.PIPE, text=True)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def sink() -> Iterator[int]:
    port = free_port()
    who = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([_SINK, *who, f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.kill()
        process.wait()


def yardsticks(port: int, count: int) -> tuple[float, float]:
    """Mails a second of `smtp-source -s 8`, a session a mail; and of its fastest way, `-d`: eight sessions are kept."""
    return _source(port, count), _source(port, count, "-d")


def _source(port: int, count: int, *more: str) -> float:
    words = [*more, "-s", "8", "-l", str(_LETTER), "-m", str(count), "-f", "n@example.test", "-t", "r@example.test"]
    started = time.perf_counter()
    subprocess.run([_SOURCE, *words, f"127.0.0.1:{port}"], check=True)
    return count / (time.perf_counter() - started)


def send(world: World, readers: int) -> dict[str, float]:
    """One letter to all: freeze, send, done; mails a second by the database's own times, memory, claim to settle."""
    edition = int(world.act("make", readers)["edition"])
    process = world.start("hectograph.newsroom.sender_main", "--edition", str(edition))
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, pss_mb(process.pid))
        time.sleep(1.0)  # looking at its memory costs it time
    return {**world.act("result", edition), "pss_mb": peak}


def small_mail(world: World, readers: int) -> dict[str, float]:
    """Confirmations posted at random while a letter goes out; seconds until the relay has each."""
    edition = int(world.act("make", readers)["edition"])
    process = world.start("hectograph.newsroom.sender_main", "--edition", str(edition))
    took = world.act("small", edition)
    process.wait()
    return took
