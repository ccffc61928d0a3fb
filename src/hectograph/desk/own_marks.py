"""Texts that this desk made and knows again, even after a restart: sealed by a key that comes of the desk's own.

    status id   16 random bytes, the time in seconds (4 bytes), 8 bytes of HMAC-SHA256 over both: unguessable, and its
                age can be told when nothing else is remembered
    mark        any short text and 16 bytes of HMAC-SHA256 over a label and it

Written in URL-safe base64 without padding.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_RANDOM, _TIME, _SHORT, _LONG = 16, 4, 8, 16
_LONGEST = 1_000  # characters of a mark


class OwnMarks:
    """Made and checked by the key that is derived of `own`."""

    def __init__(self, own: Ed25519PrivateKey) -> None:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hectograph desk marks")
        self._key = kdf.derive(own.private_bytes_raw())

    def status_id(self, now: float) -> str:
        """A new id for what is made at `now` (seconds since 1970)."""
        body = secrets.token_bytes(_RANDOM) + int(now).to_bytes(_TIME, "big")
        return _written(body + self._mac(b"status", body, _SHORT))

    def made_at(self, status_id: str) -> int | None:
        """When a status id was made here, in seconds since 1970; None where it was not."""
        raw = _raw(status_id)
        body, mac = raw[: _RANDOM + _TIME], raw[_RANDOM + _TIME :]
        if len(raw) != _RANDOM + _TIME + _SHORT or not hmac.compare_digest(mac, self._mac(b"status", body, _SHORT)):
            return None
        return int.from_bytes(body[_RANDOM:], "big")

    def sign(self, label: str, text: str) -> str:
        """`text` so that `check` knows it again under the same `label`."""
        body = text.encode()
        return _written(body + self._mac(label.encode(), body, _LONG))

    def check(self, label: str, signed: str) -> str | None:
        """The text that was signed here under `label`; None where it was not."""
        raw = _raw(signed)
        body, mac = raw[:-_LONG], raw[-_LONG:]
        if len(raw) <= _LONG or not hmac.compare_digest(mac, self._mac(label.encode(), body, _LONG)):
            return None
        return body.decode()

    def _mac(self, label: bytes, body: bytes, length: int) -> bytes:
        return hmac.digest(self._key, label + b"\0" + body, "sha256")[:length]


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    if len(text) > _LONGEST:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
