"""Cuts a WXR file into its items, each by itself: what is broken in one harms no other.

What is handed on is text in one encoding, without characters that XML forbids, without entities of the file's own, and
without texts that have no end. What had to be mended is counted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from hectograph.stories.importing.charset import encoding_of, mend

LONGEST_TEXT = 16 * 1024 * 1024  # characters of one CDATA section; the rest of a longer one is passed over
LARGEST_ITEM = 4 * 1024 * 1024  # characters of one item's tags: comments stand last, so a cut costs those
_CHUNK = 256 * 1024
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_OPEN, _CLOSE = "<![CDATA[", "]]>"
_LONGEST_TAG = 1000
_EDGE = re.compile(r"<item(?:\s[^<>]*)?>|</item\s*>|<\w+:author(?:\s[^<>]*)?>|</\w+:author\s*>")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


class Record(NamedTuple):
    """`text` is one element; `number` counts items from one (0 for an author); `whole`: it was closed in the file."""

    name: str  # item or author
    text: str
    number: int
    line: int
    whole: bool


@dataclass
class Found:
    """What the cutting saw so far: `strays` are characters of another encoding, `cut` texts that were too long."""

    encoding: str = "utf-8"
    items: int = 0
    strays: int = 0
    cut: int = 0


def records(file: BinaryIO, found: Found) -> Iterator[Record]:
    """The authors and items of the file in their order; a torn one at its end comes last, marked so."""
    maker = _Maker(found)
    for is_text, piece in _pieces(_decoded(file, found), found):
        if is_text:
            maker.text(piece)
        else:
            yield from maker.markup(piece)
    yield from maker.rest()


def _decoded(file: BinaryIO, found: Found) -> Iterator[str]:
    chunk = file.read(_CHUNK)
    found.encoding, mark = encoding_of(chunk)
    decoder = codecs.getincrementaldecoder(found.encoding)("hectograph-mend")
    chunk = chunk[mark:]
    while chunk:
        after = file.read(_CHUNK)
        text, strays = mend(_FORBIDDEN.sub("", decoder.decode(chunk, final=not after)))
        found.strays += strays + text.count("\ufffd")
        yield text
        chunk = after


def _pieces(chunks: Iterator[str], found: Found) -> Iterator[tuple[bool, str]]:
    """The file as pieces of markup (False) and whole CDATA sections (True, without their marks)."""
    text, section = "", _Section(found)
    for chunk in chunks:
        text += chunk
        while True:
            mark = _CLOSE if section.open else _OPEN
            place = text.find(mark)
            if place < 0:
                break
            if section.open:
                yield True, section.close(text[:place])
            else:
                yield False, text[:place]
                section.open = True
            text = text[place + len(mark) :]
        if section.open:
            text = section.take(text)
        else:
            end = _before_a_tag(text)
            yield False, text[:end]
            text = text[end:]
    yield section.open, section.close(text) if section.open else text


@dataclass
class _Section:
    """The CDATA section that is open, up to its limit."""

    found: Found
    open: bool = False
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def take(self, text: str) -> str:
        """Keep all of `text` but what may be the beginning of the section's end, and give that back."""
        end = max(len(text) - 2, 0)
        self._add(text[:end])
        return text[end:]

    def close(self, text: str) -> str:
        self._add(text)
        whole = "".join(self.parts)
        self.open, self.parts, self.length = False, [], 0
        return whole

    def _add(self, text: str) -> None:
        room = LONGEST_TEXT - self.length
        self.length += len(text)
        if 0 <= room < len(text):
            self.found.cut += 1
        if room > 0:
            self.parts.append(text[:room])


def _before_a_tag(text: str) -> int:
    """Where the text ends, without a tag that may go on in the next chunk."""
    start = text.rfind("<", max(len(text) - _LONGEST_TAG, 0))
    return len(text) if start < 0 or ">" in text[start:] else start


class _Maker:
    """Gathers pieces into records."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.name = ""
        self.parts: list[str] = []
        self.tags = 0  # characters of markup in the open record
        self.line, self.started = 1, 1

    def text(self, piece: str) -> None:
        self.line += piece.count("\n")
        if self.name and self.tags <= LARGEST_ITEM:
            self.parts += [_OPEN, piece, _CLOSE]

    def markup(self, piece: str) -> Iterator[Record]:
        place = 0
        for edge in _EDGE.finditer(piece):
            self._add(piece[place : edge.start()])
            place = edge.end()
            name = "item" if "item" in edge[0][:7] else "author"
            if edge[0].startswith("</"):
                yield from self._end(name)
            else:
                yield from self._begin(name)
        self._add(piece[place:])

    def rest(self) -> Iterator[Record]:
        if self.name:
            yield self._record(whole=False)

    def _add(self, piece: str) -> None:
        self.line += piece.count("\n")
        if not self.name or not piece:
            return
        room = LARGEST_ITEM - self.tags
        self.tags += len(piece)
        if 0 <= room < len(piece):
            self.found.cut += 1
        if room > 0:
            self.parts.append(_BARE.sub("&amp;", piece[:room]))

    def _begin(self, name: str) -> Iterator[Record]:
        if self.name == "item" and name == "author":
            return  # a tag of another's within an item
        if self.name:
            yield self._record(whole=False)
        self.name, self.parts, self.tags, self.started = name, [], 0, self.line
        self.found.items += name == "item"

    def _end(self, name: str) -> Iterator[Record]:
        if name == self.name:
            yield self._record(whole=True)

    def _record(self, *, whole: bool) -> Record:
        text = f"<{self.name}>{''.join(self.parts)}</{self.name}>"
        made = Record(self.name, text, self.found.items if self.name == "item" else 0, self.started, whole)
        self.name, self.parts = "", []
        return made
