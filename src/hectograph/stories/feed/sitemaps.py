"""What sitemaps say of stories, as records. A month is read in a fixed number of questions, however full it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from wagtail.models import Page

from hectograph.press import records
from hectograph.press.records import ListKind
from hectograph.press.sitemap_records import MonthOfStories, NewsItem
from hectograph.stories import addresses
from hectograph.stories.feed.reader import Reader
from hectograph.stories.press_state import Address, PlaceList
from hectograph.stories.story import Story

_NEWS_LOOKED_AT = 1000  # the protocol's own limit of rows
_NEWS_AT_ONCE = 100
NEWS_SPAN = timedelta(hours=48)  # Google's news sitemap protocol

Twins = tuple[records.Twin, ...]


def month_of_stories(reader: Reader, language: str, month: str) -> MonthOfStories | None:
    """The rows of one month's sitemap, by place; None where nothing is left."""
    row = reader.lists.get((ListKind.MONTH, language, month))
    if row is None:
        return None
    within = row.places.values("story")
    stories = Story.objects.filter(pk__in=within, live=True).order_by()
    dates = stories.values_list("pk", "dated", "first_published_at", "last_published_at")
    changed = {pk: _modified(dated or first, last) for pk, dated, first, last in dates}
    paths = dict(Address.objects.filter(page__in=within, current=True).values_list("page", "path"))
    twins = _twins(reader, within, language)
    placed = row.places.order_by("number").values_list("story", flat=True)
    rows = tuple((paths[pk], changed[pk], twins.get(pk, ())) for pk in placed if pk in changed and pk in paths)
    return MonthOfStories(language, int(month[:4]), int(month[5:]), rows) if rows else None


def _twins(reader: Reader, within: Any, language: str) -> dict[int, Twins]:
    """By story of `within` (a query of ids): the live pages that say the same in other languages. Most stories of most
    newsrooms have none, so that those are read first."""
    if len(reader.languages) == 1:
        return {}
    own = [locale for locale, code in reader.languages.items() if code == language]
    here = Page.objects.filter(pk__in=within).order_by()
    others = Page.objects.filter(translation_key__in=here.values("translation_key"), live=True).order_by()
    found: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for pk, key, locale in others.exclude(locale__in=own).values_list("pk", "translation_key", "locale_id"):
        found[key].append((pk, locale))
    if not found:
        return {}
    paths = addresses.current(pk for group in found.values() for pk, _ in group)
    keys = here.filter(translation_key__in=list(found)).values_list("pk", "translation_key")
    return {pk: _by_language(reader, found[key], paths) for pk, key in keys}


def _by_language(reader: Reader, group: Iterable[tuple[int, int]], paths: dict[int, str]) -> Twins:
    twins = (records.Twin(reader.languages[locale], paths[pk]) for pk, locale in group if pk in paths)
    return tuple(sorted(twins, key=lambda twin: twin.language))


def _modified(published: datetime, last: datetime | None) -> datetime:
    return max(last or published, published)


def months_changed(language: str) -> list[tuple[str, datetime]]:
    """Each month that holds a story, and the newest change in it, oldest month first."""
    rows = PlaceList.objects.filter(kind=ListKind.MONTH, language=language, stories__gt=0).order_by("key")
    return [(key, at) for key, at in rows.values_list("key", "changed_at") if at]


def news(language: str, now: datetime) -> tuple[NewsItem, ...]:
    """The stories of the last 48 hours, newest first: looked for among the last places, until a hundred in a row are
    older."""
    latest = PlaceList.objects.filter(kind=ListKind.LATEST, language=language, key="").first()
    if latest is None:
        return ()
    recent = latest.places.order_by("-number").values_list("story", flat=True)
    rows: list[tuple[int, str, datetime]] = []
    for start in range(0, _NEWS_LOOKED_AT, _NEWS_AT_ONCE):
        live = Story.objects.filter(pk__in=list(recent[start : start + _NEWS_AT_ONCE]), live=True).order_by()
        dates = live.values_list("pk", "title", "dated", "first_published_at")
        fresh = [(pk, title, dated or first) for pk, title, dated, first in dates]
        fresh = [row for row in fresh if now - NEWS_SPAN < row[2] <= now]
        if not fresh:
            break
        rows += fresh
    paths = addresses.current(pk for pk, *_ in rows)
    items = [NewsItem(paths[pk], title, at) for pk, title, at in rows if pk in paths]
    return tuple(sorted(items, key=lambda item: (item.published, item.path), reverse=True))
