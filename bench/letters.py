"""The letter's figures, printed as one JSON object with a key for each:

    uv run python -m bench.letters --readers 100000 --json
    uv run python -m bench.letters --readers 1000000 --only pss_mb_1m --only freeze_1m_s

Relay: Postfix's smtp-sink on loopback, 20 KB letters, yardsticks before and after each sending: `smtp-source -s 8`, and in
`beside` its fastest way too, `-d`, which keeps its sessions. What is asked of 1,000,000 readers is null where fewer were
sent to. `beside` holds what the figures were reckoned from.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.letter_worlds import World, send, sink, small_mail, yardsticks
from bench.measure import machine, say
from hectograph.newsroom.demo import crash_letter
from tests import postgres

_MILLION = 1_000_000
_SMALL_AT = 100_000  # readers of the letter that small mails overtake
OF_SENDING = {
    "send_vs_smtp_source_pg": "pg",
    "send_vs_smtp_source_sqlite": "sqlite",
    "send_vs_django": "pg",
    "pss_mb_1m": "pg",
    "freeze_1m_s": "pg",
}
OF_CRASHES = ("crash_duplicates", "crash_lost", "crash_uncertain_over_limit")
KEYS = (*OF_SENDING, "small_mail_under_load_s", "claim_growth", *OF_CRASHES)


class Run:
    """One run in `folder`, on `databases` (their addresses by name)."""

    def __init__(self, folder: Path, databases: dict[str, str], readers: int, kills: int) -> None:
        self.folder, self.databases, self.readers, self.kills = folder, databases, readers, kills
        self.first = next(iter(databases))
        self.pg_per_s = 0.0
        self.figures: dict[str, object] = dict.fromkeys(KEYS)
        self.beside: dict[str, object] = {"readers": readers, "machine": machine()}

    def measure(self, asked: list[str]) -> dict[str, object]:
        """The figures that are asked for, and `beside`."""
        chosen = {OF_SENDING[key] for key in asked if key in OF_SENDING} & self.databases.keys()
        acts: list[tuple[str, bool, Callable[[], None]]] = [
            *((f"sending_{name}", name in chosen, self._sending(name)) for name in self.databases),
            ("django", "send_vs_django" in asked and "pg" in chosen, self._django),
            ("small_mail", "small_mail_under_load_s" in asked, self._small_mail),
            ("claims", "claim_growth" in asked, self._claims),
            ("crashes", any(key in asked for key in OF_CRASHES), self._crashes),
        ]
        for name, wanted, act in acts:
            if wanted:
                say(f"{name} …")
                started = time.perf_counter()
                act()
                self.beside[f"{name}_took_s"] = round(time.perf_counter() - started, 1)
        return {key: self.figures[key] for key in asked} | {"beside": self.beside}

    def _sending(self, name: str) -> Callable[[], None]:
        return lambda: self._send(name)

    def _send(self, name: str) -> None:
        count = min(20_000, max(2_000, self.readers // 4))
        with sink() as port:
            before = yardsticks(port, count)
            done = send(World(self.folder / name, self.databases[name], port), self.readers)
            theirs, kept = ((one + other) / 2 for one, other in zip(before, yardsticks(port, count), strict=True))
        self.figures[f"send_vs_smtp_source_{name}"] = done["per_s"] / theirs
        self.beside |= {f"{name}_{key}": value for key, value in done.items()}
        self.beside |= {f"{name}_smtp_source": theirs, f"{name}_smtp_source_kept": kept}
        self.beside[f"send_vs_smtp_source_kept_{name}"] = done["per_s"] / kept
        if name == "pg":
            self.pg_per_s = done["per_s"]
        if name == "pg" and self.readers >= _MILLION:
            self.figures |= {"freeze_1m_s": done["freeze_s"], "pss_mb_1m": done["pss_mb"]}

    def _django(self) -> None:
        with sink() as port:
            theirs = World(self.folder / "django", self.databases["pg"], port).act("django", port)["per_s"]
        self.beside["django_per_s"] = theirs
        self.figures["send_vs_django"] = self.pg_per_s / theirs

    def _small_mail(self) -> None:
        with sink() as port:
            world = World(self.folder / "small", self.databases[self.first], port)
            took = small_mail(world, min(self.readers, _SMALL_AT))
        self.figures["small_mail_under_load_s"] = took["p95"]
        self.beside |= {f"small_mail_{key}": value for key, value in took.items()}

    def _claims(self) -> None:
        found = World(self.folder / "claims", self.databases[self.first], 9).act("claims", self.readers)
        self.figures["claim_growth"] = found.pop("claim_growth")
        self.beside |= found

    def _crashes(self) -> None:
        done = crash_letter.crash(20_000, self.kills, 7, show=lambda line: None)
        self.figures["crash_duplicates"], self.figures["crash_lost"] = done.duplicates, done.lost
        self.figures["crash_uncertain_over_limit"] = done.uncertain_over_limit
        self.beside |= {"crash_kills": done.kills, "crash_kills_in_flight": done.kills_in_flight}
        self.beside |= {"crash_uncertain": done.uncertain, "crash_accepted": done.accepted}


def letters(words: argparse.Namespace) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="hecto-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        databases = {"sqlite": ""}
        if words.database != "sqlite" and (url := postgres.start(folder / "server")):
            databases = {"pg": url, **databases}
        if words.database:
            databases = {words.database: databases[words.database]}
        try:
            return Run(folder, databases, words.readers, words.kills).measure(words.only or list(KEYS))
        finally:
            postgres.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=200, help="of a sender, in the crash figures")
    parser.add_argument("--only", choices=KEYS, action="append", help="this figure, and not the others")
    parser.add_argument("--database", default="", choices=["", "pg", "sqlite"], help="on this database alone")
    parser.add_argument("--json", action="store_true", help="(always on: the figures are one JSON object)")
    words = parser.parse_args()
    print(json.dumps(_rounded(letters(words)), indent=1))


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
