"""The last look at a body: a word that no block took up is named in the report, whatever the reason."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from hectograph.stories.importing.converted import Converted
from hectograph.stories.importing.inline import Element, spaced
from hectograph.stories.importing.walk import DROPPED, EMBEDS

_UNSEEN = DROPPED | EMBEDS  # whose words the report tells of already, or that were never read as text
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"</?(?:a|b|i|s|p|br|sub|sup|code)\b[^<>]*>")
_LINES = frozenset({"<br>", "<p>", "</p>"})
_MOST = 40  # words that are named; the rest is counted


def words_of(root: Element) -> list[str]:
    """The words of a body that a reader saw, each once, in their order."""
    return list(dict.fromkeys(_WORD.findall(spaced(root, without=_UNSEEN))))


def tell(told: list[str], done: Converted) -> None:
    """A gap for words of `told` that stand nowhere in the blocks."""
    kept = {word for text in _texts([block["value"] for block in done.blocks]) for word in _WORD.findall(text)}
    if missing := [word for word in told if word not in kept]:
        more = f" and {len(missing) - _MOST} more" if len(missing) > _MOST else ""
        done.gap(f"words that no block can hold: {' '.join(missing[:_MOST])}{more}")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield html.unescape(_TAG.sub(lambda tag: " " if tag[0] in _LINES else "", value)) if "<" in value else value
        yield html.unescape(value) if "&" in value else ""
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
