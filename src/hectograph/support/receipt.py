"""Receipt codes: short, told over the telephone, not to be guessed, and a slip of one letter shows. Pure.

Eleven random letters of Crockford's base 32 (55 bits) and one that checks them (Luhn, modulo 32), in threes of four.
"""

from __future__ import annotations

import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011", "- \t")
_RANDOM = 11


def new() -> str:
    """A fresh code, as `7K3F-9QXM-2T0D`."""
    body = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    return _spaced(body + _check(body))


def read(typed: str) -> str:
    """The code in what was typed, in any case and spacing; ValueError where it is none."""
    plain = typed.upper().translate(_ALIKE)
    if len(plain) != _RANDOM + 1 or any(letter not in _LETTERS for letter in plain):
        raise ValueError("no receipt code")
    if _check(plain[:-1]) != plain[-1]:
        raise ValueError("no receipt code")
    return _spaced(plain)


def _spaced(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _check(body: str) -> str:
    total = 0
    for place, letter in enumerate(reversed(body)):
        value = _LETTERS.index(letter) * (2 - place % 2)
        total += value // 32 + value % 32
    return _LETTERS[-total % 32]
