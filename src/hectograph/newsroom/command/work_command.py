"""Run the worker: it publishes what editors publish, rebuilds the site beside that, and keeps the timetable."""

from __future__ import annotations

import argparse

from hectograph.newsroom.worker import Worker

HELP = "run the worker (press queue, scheduled stories)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: the queue says what to do."""


def run(args: argparse.Namespace) -> int:
    Worker().run()
    return 0
