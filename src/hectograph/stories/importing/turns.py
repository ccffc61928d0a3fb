"""An archive and editors write into one database: an item at a time, with a rest in which others come to their turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_REST = 0.05  # of the time an item took: whoever waits asks ten times a second, twenty seconds long


@contextmanager
def wholly_or_not() -> Iterator[None]:
    """A transaction and a short rest. SQLite has one writer at a time and no queue of them: taken up again at once, it
    would stay locked for an editor until the patience of the editor's request is at an end."""
    started = time.monotonic()
    with transaction.atomic():
        yield
    if connection.vendor == "sqlite":
        time.sleep((time.monotonic() - started) * _REST)
