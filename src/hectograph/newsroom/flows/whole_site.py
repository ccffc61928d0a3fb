"""The whole site: every target there is, newest stories first, by two processes where there are two cores.

It can be made in slices, so that a publish never waits behind it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from hectograph.desk import orphans
from hectograph.newsroom.flows import letter_site, media
from hectograph.newsroom.flows.printing import STORIES_AT_ONCE, Printing
from hectograph.newsroom.flows.tree import Tree
from hectograph.newsroom.flows.windows import windows
from hectograph.press.changes import Kind, Target
from hectograph.press.records import ListKind
from hectograph.stories import paging
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Address, PlaceList, Removal
from hectograph.stories.section import Section
from hectograph.stories.story import Story

SEARCH_FOLDER = "search/"
_NEW_BEFORE_GC = 50_000  # new objects between two looks for rubbish: records hold no circles
# SQLite reads this much of its file as memory, which all processes share: else it reads each page ten times.
_MAPPED = 64_000_000  # bytes
Progress = Callable[[int, int], None]  # done and in all, counted in targets


def all_targets(languages: list[str]) -> list[Target]:
    """Every target of the site: fronts first, then stories from the newest, then lists and the rest."""
    newest_first = Story.objects.filter(live=True).order_by("-pk").values_list("pk", flat=True)
    found = [Target(Kind.FRONT, language) for language in languages]
    found += [Target(Kind.STORY, key=str(pk)) for pk in newest_first.iterator()]
    found += [
        Target(Kind.PLAIN, key=str(pk)) for pk in PlainPage.objects.filter(live=True).values_list("pk", flat=True)
    ]
    found += [Target(Kind.REMOVAL, key=str(pk)) for pk in Removal.objects.values_list("pk", flat=True)]
    found += [Target(Kind.REDIRECT, key=path) for path in _old_paths()]
    for row in PlaceList.objects.order_by("pk"):
        found += _of_a_list(row)
    found += _section_fronts()
    found += letter_site.all_targets(languages)
    for language in languages:
        kinds = (
            Kind.SUPPORT,
            Kind.MONTHS,
            Kind.SITEMAP_PAGES,
            Kind.SITEMAP_NEWS,
            Kind.SEARCH,
            Kind.RECENT,
            Kind.NOT_FOUND,
        )
        found += [Target(kind, language) for kind in kinds]
    return list(dict.fromkeys([*found, Target(Kind.SITEMAP_INDEX), Target(Kind.ROBOTS), Target(Kind.CAMPAIGN)]))


def _section_fronts() -> list[Target]:
    rows = Section.objects.values_list("pk", "locale__language_code")
    return [Target(Kind.LIST, language, str(pk), ListKind.SECTION) for pk, language in rows]


def _old_paths() -> Iterator[str]:
    return Address.objects.filter(current=False).values_list("path", flat=True).iterator()


def _of_a_list(row: PlaceList) -> list[Target]:
    kind = ListKind(row.kind)
    if kind is ListKind.LATEST:
        return [Target(Kind.FEED, row.language)]
    numbers = range(paging.numbered_pages(row.next_number, paging.size(kind)) + 1)
    found = [Target(Kind.LIST, row.language, row.key, kind, number) for number in numbers]
    if kind is ListKind.SECTION:
        found.append(Target(Kind.FEED, row.language, row.key))
    if kind is ListKind.MONTH:
        found.append(Target(Kind.SITEMAP_MONTH, row.language, row.key))
    return found


def build(
    now: datetime,
    *,
    root: Path | None = None,
    compress: bool = True,
    processes: int | None = None,
    progress: Progress = lambda done, whole: None,
) -> int:
    """Build everything into `root` and take away what no longer belongs there. Returns how many files stand."""
    tree = Tree(root or settings.SITE_ROOT, compress=compress)
    tree.make()
    printing = Printing(now)
    targets = all_targets(printing.languages)
    paths: set[str] = set()
    shown: set[str] = set()
    done = 0
    for part, part_media, count in _parts(printing, tree, targets, processes or os.cpu_count() or 1):
        paths.update(part)
        shown.update(part_media)
        done += count
        progress(done, len(targets))
    media.bring(shown, tree)
    tree.sweep(paths | shown, spare=(SEARCH_FOLDER,))
    return len(paths)


Part = tuple[list[str], set[str], int]  # paths written, media they show, targets done


def _parts(printing: Printing, tree: Tree, targets: list[Target], processes: int) -> Iterator[Part]:
    slices = windows(targets, STORIES_AT_ONCE)
    if processes == 1:
        for one in slices:
            yield _print(printing, tree, one)
        return
    connections.close_all()  # a connection can't be shared with a fork
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, initializer=_start, initargs=(printing, tree)) as pool:
        yield from pool.imap_unordered(_print_slice, slices)


def _print(printing: Printing, tree: Tree, targets: list[Target]) -> Part:
    paths = []
    printing.read_ahead(targets)
    for path, data in printing.files(targets):
        if data is not None:
            tree.put(path, data)
            paths.append(path)
    shown, printing.media = printing.media, set()
    return paths, shown, len(targets)


_mine: list[tuple[Printing, Tree]] = []


def _start(printing: Printing, tree: Tree) -> None:
    orphans.end_with_starter()
    _mine[:] = [(printing, tree)]
    gc.freeze()  # what came with the fork stays shared, and is not looked through again
    gc.set_threshold(_NEW_BEFORE_GC)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA mmap_size={_MAPPED}")


def _print_slice(targets: list[Target]) -> Part:
    printing, tree = _mine[0]
    return _print(printing, tree, targets)


def site_slices(now: datetime) -> Iterator[int]:
    """Rebuild the site in place, a slice at each step; yields how many targets are left. Between two steps a publish
    may run. What stood before and was not made anew is taken away at the end."""
    tree, printing, started = Tree(settings.SITE_ROOT), Printing(now), time.time()
    targets, made = all_targets(printing.languages), set[str]()
    left = len(targets)
    for one in windows(targets, STORIES_AT_ONCE):
        paths, shown, count = _print(printing, tree, one)
        media.bring(shown, tree)
        made |= shown.union(paths)
        left -= count
        printing.reader.forget()
        yield left
    tree.sweep(made, spare=(SEARCH_FOLDER,), older_than=started)
