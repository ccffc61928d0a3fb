"""An item that can't be stored costs itself alone: the report says why, and the import goes on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError

from hectograph.errors import Problem, says_disk_full
from hectograph.stories.importing.report import Line

log = logging.getLogger(__name__)
_BAD_ITEM = (DatabaseError, ValidationError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@contextmanager
def told(line: Line, what: str, *, outcome: str) -> Iterator[None]:
    """What goes wrong within is a gap of `line`, whose outcome becomes `outcome`; `what` names what can't be stored.
    Raises Problem where the disk is full: then nothing else can be stored either."""
    try:
        yield
    except Problem as problem:
        line.outcome = outcome
        line.gaps.append(str(problem))
    except _BAD_ITEM as error:
        if isinstance(error, OperationalError) and says_disk_full(error):
            raise Problem("The disk is full.", "Make room and run the import again: it goes on here.") from error
        log.info("%s can't be stored", what, exc_info=True)
        line.outcome = outcome
        line.gaps.append(f"{what} can't be stored ({type(error).__name__}); HECTO_LOG_LEVEL=INFO tells more")
