"""A letter as plain frozen values. The mail and its web version are made from the same record.

`html` fields hold sanitised inline HTML; a link to a page of ours starts with `/` in them, as in `records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hectograph.press.records import Story, Twin


@dataclass(frozen=True, slots=True)
class LetterHeading:
    """The title of a section of the letter."""

    text: str


@dataclass(frozen=True, slots=True)
class LetterPick:
    """A story in the letter. `note` is the editor's, paragraphs of inline HTML; with `full` its whole text follows."""

    story: Story
    note: tuple[str, ...] = ()
    full: bool = False
    picture: bool = True


LetterEntry = LetterHeading | LetterPick


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter in one language. `day` is the day it is for, in the newsroom's zone; `published` is UTC."""

    newsletter: str
    name: str  # the newsletter's name, as readers know it
    language: str
    path: str
    title: str
    published: datetime
    preheader: str = ""
    introduction: tuple[str, ...] = ()  # paragraphs of inline HTML
    entries: tuple[LetterEntry, ...] = ()
    alert: bool = False
    archive: str = ""  # path of the newsletter's archive
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in its archive."""

    path: str
    title: str
    preheader: str
    published: datetime


@dataclass(frozen=True, slots=True)
class LetterArchive:
    """The letters of one newsletter in one language: the newest, or those of `year`, the newest first."""

    newsletter: str
    name: str
    language: str
    path: str
    rows: tuple[LetterRow, ...]
    feed: str  # path of the RSS file
    year: int = 0
    years: tuple[tuple[int, str], ...] = ()  # each with its path, the newest first
    twins: tuple[Twin, ...] = ()
