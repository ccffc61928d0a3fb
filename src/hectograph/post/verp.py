"""Names that come back to us: the return path of a bounce (VERP), the Message-ID, the address that one leaves by.

    b+{edition}.{reader}.{mac}@domain          the envelope's sender: what bounces is addressed to
    <e.{edition}.{reader}.{mac}@domain>        the Message-ID: the second key, for bounces that come another way
    leave+{reader}.{mac}@domain                List-Unsubscribe's mailto

The edition is in base 36 (0 for small mails), the reader an opaque number of 16 bytes, the MAC the first ten bytes of
HMAC-SHA256 over what the name is for and what it says. All in lower-case base 32 without padding, since some systems
change the case of a local part (RFC 5321 §2.4 forbids it; they do). The longest local part has 58 characters of the 64
that RFC 5321 §4.5.3.1.1 allows. No address of a reader stands in any of them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

_MAC_BYTES = 10  # 16 letters without padding, wherever they stand
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST = 36**12
_NAMED = re.compile(r"(?:b\+|e\.)([0-9a-z]{1,12})\.([a-z2-7]{26})\.([a-z2-7]{16})")
_LEAVE = re.compile(r"leave\+([a-z2-7]{26})\.([a-z2-7]{16})")


@dataclass(frozen=True)
class Named:
    """`reader` is 32 hexadecimal digits; `edition` 0 is a small mail (a confirmation, say)."""

    edition: int
    reader: str


class Names(NamedTuple):
    """What one reader's copy is known by."""

    return_path: str
    message_id: str
    leave_address: str


def key(secret: bytes) -> bytes:
    """The key of these names, derived from a secret of the newsroom so that it serves for nothing else."""
    return hmac.new(secret, b"hectograph return paths", hashlib.sha256).digest()


def names(own: bytes, edition: int, domain: str, bounces: str) -> Callable[[str], Names]:
    """Writes the names of one reader's copy after the other. `own` is of `key`; return paths stand on `bounces`, the
    others on `domain`. ValueError where a number is out of range."""
    number = _base36(edition)

    def of(reader: str) -> Names:
        macs = _digest(own, "bounce", number, reader) + _digest(own, "message", number, reader)
        written = _base32(macs + _digest(own, "leave", "", reader) + _raw(reader))
        path, message, leave, name = written[:16], written[16:32], written[32:48], written[48:]
        return Names(
            f"b+{number}.{name}.{path}@{bounces}",
            f"<e.{number}.{name}.{message}@{domain}>",
            f"leave+{name}.{leave}@{domain}",
        )

    return of


def return_path(own: bytes, edition: int, reader: str, domain: str) -> str:
    """The envelope's sender for one reader's copy. `own` is of `key`; ValueError where a number is out of range."""
    return names(own, edition, domain, domain)(reader).return_path


def read(own: bytes, text: str) -> Named | None:
    """Whose copy a return path or a Message-ID in `text` names; None where there is none or its MAC is not ours."""
    for found in _NAMED.finditer(text.lower()[:2000]):
        number, encoded, mac = found.groups()
        what = "bounce" if found[0].startswith("b+") else "message"
        reader = _reader(encoded)
        if reader and hmac.compare_digest(mac, _mac(own, what, number, reader)):
            return Named(int(number, 36), reader)
    return None


def read_leave(own: bytes, text: str) -> str | None:
    """The number of the reader whose leave address stands in `text`; None where there is none of ours."""
    for found in _LEAVE.finditer(text.lower()[:2000]):
        reader = _reader(found[1])
        if reader and hmac.compare_digest(found[2], _mac(own, "leave", "", reader)):
            return reader
    return None


def _mac(own: bytes, what: str, number: str, reader: str) -> str:
    return _base32(_digest(own, what, number, reader))


def _digest(own: bytes, what: str, number: str, reader: str) -> bytes:
    return hmac.digest(own, f"{what}|{number}|{reader}".encode(), "sha256")[:_MAC_BYTES]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().lower().rstrip("=")


def _raw(reader: str) -> bytes:
    raw = bytes.fromhex(reader)
    if len(raw) != 16:
        raise ValueError("a reader's number has 16 bytes")
    return raw


def _reader(encoded: str) -> str | None:
    raw = base64.b32decode(encoded.upper() + "======")
    return raw.hex() if _base32(raw) == encoded else None


def _base36(number: int) -> str:
    if not 0 <= number < _MOST:
        raise ValueError("an edition's number is out of range")
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
