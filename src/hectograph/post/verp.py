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
from dataclasses import dataclass
from functools import lru_cache

_MAC_BYTES = 10
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST = 36**12
_NAMED = re.compile(r"(?:b\+|e\.)([0-9a-z]{1,12})\.([a-z2-7]{26})\.([a-z2-7]{16})")
_LEAVE = re.compile(r"leave\+([a-z2-7]{26})\.([a-z2-7]{16})")


@dataclass(frozen=True)
class Named:
    """`reader` is 32 hexadecimal digits; `edition` 0 is a small mail (a confirmation, say)."""

    edition: int
    reader: str


def key(secret: bytes) -> bytes:
    """The key of these names, derived from a secret of the newsroom so that it serves for nothing else."""
    return hmac.new(secret, b"hectograph return paths", hashlib.sha256).digest()


def return_path(own: bytes, edition: int, reader: str, domain: str) -> str:
    """The envelope's sender for one reader's copy. `own` is of `key`; ValueError where a number is out of range."""
    number = _base36(edition)
    return f"b+{number}.{_text(reader)}.{_mac(own, 'bounce', number, reader)}@{domain}"


def message_id(own: bytes, edition: int, reader: str, domain: str) -> str:
    """The Message-ID of one reader's copy: the same however often it is made."""
    number = _base36(edition)
    return f"<e.{number}.{_text(reader)}.{_mac(own, 'message', number, reader)}@{domain}>"


def leave_address(own: bytes, reader: str, domain: str) -> str:
    """The address that a mail from anywhere unsubscribes by."""
    return f"leave+{_text(reader)}.{_mac(own, 'leave', '', reader)}@{domain}"


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
    digest = hmac.digest(own, f"{what}|{number}|{reader}".encode(), "sha256")
    return base64.b32encode(digest[:_MAC_BYTES]).decode().lower()


@lru_cache(maxsize=8)  # a copy has three names, written one after the other
def _text(reader: str) -> str:
    raw = bytes.fromhex(reader)
    if len(raw) != 16:
        raise ValueError("a reader's number has 16 bytes")
    return base64.b32encode(raw).decode().lower().rstrip("=")


def _reader(encoded: str) -> str | None:
    raw = base64.b32decode(encoded.upper() + "======")
    return raw.hex() if _text(raw.hex()) == encoded else None


def _base36(number: int) -> str:
    if not 0 <= number < _MOST:
        raise ValueError("an edition's number is out of range")
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
