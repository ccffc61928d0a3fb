"""The press against Hugo, on the same stories, in turn:

    uv run python -m bench.press --stories 10000 --json

Prints one JSON object: medians, paired ratios, versions, sizes and the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Any

from bench import measure, pages, related_quality
from bench.peers import gazette, hugo

CHANGES = 20


class Bench:
    """One size of newsroom: ours in a database of its own, Hugo's as a folder."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.home, self.site = folder / f"hecto-{count}", folder / f"hugo-{count}"
        self._moved = 0
        self.environment = {
            "HECTO_HOME": str(self.home),
            "HECTO_KEYS": str(folder / "keys"),
            "HECTO_LANGUAGES": "en",
            "HECTO_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.settings",
        }

    @cached_property
    def stories(self) -> list[gazette.Piece]:
        """What Hugo's folder is written from: a newsroom of ours is filled by a process of its own."""
        return gazette.pieces(self.count)

    def prepare(self, *, choose: bool = True, peer: bool = True) -> None:
        measure.say(f"preparing {self.count} stories")
        if peer:
            hugo.write_site(self.site, self.stories)
        self.home.mkdir(parents=True, exist_ok=True)
        words = [
            sys.executable,
            "-m",
            "bench.with_django",
            "bench.fill",
            str(self.count),
            *([] if choose else ["--by-chance"]),
        ]
        subprocess.run(words, env={**os.environ, **self.environment}, check=True)

    def ours(self, *, compress: bool, memory: bool = False) -> measure.Run:
        self._make_way(self.home / "site")
        words = [sys.executable, "-m", "hectograph.newsroom.command.main", "publish", "--full", "--json"]
        return measure.run(
            [*words, *([] if compress else ["--no-compress"])], environment=self.environment, memory=memory
        )

    def theirs(self) -> measure.Run:
        out = self.folder / "hugo-out"
        self._make_way(out)
        return measure.run(hugo.command(self.site, out))

    def _make_way(self, built: Path) -> None:
        """Each build goes into a folder that is new. What stood there is moved, not deleted: for minutes after that the
        file system makes new files more slowly."""
        if built.exists():
            self._moved += 1
            built.rename(self.folder / f"built-{self.count}-{self._moved}")

    def changes(self) -> list[float]:
        """Seconds from a committed publication to the last file renamed, for twenty different stories."""
        words = [sys.executable, "-m", "bench.with_django", "bench.change", str(CHANGES)]
        done = subprocess.run(
            words, env={**os.environ, **self.environment}, check=True, stdout=subprocess.PIPE, text=True
        )
        return list(json.loads(done.stdout)["seconds"])

    def their_change(self, number: int) -> float:
        """Hugo's rebuild over its last output after one title changed."""
        out = self.folder / "hugo-out"
        hugo.write_story(self.site, self.stories[number], title=f"Changed {number}")
        return measure.run(hugo.command(self.site, out)).seconds


def paired(a: list[float], b: list[float]) -> float:
    return round(statistics.median(x / y for x, y in zip(a, b, strict=True)), 2)


def full_builds(bench: Bench, rounds: int) -> dict[str, Any]:
    """Interleaved ABBA: Hugo, ours plain, ours packed, and back."""
    theirs: list[float] = []
    plain: list[float] = []
    packed: list[float] = []
    for number in range(rounds):
        acts = [lambda: theirs.append(bench.theirs().seconds), lambda: plain.append(bench.ours(compress=False).seconds)]
        acts.append(lambda: packed.append(bench.ours(compress=True).seconds))
        for act in acts if number % 2 == 0 else acts[::-1]:
            act()
        measure.say(f"round {number + 1}: Hugo {theirs[-1]:.2f} s, ours {plain[-1]:.2f} s, packed {packed[-1]:.2f} s")
    sizes = {"ours": measure.tree_size(bench.home / "site"), "hugo": measure.tree_size(bench.folder / "hugo-out")}
    return {
        "full_plain_vs_hugo": paired(theirs, plain),
        "full_vs_hugo": paired(theirs, packed),
        "hugo_full_s": round(statistics.median(theirs), 3),
        "full_plain_s": round(statistics.median(plain), 3),
        "full_s": round(statistics.median(packed), 3),
        "sizes": sizes,
    }


def one_change(bench: Bench) -> dict[str, Any]:
    ours = bench.changes()
    numbers = random.Random(3).sample(range(bench.count), 5)
    theirs = [bench.their_change(number) for number in numbers]
    middle = statistics.median(ours)
    return {
        "one_change_vs_hugo": round(statistics.median(theirs) / middle, 1),
        "click_to_files_p95_s": round(statistics.quantiles(ours, n=20)[-1], 4),
        "click_to_files_median_s": round(middle, 4),
        "hugo_change_s": round(statistics.median(theirs), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", action="store_true", help="also one change and memory at 100,000 stories")
    parser.add_argument("--json", action="store_true", help="(always on: the figures are one JSON object)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-press-") as scratch:
        figures = _measure(args, Path(scratch))
    print(json.dumps(figures, indent=1))


def _measure(args: argparse.Namespace, scratch: Path) -> dict[str, Any]:
    started = time.time()
    bench = Bench(scratch, args.stories)
    bench.prepare()
    bench.theirs()
    bench.ours(compress=False)  # one round that doesn't count
    figures: dict[str, Any] = {"stories": args.stories, "rounds": args.rounds}
    figures |= full_builds(bench, args.rounds) | one_change(bench)
    figures |= pages.figures() | related_quality.figures()
    if args.growth:
        figures |= _growth(scratch)
    versions = {"hugo": hugo.version()}
    return {**figures, "versions": versions, "machine": measure.machine(), "took_s": round(time.time() - started)}


def _growth(scratch: Path) -> dict[str, Any]:
    """Changes at both sizes in turn, ABBA: whatever else the machine does meanwhile falls on both."""
    small, large = Bench(scratch, 1_000), Bench(scratch, 100_000)
    small.prepare(peer=False)
    small.ours(compress=True)
    large.prepare(choose=False, peer=False)
    memory = large.ours(compress=True, memory=True)
    measure.say(f"100000 stories built in {memory.seconds:.0f} s")
    seconds: dict[int, list[float]] = {small.count: [], large.count: []}
    for bench in (small, large, large, small):
        seconds[bench.count] += bench.changes()
        measure.say(f"changes at {bench.count}: {statistics.median(seconds[bench.count]):.3f} s")
    little, much = statistics.median(seconds[small.count]), statistics.median(seconds[large.count])
    return {
        "one_change_growth": round(much / little, 2),
        "one_change_1k_s": round(little, 4),
        "one_change_100k_s": round(much, 4),
        "full_100k_pss_mb": round(memory.pss_mb),
        "full_100k_s": round(memory.seconds, 1),
    }


if __name__ == "__main__":
    main()
