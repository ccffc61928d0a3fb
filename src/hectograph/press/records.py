"""What the press can show, as plain frozen values. A preview uses the same records, so a preview is what readers get.

Times are aware and in UTC. Paths are relative to the site's root and have no leading slash
(`en/2026/11/a-story.html`). `html` fields hold sanitised inline HTML; a link to another page of the site starts with
`/` in them (`href="/en/2026/11/a-story.html"`), and the press turns it into one that works in any folder of any host.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hectograph.press.support_records import Giving as Giving
from hectograph.press.support_records import Support as Support


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a photo. `path` is site-relative; `width` and `height` are pixels; `format` is avif, webp or jpeg."""

    path: str
    width: int
    height: int
    format: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is used in one place: the caption is that use's own.

    `renditions` keep the picture's shape; `crops` are 3:2 around its focal point, for cards.
    """

    id: int
    alt: str
    caption: str
    credit: str
    licence: str = ""
    reusable: bool = False
    renditions: tuple[Rendition, ...] = ()
    crops: tuple[Rendition, ...] = ()


@dataclass(frozen=True, slots=True)
class Byline:
    """A name on a story; never an account. `path` is empty for one without a page."""

    id: int
    name: str
    path: str = ""
    about: str = ""
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Section:
    id: int
    name: str
    path: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    id: int
    name: str
    path: str


class CorrectionKind(StrEnum):
    CORRECTION = "correction"  # something was wrong
    CLARIFICATION = "clarification"  # something was right and easily misread
    UPDATE = "update"  # something happened since


@dataclass(frozen=True, slots=True)
class Correction:
    kind: CorrectionKind
    at: datetime
    html: str


@dataclass(frozen=True, slots=True)
class Card:
    """A story as it stands in a list, under *Read more* or inside another story."""

    id: int
    path: str
    headline: str
    standfirst: str
    published: datetime
    kicker: str = ""
    section: str = ""
    photo: Photo | None = None


# --- the blocks of a body, in reading order -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 2  # 2 or 3


@dataclass(frozen=True, slots=True)
class Quote:
    html: str
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class PullQuote:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]  # inline HTML
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    photo: Photo


@dataclass(frozen=True, slots=True)
class Gallery:
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class FactBox:
    title: str
    html: str  # whole paragraphs and lists


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]  # plain text cells
    caption: str = ""
    header: bool = True  # the first row is a header


@dataclass(frozen=True, slots=True)
class Preformatted:
    text: str


@dataclass(frozen=True, slots=True)
class Divider:
    pass


@dataclass(frozen=True, slots=True)
class LetterHere:
    """The editor's own place for the letter's sign-up box; without one the press finds the middle."""


@dataclass(frozen=True, slots=True)
class RelatedLink:
    card: Card


@dataclass(frozen=True, slots=True)
class Download:
    """A PDF of the newsroom's own."""

    title: str
    path: str
    size: int  # bytes


Block = (
    Paragraph
    | Heading
    | Quote
    | PullQuote
    | Bullets
    | Picture
    | Gallery
    | FactBox
    | Table
    | Preformatted
    | Divider
    | LetterHere
    | RelatedLink
    | Download
)


# --- pages --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Twin:
    """The same page in another language."""

    language: str
    path: str


@dataclass(frozen=True, slots=True)
class Story:
    id: int
    language: str
    path: str
    headline: str
    standfirst: str
    published: datetime
    modified: datetime
    section: Section
    body: tuple[Block, ...]
    kicker: str = ""
    place: str = ""
    lead: Photo | None = None
    bylines: tuple[Byline, ...] = ()
    staff: bool = False  # signed "Staff", whoever wrote it
    topics: tuple[Topic, ...] = ()
    corrections: tuple[Correction, ...] = ()
    read_more: tuple[Card, ...] = ()
    sensitive: bool = False  # no ask for support stands beside it
    twins: tuple[Twin, ...] = ()
    removed_at: datetime | None = None  # set: an honest page stands where the story stood, and nothing of it is shown
    removed_because: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """About, Privacy policy, How to read us: a page that is no news."""

    id: int
    language: str
    path: str
    title: str
    body: tuple[Block, ...]
    modified: datetime
    twins: tuple[Twin, ...] = ()


class ListKind(StrEnum):
    LATEST = "latest"  # every story of a language
    SECTION = "section"
    TOPIC = "topic"
    BYLINE = "byline"
    MONTH = "month"
    CORRECTIONS = "corrections"  # stories that carry one


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. `number` 0 is the list's front, which shows its newest; 1 is the oldest page, for ever."""

    kind: ListKind
    language: str
    path: str
    title: str
    cards: tuple[Card, ...]
    number: int = 0
    description: str = ""
    photo: Photo | None = None
    older: str = ""  # path of the next older page, empty at the end
    newer: str = ""
    feed: str = ""  # path of the list's RSS feed
    twins: tuple[Twin, ...] = ()
    corrections: tuple[tuple[Card, Correction], ...] = ()  # only in the corrections list


@dataclass(frozen=True, slots=True)
class MonthIndex:
    """The archive's way in: every month that holds a story."""

    language: str
    path: str
    months: tuple[tuple[int, int, str, int], ...]  # year, month, path, how many stories


@dataclass(frozen=True, slots=True)
class BreakingLine:
    text: str
    path: str  # a site path or an absolute URL; may be empty
    until: datetime


@dataclass(frozen=True, slots=True)
class Front:
    language: str
    path: str
    leads: tuple[Card, ...]
    latest: tuple[Card, ...]
    breaking: BreakingLine | None = None
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Newsletter:
    """One that can be asked for."""

    slug: str
    name: str
    promise: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """The newsletter's sign-up box. Without `action` it says it isn't connected yet; `preview` is a path or empty."""

    title: str = ""
    text: str = ""
    action: str = ""
    preview: str = ""
    second_action: str = ""  # another desk's, for when the first is blocked
    key: str = ""  # hexadecimal: what browsers seal to; without one the desk seals
    watched_hosts: tuple[str, ...] = ()
    newsletters: tuple[Newsletter, ...] = ()  # with two or more of them the form asks which


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on every page of one language."""

    language: str
    name: str
    tagline: str
    menu: tuple[Section, ...]
    front: str  # path of the language's front page
    message_title: str = ""  # the newsroom's message to its readers
    message: tuple[str, ...] = ()  # its paragraphs, plain text
    letter: Letter = Letter()
    giving: Giving = field(default_factory=Giving)
    notice: str = ""  # designated-organisation notice, empty where none is owed
    footer: str = ""
    about: str = ""  # paths of the plain pages that every page links to; empty where not written yet
    privacy: str = ""
    how_to_read: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """One versioned record of what stands everywhere. A change of it rebuilds the site in the background."""

    base_url: str  # scheme and host of the newsroom's own domain, no trailing slash
    languages: tuple[Words, ...]  # the first is the default
    time_zone: str = "UTC"  # IANA name
    support: Support = field(default_factory=Support)
    lite: bool = True  # also make pages without pictures
    version: int = 1

    def words(self, language: str) -> Words:
        """The words of `language`; KeyError where the site doesn't speak it."""
        for words in self.languages:
            if words.language == language:
                return words
        raise KeyError(language)


@dataclass(frozen=True, slots=True)
class Redirect:
    """An old address and where it leads now: a site path, or an address elsewhere."""

    path: str
    target: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A full-text feed: newest first. `path` is the RSS file's; the Atom one stands beside it."""

    language: str
    path: str
    atom_path: str
    page_path: str  # the HTML page that it follows
    title: str
    stories: tuple[Story, ...]
