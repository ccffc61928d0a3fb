"""The search indexes: those of one language and year are made anew when something in that year changed.

The words come from records, never from pages or drafts: what is taken down is gone with the next index of its year.
The indexer reads a folder of pages made for it alone. (Its Python service answers ten times a second at the most, so
records given to it one by one would take three hours for 100,000 stories.)
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db.models import Max, Sum
from pagefind.service import get_executable

from hectograph.desk import orphans
from hectograph.errors import Problem
from hectograph.newsroom.flows.read_more import texts
from hectograph.newsroom.flows.tree import Tree
from hectograph.newsroom.flows.windows import windows
from hectograph.press import records
from hectograph.press.records import ListKind
from hectograph.press.search import SearchRecord, indexes, page
from hectograph.stories.feed.lists import places
from hectograph.stories.feed.reader import Reader
from hectograph.stories.press_state import PlaceList

_AT_ONCE = 200
_STAMP = "stamp.json"
_FORM = 2  # of the folders: raised when indexes that stand must be made anew
_SCRATCH = "search-aside"
# The indexer takes about 70 bytes of memory a character and never more than one part at a time: below 700 MB.
PART_CHARACTERS = 9_000_000
_NOT_OURS = ("pagefind-*ui.*", "pagefind-highlight.js")  # the indexer's own search box, which our page doesn't use


class SearchProblem(Problem):
    """The search index could not be made. The site and its older index stand as they were."""


def refresh() -> list[tuple[str, str]]:
    """Index the years that have changed, one at a time; drop those in which nothing stands. Returns them."""
    settings.HECTO_HOME.mkdir(parents=True, exist_ok=True)
    done = []
    with open(settings.HECTO_HOME / "search.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(_scratch(), ignore_errors=True)  # a killed run's, with words that may be taken down since
        for language, _ in settings.LANGUAGES:
            done += _refresh_language(language)
    return done


def _refresh_language(language: str) -> list[tuple[str, str]]:
    stamps, done = _stamps(language), []
    for year, stamp in stamps.items():
        if _stamp_of(language, year) != stamp:
            index_year(_folder(language), language, int(year), _records(language, year), stamp=stamp)
            done.append((language, year))
    _drop_others(language, set(stamps))
    _list(language, sorted(stamps, reverse=True))
    return done


def _folder(language: str) -> Path:
    return Path(settings.SITE_ROOT) / "search" / language


def _scratch() -> Path:
    return Path(settings.HECTO_HOME) / _SCRATCH


def _stamps(language: str) -> dict[str, str]:
    """What each year's index should be made of: places given, stories standing, newest change."""
    months = PlaceList.objects.filter(kind=ListKind.MONTH, language=language).order_by()
    found = {}
    for year in sorted({key[:4] for key in months.values_list("key", flat=True)}):
        rows = months.filter(key__startswith=year)
        sums = rows.aggregate(Sum("next_number"), Sum("stories"), Max("changed_at"))
        if sums["stories__sum"]:
            found[year] = json.dumps({**sums, "form": _FORM}, default=str, sort_keys=True)
    return found


def _stamp_of(language: str, year: str) -> str:
    try:
        return (_folder(language) / year / _STAMP).read_text()
    except FileNotFoundError:
        return ""


def _records(language: str, year: str) -> Iterator[SearchRecord]:
    reader = Reader()
    for month in range(1, 13):
        ids = places(ListKind.MONTH, language, f"{year}-{month:02d}")
        for window in windows(ids, _AT_ONCE):
            yield from map(_record, reader.stories(window).values())
            reader.forget()


def _record(story: records.Story) -> SearchRecord:
    text = " ".join([story.standfirst, *texts(story.body)])
    return SearchRecord(story.path, story.headline, text, story.published, story.section.name)


def index_year(
    out_dir: Path,
    language: str,
    year: int,
    found: Iterable[SearchRecord],
    *,
    stamp: str = "",
    most: int = PART_CHARACTERS,
) -> None:
    """Make `out_dir/<year>/` anew, an index of at most about `most` characters in each of its folders `1`, `2`, …;
    all are made aside and put in place together: a reader finds the old ones or the new. `stamp` is kept with them."""
    aside = _scratch() / f"{language}-{year}"
    shutil.rmtree(aside, ignore_errors=True)
    made = aside / "made"
    made.mkdir(parents=True)
    try:
        for number, pages in enumerate(_parts(aside / "pages", language, found, most), start=1):
            _index(pages, made / str(number), language)
        (made / _STAMP).write_text(stamp)
        _put_in_place(made, out_dir / str(year))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _parts(folder: Path, language: str, found: Iterable[SearchRecord], most: int) -> Iterator[Path]:
    """Write the pages of one part after another into `folder`; it is yielded when a part is whole."""
    size = 0
    for record in found:
        file = folder / _inside(record.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(page(record, language))
        size += record.size
        if size >= most:
            yield folder
            shutil.rmtree(folder)
            size = 0
    if size:
        yield folder


def _inside(path: str) -> PurePosixPath:
    """`path`, which must not lead out of the folder that it is joined to."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts:
        raise SearchProblem("A story's address leads out of the site.", "Give that story another slug.")
    return parts


def _index(pages: Path, out: Path, language: str) -> None:
    command = orphans.bound(str(get_executable()), "--site", ".", "--output-path", str(out.resolve()))
    command += ["--force-language", language, "--keep-index-url"]
    # In the folder of pages, so that no settings file of the indexer's is found by accident.
    done = subprocess.run(command, cwd=pages, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise SearchProblem(
            "The search index could not be made.", "Make room on the disk, then run `hecto publish --search`."
        )
    for pattern in _NOT_OURS:
        for file in out.glob(pattern):
            file.unlink()
    tree = Tree(out)
    for file in [*out.glob("*.js"), *out.glob("*.json")]:
        data = file.read_bytes()
        file.unlink()
        tree.put(file.name, data)  # with its packed twins; everything else the indexer has packed itself


def _put_in_place(made: Path, home: Path) -> None:
    """Two renames, however far apart the disks of scratch and site are."""
    home.parent.mkdir(parents=True, exist_ok=True)
    new, old = home.with_name(f"{home.name}.new"), home.with_name(f"{home.name}.old")
    for path in (new, old):
        shutil.rmtree(path, ignore_errors=True)
    shutil.move(made, new)
    if home.exists():
        home.rename(old)
    new.rename(home)
    shutil.rmtree(old, ignore_errors=True)


def _drop_others(language: str, years: set[str]) -> None:
    folder = _folder(language)
    for path in folder.iterdir() if folder.exists() else ():
        if path.is_dir() and path.name not in years:
            shutil.rmtree(path)


def _list(language: str, years: list[str]) -> None:
    parts = [f"{year}/{part}" for year in years for part in _parts_of(_folder(language) / year)]
    Tree(Path(settings.SITE_ROOT)).put(f"search/{language}/indexes.json", indexes(parts))


def _parts_of(year: Path) -> list[str]:
    """The newest part first: stories come in by date."""
    return sorted((path.name for path in year.iterdir() if path.is_dir()), key=int, reverse=True)
