"""Words as this desk seals them for the newsroom. What lies in the spool beside envelopes that strangers sealed carries
the desk's signature, so that nobody else can say it."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hectograph.sealing.seal import seal

VOUCHES = "desk"  # the word under which the signature stands, in hexadecimal
_LABEL = b"hectograph desk says "


def sealed(key: bytes, words: dict[str, Any]) -> bytes:
    """`words` sealed to the raw X25519 public `key`."""
    return seal(key, json.dumps(words, ensure_ascii=False).encode())


def vouched(key: bytes, own: Ed25519PrivateKey, words: dict[str, Any]) -> bytes:
    """The same with the desk's signature among them."""
    return sealed(key, {**words, VOUCHES: own.sign(vouched_bytes(words)).hex()})


def vouched_bytes(words: dict[str, Any]) -> bytes:
    """What is signed of `words`."""
    said = {name: value for name, value in words.items() if name != VOUCHES}
    return _LABEL + json.dumps(said, sort_keys=True).encode()
