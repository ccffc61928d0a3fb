"""The letter's figures: `python -m bench.letters --readers N --json`. Relay: Postfix's smtp-sink on loopback, 20 KB letters.

In one run: smtp-source and Django's mail as yardsticks, before and after ours; both databases; a small mail posted while
the letter goes out; memory of the sender's process tree; how claims grow; and a sender killed again and again.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.measure import machine, pss_mb
from hectograph.newsroom.demo import crash_letter
from tests import postgres

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
        command = [sys.executable, "-m", "bench.letter_acts", name, *map(str, words)]
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


def source(port: int, count: int) -> float:
    """Mails a second of `smtp-source -d -s 8`: eight sessions that are kept, its fastest way."""
    words = ["-d", "-s", "8", "-l", str(_LETTER), "-m", str(count), "-f", "n@example.test", "-t", "r@example.test"]
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
        time.sleep(0.25)
    return {**world.act("result", edition), "pss_mb": peak}


def small_mail(world: World, readers: int) -> dict[str, float]:
    """Confirmations posted at random while a letter goes out; seconds until the relay has each."""
    edition = int(world.act("make", readers)["edition"])
    process = world.start("hectograph.newsroom.sender_main", "--edition", str(edition))
    took = world.act("small", edition)
    process.wait()
    return took


def sending(databases: dict[str, str], readers: int, folder: Path) -> dict[str, float]:
    figures: dict[str, float] = {}
    count = min(20_000, max(2_000, readers // 4))
    with sink() as port:
        before = source(port, count)
        for name, url in databases.items():
            done = send(World(folder / name, url, port), readers)
            after = source(port, count)
            yardstick = (before + after) / 2
            figures[f"{name}_per_s"], figures[f"smtp_source_{name}_per_s"] = done["per_s"], yardstick
            figures[f"send_vs_smtp_source_{name}"] = done["per_s"] / yardstick
            figures[f"freeze_{name}_s"], figures[f"pss_mb_{name}"] = done["freeze_s"], done["pss_mb"]
            figures[f"states_add_up_{name}"] = done["adds_up"]
            before = after
        best = "pg" if "pg" in databases else "sqlite"
        world = World(folder / "django", databases[best], port)
        figures["django_per_s"] = world.act("django", port)["per_s"]
        figures["send_vs_django"] = figures[f"{best}_per_s"] / figures["django_per_s"]
    return figures


def letters(args: argparse.Namespace) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="hecto-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        databases = {"sqlite": ""}
        if url := postgres.start(folder / "server"):
            databases = {"pg": url, **databases}
        try:
            figures: dict[str, object] = {"readers": args.readers, "machine": machine()}
            figures |= sending({k: v for k, v in databases.items() if args.only in ("", k)}, args.readers, folder)
            if args.readers >= 1_000_000:
                figures |= {"freeze_1m_s": figures.get("freeze_pg_s"), "pss_mb_1m": figures.get("pss_mb_pg")}
            if not args.no_small:
                with sink() as port:
                    best = databases.get("pg", "")
                    took = small_mail(World(folder / "small", best, port), min(args.readers, 100_000))
                figures |= {
                    "small_mail_under_load_s": took["p95"],
                    "small_mails": took["count"],
                    "small_mail_median_s": took["median"],
                }
            figures |= World(folder / "claims", databases.get("pg", ""), 9).act("claims", args.readers)
        finally:
            postgres.stop()
    if args.kills:
        figures |= _crash(args.kills)
    return figures


def _crash(kills: int) -> dict[str, object]:
    done = crash_letter.crash(20_000, kills, 7, show=lambda line: None)
    return {
        "crash_duplicates": done.duplicates,
        "crash_lost": done.lost,
        "crash_uncertain_over_limit": done.uncertain_over_limit,
        "crash_kills": done.kills,
        "crash_kills_in_flight": done.kills_in_flight,
        "crash_uncertain": done.uncertain,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=200, help="of the crash run; 0 leaves it out")
    parser.add_argument("--only", default="", choices=["", "pg", "sqlite"], help="send on this database alone")
    parser.add_argument("--no-small", action="store_true", help="leave out the small mail under load")
    parser.add_argument("--json", action="store_true")
    figures = letters(args := parser.parse_args())
    rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}
    print(json.dumps(rounded) if args.json else "\n".join(f"{name:<32} {value}" for name, value in rounded.items()))


if __name__ == "__main__":
    main()
