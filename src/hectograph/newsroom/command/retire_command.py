"""Retire a byline: take the name off every story, feed and list, and out of every revision."""

from __future__ import annotations

import argparse

from hectograph.errors import Problem
from hectograph.newsroom.command import removing
from hectograph.newsroom.flows.take_down import retire
from hectograph.stories.byline import Byline

HELP = "take a byline off everything"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("byline", nargs="?", help="its slug or number")
    parser.add_argument("--list", action="store_true", help="show all bylines")


def run(args: argparse.Namespace) -> int:
    if args.list or not args.byline:
        for row in Byline.objects.order_by("slug").prefetch_related("names"):
            print(f"{row.pk}\t{row.slug}\t{row.all_names()}")
        return 0
    found = Byline.objects.filter(slug=args.byline).first()
    if found is None and args.byline.isdigit():
        found = Byline.objects.filter(pk=int(args.byline)).first()
    if found is None:
        raise Problem("There is no such byline.", "`hecto retire --list` shows them.")
    removing.finish(retire(found.pk))
    return 0
