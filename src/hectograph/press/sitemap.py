"""Sitemaps (sitemaps.org 0.9), with language twins, and the news sitemap of the last 48 hours; robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from hectograph.press.paths import absolute
from hectograph.press.records import Site, Twin
from hectograph.press.schema import iso
from hectograph.press.sitemap_records import MonthOfStories, NewsItem

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_NEWS_SPAN, _NEWS_MOST = timedelta(hours=48), 1000  # the news protocol's limits


def index(site: Site, entries: Iterable[tuple[str, datetime | None]]) -> bytes:
    """The list of all sitemaps; `entries` are their paths and newest changes."""
    rows = "".join(f"\n<sitemap>{_location(site, path)}{_changed(at)}</sitemap>" for path, at in entries)
    return f'{_HEAD}<sitemapindex xmlns="{_SITEMAP}">{rows}\n</sitemapindex>\n'.encode()


def month(site: Site, stories: MonthOfStories) -> bytes:
    """The stories of one month, each with its twins in other languages."""
    rows = "".join(
        f"\n<url>{_location(site, path)}{_changed(at)}{_twins(site, stories.language, path, twins)}</url>"
        for path, at, twins in stories.rows
    )
    return f'{_HEAD}<urlset xmlns="{_SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml">{rows}\n</urlset>\n'.encode()


def pages(site: Site, rows: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Fronts, lists and plain pages of one language: path and last change, None where it changes all the time."""
    urls = "".join(f"\n<url>{_location(site, path)}{_changed(at)}</url>" for path, at in rows)
    return f'{_HEAD}<urlset xmlns="{_SITEMAP}">{urls}\n</urlset>\n'.encode()


def news(site: Site, language: str, items: Iterable[NewsItem], *, now: datetime) -> bytes:
    """The news sitemap: stories of the 48 hours before `now`, a thousand at the most."""
    recent = [item for item in items if now - _NEWS_SPAN < item.published <= now][:_NEWS_MOST]
    name = escape(site.words(language).name)
    rows = "".join(
        f"\n<url>{_location(site, item.path)}<news:news><news:publication><news:name>{name}</news:name>"
        f"<news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{iso(item.published)}</news:publication_date>"
        f"<news:title>{escape(item.headline)}</news:title></news:news></url>"
        for item in recent
    )
    return f'{_HEAD}<urlset xmlns="{_SITEMAP}" xmlns:news="{_NEWS}">{rows}\n</urlset>\n'.encode()


def robots(site: Site) -> bytes:
    """Everyone may read everything; the sitemap is named."""
    return f"User-agent: *\nAllow: /\nDisallow: /lite/\nSitemap: {absolute(site, 'sitemap.xml')}\n".encode()


def _location(site: Site, path: str) -> str:
    return f"<loc>{escape(absolute(site, path))}</loc>"


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{iso(at)}</lastmod>" if at else ""


def _twins(site: Site, language: str, path: str, twins: tuple[Twin, ...]) -> str:
    if not twins:
        return ""
    pairs = [(language, path), *((twin.language, twin.path) for twin in twins)]
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(absolute(site, at))}/>' for code, at in pairs
    )
