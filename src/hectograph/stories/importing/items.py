"""What any archive holds, in one form for all importers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Attachment:
    """A picture (or other file) that the archive names; the file itself is not in it."""

    id: str
    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Item:
    """A post or page. `status` is publish, draft, future, private or protected; `where` names it in the report."""

    kind: str  # post or page
    source: str  # wordpress:123
    where: str
    title: str
    slug: str
    status: str
    body: str  # HTML
    excerpt: str = ""
    date: datetime | None = None
    modified: datetime | None = None
    old_url: str = ""
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    featured: str = ""  # id of an attachment, or a URL
    comments: int = 0
    notes: tuple[str, ...] = ()  # what the reader of the file had to mend


@dataclass
class Contents:
    """What a first pass over an archive finds."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)  # login → name to show
    left: dict[str, int] = field(default_factory=dict)  # kinds and states that are counted and left
    items: int = 0
    problems: list[str] = field(default_factory=list)
