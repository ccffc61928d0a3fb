"""Running a command: whoever types it sees a sentence, never a traceback."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from hectograph.errors import Problem
from hectograph.newsroom import database_errors

log = logging.getLogger(__name__)


def run(command: Callable[[], int]) -> int:
    """The exit code of `command`: its own; 1 where a problem was said; 130 where it was interrupted."""
    try:
        return command()
    except (Problem, ImproperlyConfigured) as problem:
        _say(problem)
    except DatabaseError as error:
        log.info("database", exc_info=True)
        _say(database_errors.explained(error))
        print("HECTO_LOG_LEVEL=INFO tells more.", file=sys.stderr)  # noqa: T201 (a command's work is to print)
    except OSError as error:
        log.info("disk", exc_info=True)
        _say(_of_the_disk(error))
    except EOFError:  # Ctrl-D where something is asked
        _say("No answer came. Run the command again.")
    except KeyboardInterrupt:
        return 130
    return 1


def _say(words: object) -> None:
    print(f"hecto: {words}", file=sys.stderr)  # noqa: T201 (the same)


def _of_the_disk(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Make room, then run the command again: it goes on where it stopped."
    which = f" {error.filename}" if isinstance(error.filename, (str, os.PathLike)) else ""
    why = error.strerror or type(error).__name__
    return f"A file can't be used{which} ({why}). See that it is there, and that this account may use it."
