"""What any archive holds, in one form for all importers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture (or other file) that the archive names; the file itself is not in it. `parent` is the number of the
    post that it was uploaded for."""

    id: str
    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A post or page. `status` is publish, draft, future, private or protected; `where` names it in the report."""

    kind: str  # post or page
    source: str  # wordpress:old.example:123
    where: str
    title: str
    slug: str
    status: str
    body: str  # HTML
    excerpt: str = ""
    date: datetime | None = None
    modified: datetime | None = None
    old_urls: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    featured: str = ""  # id of an attachment, or a URL
    featured_alt: str = ""
    featured_caption: str = ""
    attached: tuple[str, ...] = ()  # ids of attachments that were uploaded for it
    comments: int = 0
    language: str = ""  # where the archive tells
    twins: str = ""  # items with the same say the same in other languages
    notes: tuple[str, ...] = ()  # what the reader of the file had to mend


@dataclass
class Contents:
    """What a first pass over an archive finds. `left` counts kinds and states that don't come in; `not_ours` names
    those items among them that someone may miss."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    attached: dict[str, list[str]] = field(default_factory=dict)  # post → attachments uploaded for it
    authors: dict[str, str] = field(default_factory=dict)  # login → name to show
    reusable: dict[str, str] = field(default_factory=dict)  # number → body of a block that posts share
    left: dict[str, int] = field(default_factory=dict)
    not_ours: list[str] = field(default_factory=list)
    items: int = 0
    problems: list[str] = field(default_factory=list)
