"""The search index: one a language and year, made anew when something in that year changed.

The words come from records, never from pages or drafts: what is taken down is gone with the next index of its year.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Sum
from pagefind.index import IndexConfig, PagefindIndex

from hectograph.newsroom.flows.read_more import texts
from hectograph.newsroom.flows.tree import Tree
from hectograph.press import records
from hectograph.press.records import ListKind
from hectograph.press.schema import iso
from hectograph.stories.feed.lists import places
from hectograph.stories.feed.reader import Reader
from hectograph.stories.press_state import PlaceList

_AT_ONCE = 200
_STAMP = "stamp.json"


def refresh() -> list[tuple[str, str]]:
    """Index the years that have changed, one at a time; drop those in which nothing stands. Returns them."""
    settings.HECTO_HOME.mkdir(parents=True, exist_ok=True)
    done = []
    with open(settings.HECTO_HOME / "search.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for language, _ in settings.LANGUAGES:
            stamps = _stamps(language)
            for year, stamp in stamps.items():
                if _stamp_of(language, year) != stamp:
                    _make(language, year, stamp)
                    done.append((language, year))
            _drop_others(language, set(stamps))
            _list(language, sorted(stamps, reverse=True))
    return done


def _folder(language: str) -> Path:
    return Path(settings.SITE_ROOT) / "search" / language


def _stamps(language: str) -> dict[str, str]:
    """What each year's index should be made of: places given, stories standing, newest change."""
    months = PlaceList.objects.filter(kind=ListKind.MONTH, language=language).order_by()
    found = {}
    for year in sorted({key[:4] for key in months.values_list("key", flat=True)}):
        rows = months.filter(key__startswith=year)
        sums = rows.aggregate(Sum("next_number"), Sum("stories"), Max("changed_at"))
        if sums["stories__sum"]:
            found[year] = json.dumps(sums, default=str, sort_keys=True)
    return found


def _stamp_of(language: str, year: str) -> str:
    try:
        return (_folder(language) / year / _STAMP).read_text()
    except FileNotFoundError:
        return ""


def _make(language: str, year: str, stamp: str) -> None:
    """Made aside, then put in place: a reader finds the old index or the new one."""
    aside = Path(settings.HECTO_HOME) / f"search-{language}-{year}"
    shutil.rmtree(aside, ignore_errors=True)
    asyncio.run(_index(aside, language, _stories(language, year)))
    (aside / _STAMP).write_text(stamp)
    home = _folder(language) / year
    home.parent.mkdir(parents=True, exist_ok=True)
    old = home.with_name(f"{year}.old")
    shutil.rmtree(old, ignore_errors=True)
    if home.exists():
        home.rename(old)
    shutil.move(aside, home)
    shutil.rmtree(old, ignore_errors=True)


def _stories(language: str, year: str) -> Iterator[records.Story]:
    reader = Reader()
    for month in range(1, 13):
        ids = places(ListKind.MONTH, language, f"{year}-{month:02d}")
        for start in range(0, len(ids), _AT_ONCE):
            yield from reader.stories(ids[start : start + _AT_ONCE]).values()
            reader.forget()


async def _index(folder: Path, language: str, stories: Iterator[records.Story]) -> None:
    async with PagefindIndex(IndexConfig(output_path=str(folder), force_language=language)) as index:
        while batch := await asyncio.to_thread(_some, stories):
            for story in batch:
                await index.add_custom_record(
                    url=f"/{story.path}",
                    content=" ".join([story.headline, story.standfirst, *texts(story.body)]),
                    language=language,
                    meta={"title": story.headline, "date": iso(story.published)},
                )
        await index.write_files()


def _some(stories: Iterator[records.Story]) -> list[records.Story]:
    return [story for _, story in zip(range(_AT_ONCE), stories, strict=False)]


def _drop_others(language: str, years: set[str]) -> None:
    folder = _folder(language)
    for path in folder.iterdir() if folder.exists() else ():
        if path.is_dir() and path.name not in years:
            shutil.rmtree(path)


def _list(language: str, years: list[str]) -> None:
    Tree(Path(settings.SITE_ROOT)).put(f"search/{language}/indexes.json", json.dumps(years).encode())
