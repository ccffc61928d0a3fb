"""Run the worker: it publishes what editors publish, rebuilds the site beside that, and keeps the timetable. Or, with
--opener, the one process that holds the readers' keys."""

from __future__ import annotations

import argparse

from hectograph.newsroom import opener_account
from hectograph.newsroom.opener import Opener, open_vault
from hectograph.newsroom.worker import Worker

HELP = "run the worker (press queue, scheduled stories), or the opener"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--opener", action="store_true", help="instead: fetch from desks, open, send small mails")


def run(args: argparse.Namespace) -> int:
    if args.opener:
        Opener(open_vault()).run()
    else:
        opener_account.keep_out()
        Worker().run()
    return 0
