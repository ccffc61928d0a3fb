"""The outer door: anyone with the public key closes an envelope, and can't open it again."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from hectograph.sealing import envelope


def seal(public_key: bytes, payload: bytes) -> bytes:
    """An envelope with `payload` (up to 65,532 bytes) for the raw X25519 `public_key`."""
    head = envelope.header(envelope.key_id(public_key))
    key = X25519PublicKey.from_public_bytes(public_key)
    return head + envelope.SUITE.encrypt(envelope.pad(payload), key, envelope.LABEL + head)
