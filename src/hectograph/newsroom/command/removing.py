"""The end that take-down and retirement share: the site follows, the database forgets, and the rest is listed."""

from __future__ import annotations

import time

from django.utils import timezone
from wagtail.models import Page

from hectograph.errors import Problem
from hectograph.newsroom import heartbeat
from hectograph.newsroom.flows import publish, scrubbing, search
from hectograph.newsroom.flows.take_down import Gone
from hectograph.newsroom.worker import only_writer
from hectograph.stories import queue
from hectograph.stories.press_state import Address

_PATIENCE = 120  # seconds in which a running worker must get on with the queue


def story_number(text: str) -> int:
    """The story's number, from itself or from a path on the site."""
    if text.isdigit():
        return int(text)
    row = Address.objects.filter(path=text.strip("/")).first()
    if row is None:
        raise Problem("No story has this address.", "Give its number, or its path as in en/2026/11/a-story.html.")
    return row.page


def finish(gone: Gone) -> None:
    """Work the queue (or let the running worker), scrub the database, and say what is left to look at."""
    _work_queue()
    search.refresh()
    scrubbing.scrub()
    print(f"Done. Also removed: {gone.photos} photos, {gone.bylines} bylines that stood nowhere else.")
    if gone.kept_photos:
        print(f"Photos kept because other pages show them: {', '.join(map(str, gone.kept_photos))}.")
    if gone.letters:
        print(
            f"It went out with {len(gone.letters)} letter(s); their web versions are without it. Readers may be told."
        )
    for words in gone.letter_mentions:
        print(f"Look at the letter {words}: it speaks of it in its own words.")
    for page in Page.objects.filter(pk__in=gone.mentions):
        print(f"Look at page {page.pk}: it links to it or holds the same words.")


def _work_queue() -> None:
    if not heartbeat.is_alive(timezone.now()):
        with only_writer(wait=False):
            while publish.publish(timezone.now()).changes:
                pass
        return
    wait_for_the_worker()


def wait_for_the_worker() -> None:
    """Until it has worked the queue, however long that is, while it gets on. An archive and the whole site are not
    waited for: what is made of them holds nothing that is gone."""
    fewest, deadline = queue.waiting_for_pages(), time.monotonic() + _PATIENCE
    while left := queue.waiting_for_pages():
        if left < fewest:
            fewest, deadline = left, time.monotonic() + _PATIENCE
        if time.monotonic() > deadline:
            raise Problem("The worker does not get on.", "Look at `hecto doctor`, then run this again.")
        time.sleep(0.1)
