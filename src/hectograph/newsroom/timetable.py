"""What the clock alone demands: scheduled stories, the 48-hour sitemap, a breaking line's end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command

from hectograph.desk import orphans
from hectograph.newsroom.access import traces
from hectograph.newsroom.flows import letter_site, next_letter, scrubbing
from hectograph.newsroom.flows.printing import Printing
from hectograph.newsroom.flows.publish import print_targets
from hectograph.newsroom.flows.tree import Tree
from hectograph.press.changes import Kind, Target
from hectograph.stories import uploads_given_up

_searching: list[subprocess.Popen[bytes]] = []
_last_run: dict[str, datetime] = {}


def run_due(now: datetime) -> None:
    """Run each job whose time has come."""
    for name, (every, job) in _JOBS.items():
        if name not in _last_run or abs(now - _last_run[name]) >= every:
            _last_run[name] = now
            job(now)


def _publish_scheduled(now: datetime) -> None:
    call_command("publish_scheduled", verbosity=0)


def _forget_uploads(now: datetime) -> None:
    uploads_given_up.forget(now)


def _forget_traces(now: datetime) -> None:
    traces.forget(now)


def _scrub(now: datetime) -> None:
    scrubbing.scrub_what_is_owed()


def _search(now: datetime) -> None:
    """In a process of its own, at the lowest priority: a publication never waits for it."""
    if not _searching or _searching[0].poll() is not None:
        hecto = [sys.executable, "-m", "hectograph.newsroom.command.main"]
        command = orphans.bound("nice", "-n", "19", *hecto, "publish", "--search")
        _searching[:] = [subprocess.Popen(command, stdout=subprocess.DEVNULL)]  # noqa: S603 (our own words alone)


def _clock_pages(now: datetime) -> None:
    """Pages that the clock alone changes; equal bytes are not written again."""
    printing = Printing(now)
    kinds = (Kind.FRONT, Kind.SUPPORT, Kind.SITEMAP_NEWS)
    targets = [Target(kind, language) for kind in kinds for language in printing.languages]
    print_targets(printing, [*targets, Target(Kind.CAMPAIGN)], Tree(settings.SITE_ROOT))


_JOBS: dict[str, tuple[timedelta, Callable[[datetime], None]]] = {
    "publish scheduled": (timedelta(seconds=5), _publish_scheduled),
    "forget uploads that were given up": (timedelta(hours=1), _forget_uploads),
    "forget traces of sign-ins": (timedelta(hours=1), _forget_traces),
    "letters on the site": (timedelta(seconds=2), letter_site.publish_those_out),
    "the next letter": (timedelta(minutes=10), next_letter.prepare_next),
    "forget what was taken down": (timedelta(minutes=1), _scrub),
    "search": (timedelta(minutes=5), _search),
    "clock pages": (timedelta(minutes=1), _clock_pages),
}
