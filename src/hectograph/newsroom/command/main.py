"""Entry point of `hecto`. Each subcommand is a module of this folder with HELP, `arguments` and `run`."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

import django

from hectograph.newsroom import plainly

COMMANDS = (
    *("init", "demo", "serve", "work", "publish", "import", "take-down", "retire", "staff", "doctor"),
    *("keys", "desk", "readers", "letters", "bounces", "support"),
)
_EPILOG = "Exit codes: 0 done, 1 a problem that the message explains, 2 wrong arguments, 130 interrupted."


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The command line. Of the subcommands only the one that `words` ask for is loaded, where they ask for one: all of
    them take a quarter of a second."""
    made = argparse.ArgumentParser(
        prog="hecto", description="Hectograph: the press for newsrooms that must not be silenced.", epilog=_EPILOG
    )
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in set(words[:1]).intersection(COMMANDS) or COMMANDS:
        module = importlib.import_module(f"hectograph.newsroom.command.{name.replace('-', '_')}_command")
        sub = commands.add_parser(name, help=module.HELP, description=module.__doc__)
        module.arguments(sub)
        sub.set_defaults(run=module.run)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; a person sees a sentence, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hectograph.newsroom.settings")
    return plainly.run(lambda: _subcommand(argv))


def _subcommand(argv: Sequence[str] | None) -> int:
    gc.disable()  # nothing of what is loaded goes again: to look through it costs an eighth of the start
    try:
        django.setup()
        args = parser(sys.argv[1:] if argv is None else argv).parse_args(argv)
    finally:
        gc.enable()
    return int(args.run(args) or 0)


if __name__ == "__main__":
    sys.exit(main())
