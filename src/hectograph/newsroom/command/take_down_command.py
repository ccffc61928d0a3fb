"""Take a story down for good: from the site, every list and feed, every revision, and the database's free pages."""

from __future__ import annotations

import argparse

from hectograph.newsroom.command import removing
from hectograph.newsroom.flows.take_down import take_down

HELP = "remove a story for good"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("story", help="its number, or its path on the site (en/2026/11/a-story.html)")
    parser.add_argument("--reason", default="", help="stands on the page that is left")
    parser.add_argument("--nothing", action="store_true", help="leave nothing at all, instead of an honest page")


def run(args: argparse.Namespace) -> int:
    gone = take_down(removing.story_number(args.story), reason=args.reason, leave_page=not args.nothing)
    removing.finish(gone)
    return 0
