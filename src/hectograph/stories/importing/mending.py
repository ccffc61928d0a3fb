"""Makes a stream that an XML parser can read out of whatever an export holds: one encoding, no characters that XML
forbids, no text without end. What had to be mended is counted."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

LONGEST_TEXT = 16 * 1024 * 1024  # bytes of one CDATA section; the rest of a longer one is passed over
_CHUNK = 256 * 1024
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([\w.-]+)[\"'][^>]*\?>")
_OPEN, _CLOSE = "<![CDATA[", "]]>"


class MendedStream:
    """A readable stream in UTF-8. After the end `replaced` counts characters that could not be read, `cut` the texts
    that were too long, and `closed` the items that were closed in the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        first = file.read(_CHUNK)
        declared = _DECLARED.match(first)
        self._decoder = codecs.getincrementaldecoder(_encoding(declared[1] if declared else b"utf-8"))("replace")
        self._waiting = first[declared.end() :] if declared else first.removeprefix(codecs.BOM_UTF8)
        self._text, self._ready = "", b""
        self._inside, self._length = False, 0
        self.replaced = self.cut = self.closed = self.read_bytes = 0
        self.ended = False

    def read(self, size: int = -1) -> bytes:
        while not self._ready and not self.ended:
            self._more()
        size = len(self._ready) if size < 0 else size
        out, self._ready = self._ready[:size], self._ready[size:]
        return out

    def _more(self) -> None:
        chunk = self._waiting or self._file.read(_CHUNK)
        self._waiting = b""
        self.read_bytes += len(chunk)
        self.ended = not chunk
        text = _FORBIDDEN.sub("", self._decoder.decode(chunk, final=self.ended))
        self.replaced += text.count("\ufffd")
        self._text += text
        self._ready = self._limited().encode("utf-8", "replace")

    def _limited(self) -> str:
        """As much of the text as can be given on; CDATA sections lose what is over the limit. A few characters are
        held back, for a mark may stand across two chunks."""
        out: list[str] = []
        while True:
            mark = _CLOSE if self._inside else _OPEN
            place = self._text.find(mark)
            if place < 0:
                keep = 0 if self.ended else len(mark) + 8
                piece, self._text = self._text[: len(self._text) - keep], self._text[len(self._text) - keep :]
                out.append(self._piece(piece))
                return "".join(out)
            out.append(self._piece(self._text[:place]) + mark)
            self._text = self._text[place + len(mark) :]
            self._inside, self._length = not self._inside, 0

    def _piece(self, piece: str) -> str:
        if not self._inside:
            self.closed += piece.count("</item>")
            return piece
        room = LONGEST_TEXT - self._length
        self._length += len(piece)
        if self._length > LONGEST_TEXT and room >= 0:
            self.cut += 1
        return piece[: max(room, 0)]


def _encoding(name: bytes) -> str:
    try:
        return codecs.lookup(name.decode("ascii", "replace")).name
    except LookupError:
        return "utf-8"
