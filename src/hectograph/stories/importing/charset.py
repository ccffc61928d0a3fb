"""In which encoding an export really is, whatever it says of itself."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,40})[\"']")
_HIGH = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(rb"[\xc0-\xff]{3,}")  # Cyrillic words look like this in windows-1251
_PLANE = 0xF0000
_STRAY = re.compile("[\U000f0000-\U000f00ff]")
_WRONG_ALREADY = 0.2  # of the bytes beyond ASCII: from here on the whole file is of another encoding


def encoding_of(first: bytes) -> tuple[str, int]:
    """The encoding of a file that begins with `first`, and how many bytes of mark to pass over.

    A mark (BOM) is believed first, then what the file declares, unless much of it is no UTF-8 although it says so:
    then it is windows-1251 or windows-1252, whichever its letters look like.
    """
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name, len(mark)
    declared = _DECLARED.search(first[:2000])
    name = _known(declared[1] if declared else b"utf-8")
    return (_single_byte(first) if name == "utf-8" and _is_not_utf8(first) else name), 0


def _known(name: bytes) -> str:
    try:
        found = codecs.lookup(name.decode("ascii", "replace")).name
    except LookupError:
        return "utf-8"
    return "utf-8" if found.startswith(("utf-16", "utf-32")) else found  # it was read, so it is not that


def _is_not_utf8(data: bytes) -> bool:
    beyond = len(_HIGH.findall(data))
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    return wrong > 20 and wrong > beyond * _WRONG_ALREADY


def _single_byte(data: bytes) -> str:
    in_words = sum(len(word) for word in _WORD.findall(data))
    return "cp1251" if in_words * 2 > len(_HIGH.findall(data)) else "cp1252"


def _marked(error: UnicodeError) -> tuple[str, int]:
    """Each byte that can't be read becomes a character of a private plane, so that it can be counted and mended."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_PLANE + byte) for byte in error.object[error.start : error.end]), error.end


def mend(text: str) -> tuple[str, int]:
    """The text with its stray bytes read as windows-1252, which some program pasted them from; and their number."""
    strays = _STRAY.findall(text)
    if not strays:
        return text, 0
    return _STRAY.sub(lambda found: bytes([ord(found[0]) - _PLANE]).decode("cp1252", "replace"), text), len(strays)


codecs.register_error("hectograph-mend", _marked)
