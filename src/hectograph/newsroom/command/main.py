"""Entry point of `hecto`. Each subcommand is a module of this folder with HELP, `arguments` and `run`."""

from __future__ import annotations

import argparse
import errno
import importlib
import logging
import os
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from hectograph.errors import Problem
from hectograph.newsroom import database_errors

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
    try:
        django.setup()
        args = parser().parse_args(argv)
        return int(args.run(args) or 0)
    except (Problem, ImproperlyConfigured) as problem:
        print(f"hecto: {problem}", file=sys.stderr)
    except DatabaseError as error:
        logging.getLogger(__name__).info("database", exc_info=True)
        print(f"hecto: {database_errors.explained(error)}", file=sys.stderr)
        print("HECTO_LOG_LEVEL=INFO tells more.", file=sys.stderr)
    except OSError as error:
        logging.getLogger(__name__).info("disk", exc_info=True)
        print(f"hecto: {_of_the_disk(error)}", file=sys.stderr)
    except EOFError:  # Ctrl-D where something is asked
        print("hecto: No answer came. Run the command again.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _of_the_disk(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Make room, then run the command again: it goes on where it stopped."
    which = f" {error.filename}" if isinstance(error.filename, (str, os.PathLike)) else ""
    why = error.strerror or type(error).__name__
    return f"A file can't be used{which} ({why}). See that it is there, and that this account may use it."


if __name__ == "__main__":
    sys.exit(main())
