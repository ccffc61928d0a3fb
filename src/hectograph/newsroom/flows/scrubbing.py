"""Clears what a disk still remembers of deleted words: free pages of the database, its journal, the search tables."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from wagtail.models import Revision

from hectograph.errors import Problem
from hectograph.newsroom.flows.tree import Tree
from hectograph.press.paths import atom_path, feed_path, lite_path
from hectograph.press.records import ListKind
from hectograph.stories import addresses
from hectograph.stories.feed.photos import media_path
from hectograph.stories.plain import PlainPage
from hectograph.stories.story import Story

log = logging.getLogger(__name__)
_SEARCH_TABLES = ("modelsearch_indexentry_fts", "wagtailsearch_indexentry_fts")
_TRIES, _PAUSE = 40, 0.25
_MARK = "scrub-owed"  # in HECTO_HOME, a file a debt


def remove_files(paths: Iterable[str], root: Path | None = None) -> None:
    """Take the pages at `paths` away at once, before the queue is worked."""
    tree = Tree(root or settings.SITE_ROOT)
    for path in paths:
        tree.remove(path)
        tree.remove(lite_path(path))


def remove_media(names: Iterable[str], root: Path | None = None) -> None:
    """Take pictures away from the site; `names` are paths in MEDIA_ROOT."""
    tree = Tree(root or settings.SITE_ROOT)
    for name in names:
        tree.remove(media_path(name))


def remove_list(kind: ListKind, slug: str, root: Path | None = None) -> None:
    """Take away every page and feed of a list whose section, topic or byline is gone: its address was its name."""
    tree = Tree(root or settings.SITE_ROOT)
    for language, _ in settings.LANGUAGES:
        front = addresses.list_path(kind, language, slug)
        for path in (front, feed_path(language, front), atom_path(language, front)):
            tree.remove(path)
        for page in (tree.root / front.removesuffix(".html")).glob("*.html"):
            tree.remove(str(page.relative_to(tree.root)))


def pages_with(words: Iterable[str]) -> list[int]:
    """Pages, published or draft, in whose text one of `words` stands as it is."""
    found: set[int] = set()
    for text in words:
        if len(text.strip()) < 3:
            continue
        raw = Story.objects.annotate(raw=Cast("body", TextField()))
        plain = PlainPage.objects.annotate(raw=Cast("body", TextField()))
        standing = Q(title__icontains=text) | Q(raw__icontains=text)
        found |= set(raw.filter(standing | Q(standfirst__icontains=text)).values_list("pk", flat=True))
        found |= set(plain.filter(standing).values_list("pk", flat=True))
        drafts = Revision.objects.annotate(raw=Cast("content", TextField())).filter(raw__icontains=text)
        found |= {int(pk) for pk in drafts.values_list("object_id", flat=True) if pk.isdigit()}
    return sorted(found)


def owe() -> None:
    """Note that the database's file remembers what it must forget: whatever ends us before, the worker goes on. Each
    debt is a mark of its own: a scrub that runs meanwhile may have passed it already."""
    (Path(settings.HECTO_HOME) / f"{_MARK}-{uuid.uuid4().hex}").touch()


def scrub() -> None:
    """Rewrite the database's file without what was deleted, and empty its journal.

    Raises Problem where another process keeps it from finishing; what was deleted stays deleted then.
    """
    if not _owed():
        owe()
    paid = _owed()
    if connection.vendor == "sqlite":
        _scrub_sqlite()
    else:
        _scrub_postgresql()
    for mark in paid:
        mark.unlink(missing_ok=True)


def scrub_what_is_owed() -> None:
    """For the worker: after a scrub that found the database busy, or was killed. It may be busy again."""
    if owed_since() is None:
        return
    try:
        scrub()
    except (Problem, DatabaseError) as error:
        log.warning("the database's file still remembers what was taken down: %s", type(error).__name__)


def owed_since() -> datetime | None:
    """Since when the database's file remembers what it must forget; None where it owes nothing."""
    since: list[float] = []
    for mark in _owed():
        with suppress(FileNotFoundError):  # paid meanwhile
            since.append(mark.stat().st_mtime)
    return datetime.fromtimestamp(min(since), UTC) if since else None


def _owed() -> list[Path]:
    return list(Path(settings.HECTO_HOME).glob(f"{_MARK}*"))


def _scrub_sqlite() -> None:
    with connection.cursor() as cursor:
        for table in set(_SEARCH_TABLES) & set(connection.introspection.table_names(cursor)):
            cursor.execute(f"INSERT INTO {table}({table}) VALUES('rebuild')")
            cursor.execute(f"INSERT INTO {table}({table}) VALUES('optimize')")
        cursor.execute("VACUUM")
        for _ in range(_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_ = cursor.fetchone()
            if not busy:
                return
            time.sleep(_PAUSE)
    raise Problem(
        "The database's journal could not be emptied: another process is reading all the time.",
        "To be done with it sooner, stop the admin for a moment.",
    )


def _scrub_postgresql() -> None:
    """PostgreSQL's files are not ours to prove; its dead rows are rewritten all the same."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("stories_", "wagtail", "modelsearch_")):
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")
