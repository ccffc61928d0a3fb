"""Run a desk from its one file, or write that file (in the newsroom, where the keys are)."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from hectograph.desk import serving
from hectograph.newsroom import opener
from hectograph.newsroom.flows import desks

HELP = "run a desk, or write its configuration"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, help="where desk.toml is (default: HECTO_HOME/desk)")
    parser.add_argument("--configure", action="store_true", help="write desk.toml and the pages; needs the keys")
    parser.add_argument("--address", help=f"how the newsroom reaches it (as before; at first http://{desks.HERE})")
    parser.add_argument("--listen", help=f"where it listens (as before; at first {desks.HERE})")
    parser.add_argument("--checking", action="store_true", help="take cards for the checks of docs/sandbox-checks.md")
    parser.add_argument("--second-door", metavar="URL", help="another desk, ending in a slash (as before)")


def run(args: argparse.Namespace) -> int:
    folder = args.folder or settings.HECTO_HOME / "desk"
    if args.configure:
        where = {"address": args.address, "listen": args.listen, "second_door": args.second_door}
        where |= {"checking": args.checking}
        file = desks.configure(opener.open_vault(), folder, **where)
        print(f"Wrote {file.name} and the pages. Copy the folder to the desk's host and run `hecto desk FOLDER` there.")
        return 0
    serving.run(folder / "desk.toml")
    return 0
