"""Links as capabilities: signed by the newsroom, checked by any desk alone, naming nobody.

    1      1 byte   version
    purpose 1 byte
    until  4 bytes  hours since 1970, big-endian; checked by the desk
    number 16 bytes opaque: only the newsroom knows whose it is
    words           what the page must show, as ASCII: the language, then choices, parted by commas
    sig    64 bytes Ed25519 (RFC 8032) over a label and all before

Written in URL-safe base64 without padding.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_VERSION, _NUMBER, _SIGNATURE, _FIXED = 1, 16, 64, 22
_LABEL = b"hectograph capability"
LONGEST = 400  # characters


class Purpose(IntEnum):
    CONFIRM = 1
    LEAVE = 2
    PREFER = 3
    MANAGE = 4  # a plan of giving; words: its link epoch
    REMIND = 5  # yes, remind me
    FORGET = 6  # no reminder after all


@dataclass(frozen=True)
class Capability:
    """`until` is a moment in UTC, kept to the hour. `words` starts with the reader's language."""

    purpose: Purpose
    number: bytes
    until: datetime
    words: tuple[str, ...]

    @property
    def language(self) -> str:
        return self.words[0] if self.words else ""


def issue(key: Ed25519PrivateKey, capability: Capability) -> str:
    """The text that stands in a link."""
    return issuer(key, capability.purpose, capability.until, capability.words)(capability.number)


def issuer(key: Ed25519PrivateKey, purpose: Purpose, until: datetime, words: tuple[str, ...]) -> Callable[[bytes], str]:
    """Issues links that differ in nothing but their number."""
    hours = int(until.timestamp()) // 3600
    head, tail = bytes([_VERSION, purpose]) + hours.to_bytes(4, "big"), ",".join(words).encode("ascii")

    def about(number: bytes) -> str:
        body = head + number + tail
        return base64.urlsafe_b64encode(body + key.sign(_LABEL + body)).rstrip(b"=").decode()

    return about


def check(key: Ed25519PublicKey, text: str, now: datetime) -> Capability | None:
    """What a link allows; None for one that is forged, damaged or past its time."""
    raw, found = _decoded(text), read(text)
    if found is None:
        return None
    try:
        key.verify(raw[-_SIGNATURE:], _LABEL + raw[:-_SIGNATURE])
    except InvalidSignature:
        return None
    return found if now < found.until else None


def read(text: str) -> Capability | None:
    """What a link says, true or not: good for no more than to answer in its language."""
    body = _decoded(text)[:-_SIGNATURE]
    if len(body) < _FIXED or body[0] != _VERSION:
        return None
    try:
        until = datetime.fromtimestamp(int.from_bytes(body[2:6], "big") * 3600, UTC)
        words = tuple(body[_FIXED:].decode("ascii").split(",")) if body[_FIXED:] else ()
        return Capability(Purpose(body[1]), body[6:_FIXED], until, words)
    except (ValueError, OverflowError, OSError):
        return None


def _decoded(text: str) -> bytes:
    if len(text) > LONGEST:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
