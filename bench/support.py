"""Support's figures, one function a figure, each in a file of its own:

    uv run python -m bench.support --json
    uv run python -m bench.support --only amounts_wrong

Prints one JSON object with a key for each figure.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from bench import support_desk
from bench.measure import say
from bench.support_amounts import amounts_wrong
from bench.support_books import books_seeds_equal, sweep_100k
from bench.support_crash import killed_payments_figures


def _one(name: str, measure: Callable[[], object]) -> Callable[[], dict[str, object]]:
    return lambda: {name: measure()}


FIGURES: dict[str, Callable[[], dict[str, object]]] = {
    "amounts_wrong": _one("amounts_wrong", amounts_wrong),
    "books_seeds_equal": _one("books_seeds_equal", books_seeds_equal),
    "sweep": sweep_100k,
    "killed_payments": killed_payments_figures,
    "desk": support_desk.figures,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="(always on: the figures are one JSON object)")
    parser.add_argument("--only", choices=FIGURES, action="append", help="this figure, and not the others")
    words = parser.parse_args()
    found: dict[str, object] = {}
    for name, measure in FIGURES.items():
        if not words.only or name in words.only:
            say(name)
            found |= measure()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
