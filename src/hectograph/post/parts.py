"""A mail taken apart within bounds: whatever comes in, this neither raises nor grows.

Only the first 768 KB are looked at (what a system has to say comes before the mail that it sends back), at most sixty
parts, and nothing deeper than twelve levels.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message

LOOKED_AT = 768 * 1024
_MOST_PARTS, _MOST_SECTIONS, _DEEPEST, _MOST_BOUNDARIES = 60, 300, 12, 40
_LONGEST_TEXT, _LONGEST_HEADER = 64 * 1024, 2000  # characters
_TAGS = re.compile(r"<br\b[^<>]{0,500}>|</(?:p|div|tr|td|h\d|li)>|<[a-z/!][^<>]{0,2000}>", re.IGNORECASE)
_UNSEEN = ("style", "script", "head")
_LONG_TYPE = re.compile(rb"\ncontent-type:(?:[^\n]|\n[ \t]){2000}", re.IGNORECASE)  # takes the library seconds to read


@dataclass(frozen=True)
class Part:
    """`kind` is the media type in lower case. `inside` says that it belongs to a mail that was sent along."""

    kind: str
    message: Message
    inside: bool

    @property
    def text(self) -> str:
        return text_of(self.message, self.kind)


def parse(raw: bytes) -> Message:
    """The mail as the standard library reads it; one that is too deep or too odd becomes its headers and flat text."""
    cut = raw[:LOOKED_AT].lstrip(b"\r\n")
    if b"\n" not in cut:  # lines as the oldest Macintosh wrote them
        cut = cut.replace(b"\r", b"\n")
    if cut.startswith(b"From ") or cut.startswith(b">From "):
        cut = cut.partition(b"\n")[2]
    if cut.lower().count(b"boundary=") <= _MOST_BOUNDARIES and not _LONG_TYPE.search(b"\n" + cut):
        with suppress(Exception):  # the parser has raised on broken input before, each time with another error
            return message_from_bytes(cut, policy=policy.compat32)
    head, _, body = cut.partition(b"\n\n") if b"\n\n" in cut else cut.partition(b"\r\n\r\n")
    flat = Message()
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head).decode("latin-1").splitlines()[:200]:
        name, _, value = line.partition(":")
        if value and not name.lower().startswith("content-") and re.fullmatch(r"[!-9;-~]{1,80}", name):
            flat[name] = value.strip()
    flat.set_payload(body.decode("utf-8", "replace"))
    return flat


def parts(message: Message) -> list[Part]:
    """The leaves of a mail and of what was sent along, in order."""
    found: list[Part] = []
    for part in _walk(message, 0, inside=False):
        found.append(part)
        if len(found) >= _MOST_PARTS:
            break
    return found


def _walk(message: Message, depth: int, *, inside: bool) -> Iterator[Part]:
    kind = _kind(message)
    children = message.get_payload()
    if not isinstance(children, list):
        torn = kind.startswith("multipart/")  # its boundary is nowhere: all of it is one text
        yield Part("text/plain" if torn else kind, message, inside)
        return
    if kind.startswith("message/") or kind == "text/rfc822-headers":
        yield Part(kind, message, inside)
    if depth < _DEEPEST:
        within = inside or kind in ("message/rfc822", "message/global")
        for child in children:
            if isinstance(child, Message):
                yield from _walk(child, depth + 1, inside=within)


def _kind(message: Message) -> str:
    with suppress(Exception):
        return message.get_content_type().lower()
    return "text/plain"


def header(message: Message, name: str) -> str:
    """A header's words on one line, encoded words read; empty where there is none."""
    wanted = name.lower()
    raw = next((str(value) for own, value in message.raw_items() if own.lower() == wanted), "")[:_LONGEST_HEADER]
    raw = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # bytes that should have been encoded
    if "=?" in raw:
        with suppress(Exception):
            raw = str(make_header(decode_header(raw)))
    return " ".join(raw.split())


def text_of(message: Message, kind: str) -> str:
    """The text of a leaf; HTML without its tags. Charsets that are unknown or lied about cost single letters."""
    payload = message.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(_flat(child) for child in payload[:_MOST_SECTIONS] if isinstance(child, Message))
    with suppress(Exception):
        raw = message.get_payload(decode=True)
        if isinstance(raw, bytes):
            return _plain(_decoded(raw[: _LONGEST_TEXT * 4], message), kind)
    return str(payload or "")[:_LONGEST_TEXT]


def _flat(message: Message) -> str:
    lines = [f"{name}: {header(message, name)}" for name in list(message.keys())[:100]]
    payload = message.get_payload()
    return "\n".join([*lines, "", payload if isinstance(payload, str) else ""])[:_LONGEST_TEXT]


def _decoded(raw: bytes, message: Message) -> str:
    with suppress(Exception):
        named = message.get_content_charset()
        if named and named not in ("us-ascii", "ascii"):
            return raw.decode(named, "replace")
    return raw.decode("utf-8", "replace")


def _plain(text: str, kind: str) -> str:
    if kind == "text/html" or re.match(r"\s*<(?:html|!doctype)", text, re.IGNORECASE):
        text = html.unescape(_TAGS.sub(_gap, _seen(text[:_LONGEST_TEXT])))
    return text[:_LONGEST_TEXT]


def _seen(text: str) -> str:
    """HTML without what browsers don't show. One pass for each name; what is not closed stays."""
    for name in _UNSEEN:
        kept, at, low = [], 0, text.lower()
        for found in re.finditer(rf"<{name}\b", text, re.IGNORECASE):
            end = low.find(f"</{name}>", found.start()) if found.start() >= at else -2
            if end == -1:
                break
            if end >= 0:
                kept.append(text[at : found.start()])
                at = end + len(name) + 3
        text = "".join([*kept, text[at:]])
    return text


def _gap(tag: re.Match[str]) -> str:
    if re.fullmatch(r"<[^\s<>]+@[^\s<>]+>", tag[0]):
        return tag[0]  # an address in angle brackets, which somebody forgot to escape
    return "\n" if re.match(r"<br|</", tag[0], re.IGNORECASE) else ""
