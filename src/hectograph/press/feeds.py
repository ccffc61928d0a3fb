"""Full-text feeds: RSS 2.0 and Atom (RFC 4287). Nothing in them depends on the clock or on a reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from hectograph.press.paths import absolute
from hectograph.press.records import Feed, Site, Story
from hectograph.press.schema import iso

Body = Callable[[Story], str]  # a story's body as HTML with absolute links
# What XML 1.0 (§2.2) can't hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("", value))


def _attribute(value: str) -> str:
    return quoteattr(_NOT_XML.sub("", value))


def _newest_change(feed: Feed) -> datetime:
    """Atom needs one even where nothing stands yet (RFC 4287 §4.1.1), and the clock is not to be asked."""
    return max((story.modified for story in feed.stories), default=datetime(1970, 1, 1, tzinfo=UTC))


def _labels(story: Story) -> list[str]:
    return [story.section.name, *(topic.name for topic in story.topics)]


def _authors(site: Site, story: Story) -> list[str]:
    return [byline.name for byline in story.bylines] or [site.words(story.language).name]


def rss(site: Site, feed: Feed, body: Body) -> bytes:
    """RSS 2.0 with content:encoded. Dates are RFC 822 in English, whatever the feed's language."""
    items = "".join(_rss_item(site, story, body) for story in feed.stories)
    tagline = site.words(feed.language).tagline or feed.title
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{_text(feed.title)}</title><link>{_text(absolute(site, feed.page_path))}</link>"
        f"<description>{_text(tagline)}</description><language>{feed.language}</language>"
        f"<lastBuildDate>{format_datetime(_newest_change(feed))}</lastBuildDate>"
        f'<atom:link href={_attribute(absolute(site, feed.path))} rel="self" type="application/rss+xml"/>'
        f"{items}</channel></rss>\n"
    ).encode()


def _rss_item(site: Site, story: Story, body: Body) -> str:
    link = _text(absolute(site, story.path))
    creators = "".join(f"<dc:creator>{_text(name)}</dc:creator>" for name in _authors(site, story))
    labels = "".join(f"<category>{_text(name)}</category>" for name in _labels(story))
    return (
        f'\n<item><title>{_text(story.headline)}</title><link>{link}</link><guid isPermaLink="true">{link}</guid>'
        f"<pubDate>{format_datetime(story.published)}</pubDate>{creators}{labels}"
        f"<description>{_text(story.standfirst)}</description>"
        f"<content:encoded>{_text(body(story))}</content:encoded></item>"
    )


def atom(site: Site, feed: Feed, body: Body) -> bytes:
    """Atom 1.0; an entry's id is its permanent address."""
    own = absolute(site, feed.atom_path)
    entries = "".join(_atom_entry(site, story, body) for story in feed.stories)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language}"><title>{_text(feed.title)}</title>'
        f"<id>{_text(own)}</id><updated>{iso(_newest_change(feed))}</updated>"
        f'<link rel="self" type="application/atom+xml" href={_attribute(own)}/>'
        f'<link rel="alternate" type="text/html" href={_attribute(absolute(site, feed.page_path))}/>{entries}</feed>\n'
    ).encode()


def _atom_entry(site: Site, story: Story, body: Body) -> str:
    link = absolute(site, story.path)
    authors = "".join(f"<author><name>{_text(name)}</name></author>" for name in _authors(site, story))
    labels = "".join(f"<category term={_attribute(name)}/>" for name in _labels(story))
    return (
        f"\n<entry><title>{_text(story.headline)}</title><id>{_text(link)}</id>"
        f'<link rel="alternate" type="text/html" href={_attribute(link)}/><published>{iso(story.published)}</published>'
        f"<updated>{iso(story.modified)}</updated>{authors}{labels}"
        f'<summary>{_text(story.standfirst)}</summary><content type="html">{_text(body(story))}</content></entry>'
    )
