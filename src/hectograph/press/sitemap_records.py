"""What a sitemap says of stories, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hectograph.press.records import Twin


@dataclass(frozen=True, slots=True)
class MonthOfStories:
    """Rows of one sitemap: path, last change, twins."""

    language: str
    year: int
    month: int
    rows: tuple[tuple[str, datetime, tuple[Twin, ...]], ...]


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A row of the news sitemap."""

    path: str
    headline: str
    published: datetime
