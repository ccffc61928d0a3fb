"""WordPress's own notations turned into plain HTML: paragraphs made by empty lines, marks and block comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hectograph.stories.importing import shortcodes
from hectograph.stories.importing.shortcodes import Told

WHOLE = "<!-- whole -->"  # stands before HTML that has no notation of WordPress's in it
# Hostile bodies repeat an opening without end: each pattern stops at the next opening, so that time grows with length.
_BLOCK_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.S)
_IS_BLOCKS = re.compile(r"<!--\s?wp:")
_MORE = re.compile(r"<!--\s?(more|nextpage)\b[^<>]*-->")
_PRE = re.compile(r"<(pre|script|style|textarea)\b(?:(?!<\1\b).)*?</\1>", re.S | re.I)
_BLOCK_TAG = re.compile(
    r"(</?(?:p|div|section|article|aside|h[1-6]|ul|ol|li|dl|dt|dd|blockquote|figure|figcaption|table|thead|tbody|tfoot|tr|td|th|"
    r"caption|hr|address|form|fieldset|iframe|object|video|audio|center|details|summary)\b[^<>]*>)",
    re.I,
)
_INNER = re.compile(r"^</?(?:li|dt|dd|tr|td|th|thead|tbody|tfoot|caption|figcaption|summary)\b", re.I)
_HOLDS = re.compile(r"^</?(?:div|section|article|aside|blockquote|address|form|fieldset|center|details|hr)\b", re.I)
_URL_LINE = re.compile(r"^[ \t]*(https?://\S{1,2000})[ \t]*$", re.M)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def prepare(body: str, told: Told, attached: Sequence[str] = ()) -> str:
    """Plain HTML of a post's body, classic or made of blocks. `attached` are the pictures that were uploaded for it:
    a gallery that names none shows those."""
    if body.startswith(WHOLE):
        return _BLOCK_COMMENT.sub("", body).replace("<!--", "")
    blocks = bool(_IS_BLOCKS.search(body))
    body = _MORE.sub("\n\n", _CONTROL.sub("", body))
    body = shortcodes.plain(body, told, attached)
    body = _BLOCK_COMMENT.sub("", body).replace("<!--", "")  # a comment without end would hide the rest
    return body if blocks else paragraphs(body)


def paragraphs(body: str) -> str:
    """Empty lines part paragraphs, single ones break lines; block elements and preformatted text stay as they are."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\n\n\x01{len(kept) - 1}\x02\n\n"

    text = _PRE.sub(keep, body.replace("\r\n", "\n").replace("\r", "\n"))
    text = _URL_LINE.sub(lambda found: f"\n\n{shortcodes.linked(found[1])}\n\n", text)
    text = _BLOCK_TAG.sub(lambda found: _parted(found[1]), text)
    parts = [_wrapped(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return re.sub("\x01(\\d+)\x02", lambda found: kept[int(found[1])], "".join(parts))


def _parted(tag: str) -> str:
    """A tag with the empty lines that part it from what is beside it; what holds other blocks stands alone."""
    if _INNER.match(tag):
        return tag
    if _HOLDS.match(tag):
        return f"\n\n{tag}\n\n"
    return f"{tag}\n\n" if tag.startswith("</") else f"\n\n{tag}"


def _wrapped(part: str) -> str:
    if part.startswith(("<!--", "\x01")) or _BLOCK_TAG.match(part):
        return part
    return f"<p>{part}</p>".replace("\n", "<br>")
