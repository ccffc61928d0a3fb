"""Entry point of `hecto`. Each subcommand is a module of this folder with HELP, `arguments` and `run`."""

from __future__ import annotations

import argparse
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


def parser() -> argparse.ArgumentParser:
    """The command line, with every subcommand's own help."""
    made = argparse.ArgumentParser(
        prog="hecto", description="Hectograph: the press for newsrooms that must not be silenced.", epilog=_EPILOG
    )
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
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
    django.setup()
    args = parser().parse_args(argv)
    return int(args.run(args) or 0)


if __name__ == "__main__":
    sys.exit(main())
