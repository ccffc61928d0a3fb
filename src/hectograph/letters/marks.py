"""What editors type in introductions and notes: plain text, an empty line between paragraphs, and three marks.

`**strong**`, `*emphasis*`, `[words](address)`; an address that stands alone is a link, too. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from markupsafe import escape

_LINK = re.compile(r"\[([^\]\n]+)\]\(([^\s()]+(?:\([^\s()]*\))?)\)")
_BARE = re.compile(r"(?<![\w/\"'(>])(https?://[^\s<>\"()]+(?:\([^\s<>\"()]*\)|[^\s<>\".,;:!?()»”]))")
_STRONG = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
_EMPHASIS = re.compile(r"(?<!\*)\*(\S(?:[^*\n]*\S)?)\*(?!\*)")


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of `text` as inline HTML, everything escaped but the marks."""
    return tuple(_inline(part) for part in _parts(text))


def links(text: str) -> list[str]:
    """Every address that `text` links to, in order."""
    found = [(match.start(), match[2]) for match in _LINK.finditer(text)]
    rest = _LINK.sub(lambda match: " " * len(match[0]), text)
    found += [(match.start(), match[1]) for match in _BARE.finditer(rest)]
    return [address for _, address in sorted(found)]


def is_safe(address: str) -> bool:
    """Whether a reader may be led to `address`: a page of ours, https, http or mailto."""
    if address.startswith("/") and not address.startswith("//"):
        return True
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (parts.scheme in ("https", "http") and bool(parts.hostname)) or parts.scheme == "mailto"


def _parts(text: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        if stripped := part.strip():
            yield stripped


def _inline(part: str) -> str:
    pieces, last = [], 0
    for match in _LINK.finditer(part):
        pieces += [_without_links(part[last : match.start()]), _anchor(match[2], _worded(match[1]))]
        last = match.end()
    return "".join([*pieces, _without_links(part[last:])])


def _without_links(text: str) -> str:
    pieces, last = [], 0
    for match in _BARE.finditer(text):
        pieces += [_worded(text[last : match.start()]), _anchor(match[1], str(escape(match[1])))]
        last = match.end()
    return "".join([*pieces, _worded(text[last:])])


def _worded(text: str) -> str:
    safe = str(escape(text))
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", safe)).replace("\n", "<br>")


def _anchor(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{words}</a>' if is_safe(address) else words
