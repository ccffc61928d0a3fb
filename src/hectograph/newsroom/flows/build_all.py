"""Everything anew: what waits in the queue is taken in, what has no place gets one, and the whole site is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hectograph.newsroom.flows import publish, read_more, register_archive, whole_site
from hectograph.newsroom.flows.windows import windows
from hectograph.press.changes import Facts
from hectograph.stories import queue, registering
from hectograph.stories.feed.reader import Reader
from hectograph.stories.queue import Batch, Kind

_AT_ONCE = 100
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Options:
    """`compress`: with .br and .gz; `processes`: None is one a core; `choose_again`: *Read more* of every story."""

    compress: bool = True
    processes: int | None = None
    choose_again: bool = False


def build_all(now: datetime, options: Options, *, progress: Progress) -> tuple[int, int]:
    """Place and build everything; what waited before is struck off, for the whole site holds it. Returns how many
    stories were placed and how many files stand."""
    waiting = queue.take_all()
    take_in(waiting)
    placed = register_archive.register_all(progress=progress, choose_again=options.choose_again)
    files = whole_site.build(now, compress=options.compress, processes=options.processes, progress=progress)
    queue.strike_off(waiting)
    return placed, files


def take_in(batch: Batch) -> None:
    """Addresses and places of stories that had a place, and changed since or show what did; *Read more* of the former.
    No page is made."""
    changed = batch.of(Kind.STORY)
    showing = publish.stories_showing(batch) | publish.pages_showing(batch) | batch.of(Kind.PAGE)
    for window in windows(sorted(changed | showing), _AT_ONCE):
        held, reader = registering.placed(window), Reader()
        registering.register(sorted(held))
        read_more.choose(held & changed, reader)
        publish.note_what_is_shown(Facts(stories=held), reader)
