"""Progress bars on a terminal; silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Moved = Callable[[int, int | None], None]  # done, and in all where that is known


@contextmanager
def bar(title: str) -> Iterator[Moved]:
    """A bar with count and time left on standard error."""
    if not sys.stderr.isatty():
        yield lambda done, whole: None
        return
    from rich import console, progress  # noqa: PLC0415 (where no bar is shown, none is loaded)

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console.Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=None)
        yield lambda done, whole: shown.update(task, completed=done, total=whole)
