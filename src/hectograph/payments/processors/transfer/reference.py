"""What a giver quotes so that a transfer finds its intent: a creditor reference (ISO 11649); banks check it as typed.

`RF`, two check digits, and eleven letters and digits of which none looks like another. Made of the order's key alone:
the same key gives the same reference, and nobody reads the key out of it.
"""

from __future__ import annotations

import hashlib
import re

ALPHABET = "34679ACDEFGHJKMNPQRTWY"  # no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V; no X: X3 and 3X have the same check digits
_LONG = 11
_PATTERN = re.compile(rf"RF[0-9]{{2}}[{ALPHABET}]{{{_LONG}}}")
_BETWEEN = re.compile(r"[\s./,:;_-]+")  # what people and banks put in between


def make(key: str) -> str:
    """The reference of the order with this key."""
    number = int.from_bytes(hashlib.sha256(b"transfer reference:" + key.encode()).digest(), "big")
    letters = ""
    for _ in range(_LONG):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"RF{98 - _remainder(letters + 'RF00'):02d}{letters}"


def find(text: str) -> str:
    """The first reference in what a giver or a bank wrote, whatever stands around and between; empty for none. One with
    a letter mistyped is none."""
    plain = _BETWEEN.sub("", text).upper()
    place = 0
    while found := _PATTERN.search(plain, place):
        if _remainder(found[0][4:] + found[0][:4]) == 1:
            return found[0]
        place = found.start() + 1
    return ""


def shown(reference: str) -> str:
    """In groups of four, as it stands on paper."""
    return " ".join(reference[place : place + 4] for place in range(0, len(reference), 4))


def _remainder(text: str) -> int:
    """ISO 7064, modulo 97, each letter as two digits."""
    return int("".join(str(int(letter, 36)) for letter in text)) % 97
