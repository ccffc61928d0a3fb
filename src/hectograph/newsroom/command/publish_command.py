"""Bring the site up to date: what waits in the queue, or everything with --full."""

from __future__ import annotations

import argparse
import json
import time

from django.conf import settings
from django.utils import timezone

from hectograph.newsroom.flows import build_all, publish, search, tightening, whole_site
from hectograph.newsroom.flows.tree import Tree
from hectograph.newsroom.progress import bar
from hectograph.newsroom.worker import only_writer
from hectograph.stories import queue

HELP = "write to the site what has changed, or the whole site"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="build every page anew and remove what no longer belongs")
    parser.add_argument("--search", action="store_true", help="only index for search the years that have changed")
    parser.add_argument(
        "--choose-again", action="store_true", help="with --full: choose Read more anew for every story"
    )
    parser.add_argument("--processes", type=int, help="with --full: how many processes (default: one a core)")
    parser.add_argument("--no-compress", action="store_true", help="with --full: no .br and .gz beside the files")
    parser.add_argument(
        "--tight",
        action="store_true",
        help="then pack the .br of each file as small as it gets (a worker does so by itself, up to 100 kB)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    if args.search:
        result: dict[str, float] = {"years": len(search.refresh())}
    else:
        with only_writer(wait=False):
            result = _full(args) if args.full else _waiting()
            if args.tight:
                with bar("Packing tight") as moved:
                    result["tightened"] = tightening.pack_all(Tree(settings.SITE_ROOT), moved)
    result["seconds"] = round(time.monotonic() - started, 3)
    if args.json:
        print(json.dumps(result))
    else:
        print(", ".join(f"{name}: {value}" for name, value in result.items()))
    return 0


def _full(args: argparse.Namespace) -> dict[str, float]:
    options = build_all.Options(not args.no_compress, args.processes, args.choose_again)
    with bar("Placing and building") as moved:
        placed, files = build_all.build_all(timezone.now(), options, progress=moved)
    return {"placed": placed, "files": files}


def _waiting() -> dict[str, float]:
    changes = written = removed = 0
    while (outcome := publish.publish(timezone.now())).changes:
        changes += outcome.changes
        written += len(outcome.written)
        removed += len(outcome.removed)
    batch = queue.take(site=True)
    if batch.rows:
        for _left in whole_site.site_slices(timezone.now()):
            pass
        queue.strike_off(batch)
    return {"changes": changes, "written": written, "removed": removed}
