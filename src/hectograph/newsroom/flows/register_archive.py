"""Addresses, places and *Read more* for stories that have none yet: after an import, or before a first full build."""

from __future__ import annotations

from collections.abc import Callable

from hectograph.newsroom.flows import publish, read_more
from hectograph.newsroom.flows.windows import windows
from hectograph.press.changes import Facts
from hectograph.stories import addresses, registering
from hectograph.stories.feed.reader import Reader
from hectograph.stories.plain import PlainPage
from hectograph.stories.story import Story

_AT_ONCE = 500
Progress = Callable[[int, int | None], None]


def register_all(
    *, progress: Progress = lambda done, whole: None, choose: bool = True, choose_again: bool = False
) -> int:
    """Place every live story that has no place, oldest first, and (with `choose`) choose *Read more* for it; with
    `choose_again` for every story. Returns how many were placed."""
    new = registering.unregistered()
    for page in PlainPage.objects.filter(live=True).select_related("locale"):
        addresses.settle(page.pk, addresses.plain_path(page.locale.language_code, page.slug))
    done = 0
    for window in windows(new, _AT_ONCE):
        registering.register_new(window)
        done += len(window)
        progress(done, len(new) * 2)
    chosen = list(Story.objects.filter(live=True).values_list("pk", flat=True)) if choose_again else new
    if choose:
        read_more.choose_all(chosen, Reader(), progress=lambda some: progress(len(new) + some, len(new) + len(chosen)))
    for window in windows(chosen, _AT_ONCE):
        publish.note_what_is_shown(Facts(stories=set(window)), Reader())
    plains = set(PlainPage.objects.filter(live=True).values_list("pk", flat=True))
    publish.note_what_is_shown(Facts(plains=plains), Reader())
    return len(new)
