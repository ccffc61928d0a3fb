"""One reader's copy: the letter's bytes with that reader's values put into its slots; and proof that this is the mail
that a slow, careful composer would have made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from hectograph.errors import Problem
from hectograph.post import quoted
from hectograph.post.compiled import MARKS, OF_MARK, SHARED, Compiled, Slot

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,400}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_LINE = 998  # RFC 5321 §4.5.3.1.6, without CRLF


class SpliceProblem(Problem):
    """A copy can't be made, or is not the mail that was approved. Nothing is sent."""


class Values(NamedTuple):
    """One reader's own; `date` and `message_id` as they stand in their headers. Plain tuples: one is made for each
    reader."""

    to: str
    date: str
    message_id: str
    leave: str
    leave_mail: str


class Bound:
    """A letter with its hosts set: what is left is each reader's own. Made once a sending."""

    def __init__(self, pieces: tuple[bytes, ...], slots: tuple[tuple[str, bool], ...]) -> None:
        self._parts = [part for piece in pieces for part in (piece, b"")][:-1]  # each reader's own stands between
        self._quoted = sorted({name for name, in_body in slots if in_body})
        self._places = [self._place(name, in_body) for name, in_body in slots]

    def _place(self, name: str, in_body: bool) -> int:
        """Where a slot's text stands among those of `write`: as it is, or behind these as the body has it."""
        return len(Values._fields) + self._quoted.index(name) if in_body else Values._fields.index(name)

    def write(self, reader: Values) -> bytes:
        """The copy for `reader`: CRLF, no line begins with a dot, ends with CRLF and without the closing dot."""
        return b"".join(self.pieces(reader))

    def pieces(self, reader: Values) -> list[bytes]:
        """The same in pieces, to be written one behind the other: what all share is not copied."""
        texts = [value.encode("ascii") for value in reader]
        texts += [quoted_token(getattr(reader, name).encode("ascii")) for name in self._quoted]
        parts = self._parts.copy()
        parts[1::2] = [texts[place] for place in self._places]
        return parts


def quoted_token(raw: bytes) -> bytes:
    """A token of letters, digits, hyphens and underscores on lines of its own; what else comes goes the long way."""
    if b"." in raw or b"=" in raw or raw[:1] == b"F":
        return quoted.value(raw.decode("ascii"))
    return b"=\r\n".join(_chunks(raw))


def _chunks(raw: bytes) -> list[bytes]:
    chunks = [raw[at : at + 74] for at in range(0, len(raw), 74)]
    return [b"=46" + chunk[1:] if chunk[:1] == b"F" else chunk for chunk in chunks]


def bind(letter: Compiled, *, site: str, links: str) -> Bound:
    """Set the two addresses that links stand on (`https://courier.example`); each on a host that was approved."""
    shared = {Slot.SITE: _base(letter, site), Slot.LINKS: _base(letter, links)}
    pieces, slots = [b""], list[tuple[str, bool]]()
    for in_body, data in ((False, letter.head), (True, letter.body)):
        text = data.decode("ascii")
        rest = 0
        for found in MARKS.finditer(text):
            pieces[-1] += text[rest : found.start()].encode()
            slot, rest = OF_MARK[found[0]], found.end()
            if slot in SHARED:
                pieces[-1] += quoted.value(shared[slot]) if in_body else shared[slot].encode()
            else:
                slots.append((slot.value, in_body))
                pieces.append(b"")
        pieces[-1] += text[rest:].encode()
    if not slots:
        raise SpliceProblem("The letter has no slots.", "Compile it anew.")
    return Bound(tuple(pieces), tuple(slots))


def _base(letter: Compiled, address: str) -> str:
    parts = urlsplit(address)
    if parts.netloc not in letter.link_hosts:
        raise SpliceProblem(
            "Links would stand on a host that was not approved.", "Add it to the letter's hosts and approve it again."
        )
    plain = parts.path or parts.query or parts.fragment or parts.username or _CONTROL.search(address)
    if plain or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        raise SpliceProblem("An address for links is not understood.", "Write it like https://courier.example.")
    return address


def prove(letter: Compiled, reader: Values, *, site: str, links: str) -> None:
    """Whether the fast copy for `reader` says just what a slow one says. A SpliceProblem where it does not."""
    fast = bind(letter, site=site, links=links).write(reader)
    _look_over_lines(fast)
    if not _TOKEN.fullmatch(reader.leave):
        raise SpliceProblem("A reader's link is not a token.", "Nothing was sent.")
    values = {Slot(name): value for name, value in reader._asdict().items()} | {Slot.SITE: site, Slot.LINKS: links}
    read = _parsed(fast)
    if MARKS.search(fast.decode("ascii")) or read.defects:
        raise SpliceProblem("A copy of the letter came out damaged.", "Compile it anew; nothing was sent.")
    if _said(read) != _filled(_said(_parsed(letter.head + letter.body)), values):
        raise SpliceProblem("A copy of the letter differs from what was approved.", "Nothing was sent.")


def _look_over_lines(message: bytes) -> None:
    lines = message.split(b"\r\n")
    if any(b"\r" in line or b"\n" in line or len(line) > _LONGEST_LINE or line[:1] == b"." for line in lines):
        raise SpliceProblem("A line of the letter could be taken for something else.", "Nothing was sent.")
    if lines[-1]:
        raise SpliceProblem("The letter's last line does not end.", "Nothing was sent.")


def _parsed(message: bytes) -> EmailMessage:
    # The default class of this policy is EmailMessage; typeshed says Message.
    return cast(EmailMessage, message_from_bytes(message, policy=SMTP))  # type: ignore[redundant-cast, unused-ignore]


def _said(message: EmailMessage) -> list[str]:
    """All that a mail says: its headers unfolded, its parts decoded."""
    said = [f"{name}: {_unfolded(message, name)}" for name in message]
    for part in message.walk():
        if not part.is_multipart():
            data = cast(bytes, part.get_payload(decode=True))
            said += [part.get_content_type(), data.decode("utf-8")]
    return said


def _unfolded(message: EmailMessage, name: str) -> str:
    raw = next(value for key, value in message.raw_items() if key == name)
    return str(raw).replace("\r\n", "")


def _filled(said: list[str], values: Mapping[Slot, str]) -> list[str]:
    return [MARKS.sub(lambda found: values[OF_MARK[found[0]]], text) for text in said]
