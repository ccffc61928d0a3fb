"""The block editor's notation: comments that say where a block begins and ends, blocks that posts share, footnotes.

Most blocks hold their HTML between two comments; those that a server would have drawn hold nothing, and are told of.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hectograph.stories.importing import classic
from hectograph.stories.importing.wxr_elements import plain

MARK = "<!-- wp: -->"  # stands before what was made of blocks: its line ends mean nothing
_BLOCK = re.compile(r"<!--\s*(/?)wp:([a-z][a-z0-9_/-]*)((?:(?!-->|<!--).)*?)(/?)-->", re.S)
_REF = re.compile(r'"ref"\s*:\s*"?(\d+)')
_URL = re.compile(r'"url"\s*:\s*("https?:[^"]*")')
_DEEPEST = 4  # shared blocks within shared blocks
_MOST = 8 * 1024 * 1024  # characters that shared blocks may make of one post
_LONGEST_SAID = 1000  # characters of a block that is told of
_SILENT = {"more", "nextpage", "spacer", "separator", "core/more", "core/nextpage", "core/spacer"}


def whole(body: str, reusable: dict[str, str], footnotes: str, notes: list[str]) -> str:
    """The body without comments: shared blocks in their place, text outside of blocks with its paragraphs, footnotes
    at their place or at the end. A classic body comes back as it is."""
    if "wp:" not in body or not _BLOCK.search(body):
        return body
    made = _Body(reusable, _footnotes(footnotes), notes)
    out = made.read(body, 0)
    return MARK + out + (made.footnotes if made.footnotes else "")


class _Body:
    def __init__(self, reusable: dict[str, str], footnotes: str, notes: list[str]) -> None:
        self.reusable, self.footnotes, self.notes = reusable, footnotes, notes
        self.length = 0

    def read(self, body: str, depth: int) -> str:
        out: list[str] = []
        open_blocks: list[str] = []
        place = 0
        for found in _BLOCK.finditer(body):
            out.append(self._between(body[place : found.start()], open_blocks))
            place = found.end()
            closing, name, attributes, alone = found.groups()
            if closing:
                if name in open_blocks:
                    del open_blocks[open_blocks.index(name) :]
            elif alone:
                out.append(self._alone(name, attributes, depth))
            else:
                open_blocks.append(name)
        out.append(self._between(body[place:], open_blocks))
        return "".join(out)

    def _between(self, text: str, open_blocks: list[str]) -> str:
        classic_text = not open_blocks or open_blocks[-1] in ("freeform", "core/freeform")
        return classic.paragraphs(text) if classic_text and text.strip() else text

    def _alone(self, name: str, attributes: str, depth: int) -> str:
        """A block without HTML of its own."""
        if name in ("block", "core/block"):
            return self._shared(attributes, depth)
        if name in ("footnotes", "core/footnotes"):
            made, self.footnotes = self.footnotes, ""
            return made
        if address := _URL.search(attributes):
            url = html.escape(_text_of(address[1]), quote=True)
            return f'<p><a href="{url}">{url}</a></p>'
        if name in _SILENT:
            return "<hr>" if name.endswith("separator") else ""
        said = " · ".join(dict.fromkeys(_words_in(attributes)))[:_LONGEST_SAID]
        self.note(f"the block “{name}”, which WordPress fills by itself, was taken out{said and f'; it said: {said}'}")
        return ""

    def _shared(self, attributes: str, depth: int) -> str:
        number = _REF.search(attributes)
        key = number[1] if number else ""
        text = self.reusable.get(key, "")
        self.length += len(text)
        if not text or depth >= _DEEPEST or self.length > _MOST:
            self.note(f"a block that posts share (number {key or 'unknown'}) is not in the file")
            return ""
        return self.read(text, depth + 1)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _words_in(attributes: str) -> Iterator[str]:
    """What writers typed into the fields of a block that has no HTML of its own."""
    with suppress(ValueError, RecursionError):
        yield from _texts(json.loads(attributes.strip() or "{}"))


def _texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, str(name))
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, key)
    elif isinstance(value, str) and not key.startswith("_"):
        text = plain(value)
        if " " in text and not text.startswith(("http", "{", "var:")) and key not in ("className", "style"):
            yield text


def _text_of(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return quoted.strip('"')


def _footnotes(stored: str) -> str:
    """The footnotes that WordPress keeps beside a post, as a list in their order."""
    try:
        rows = json.loads(stored or "[]")
    except ValueError:
        return ""
    kept = [str(row.get("content") or "") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    items = "".join(f"<li>{content}</li>" for content in kept)
    return f"<ol>{items}</ol>" if items else ""
