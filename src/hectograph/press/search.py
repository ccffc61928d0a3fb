"""What the search is made of: pages for the indexer, the small files beside its indexes, and the script."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib.resources import files

from hectograph.press.records import Card
from hectograph.press.schema import iso


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """A story as it is searched. `text` is plain; `path` is the story's own, and so is what a result leads to."""

    path: str
    title: str
    text: str
    date: datetime
    section: str = ""

    @property
    def size(self) -> int:
        """Characters to index."""
        return len(self.title) + len(self.text)


def page(record: SearchRecord, language: str) -> bytes:
    """The page that the indexer reads in the story's stead. A word of its heading counts for more than one below."""
    facts = {"date": iso(record.date), "section": record.section}
    metas = "".join(
        f'<meta data-pagefind-meta="{name}[content]" content="{escape(fact)}">' for name, fact in facts.items() if fact
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">{metas}</head>'
        f"<body data-pagefind-body><h1>{escape(record.title)}</h1><p>{escape(record.text)}</p></body></html>"
    ).encode(errors="replace")


def indexes(folders: Iterable[str]) -> bytes:
    """`indexes.json`: the folders of a language's indexes, as the page is to load them."""
    return json.dumps(list(folders), separators=(",", ":")).encode()


def recent(cards: Iterable[Card]) -> bytes:
    """The newest stories as JSON rows of path, headline, standfirst and date."""
    rows = [[card.path, card.headline, card.standfirst, iso(card.published)] for card in cards]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def script() -> bytes:
    """The search page's own script."""
    return (files("hectograph.press") / "assets" / "find.js").read_bytes()
