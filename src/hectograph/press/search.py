"""The small files beside the search index: what is searched by title until the index is rebuilt, and the script."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files

from hectograph.press.records import Card
from hectograph.press.schema import iso


def recent(cards: Iterable[Card]) -> bytes:
    """The newest stories as JSON rows of path, headline, standfirst and date."""
    rows = [[card.path, card.headline, card.standfirst, iso(card.published)] for card in cards]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def script() -> bytes:
    """The search page's own script."""
    return (files("hectograph.press") / "assets" / "find.js").read_bytes()
