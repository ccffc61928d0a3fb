"""The form of a sealed envelope, version 1, and what version 2 (`at_rest`) has in common with it. Test vectors:
tests/vectors/envelopes.json.

    "HE"  2 bytes   what this is
    1     1 byte    version
    id    8 bytes   of the public key: the start of its SHA-256
    enc   32 bytes  HPKE's encapsulated key
    rest            HPKE's ciphertext and tag

HPKE (RFC 9180) in base mode, one shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; `info` is the label below
and the eleven bytes before `enc`, no associated data. The plaintext is its length (4 bytes, big-endian), the payload,
and zeros up to the next size class, since lengths tell tales.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hpke

from hectograph.errors import Problem

INTAKE, STORE = "intake", "store"  # what a key is for: forms and desks seal to the first, rows rest under the second
MAGIC, VERSION, AT_REST, ID_BYTES = b"HE", 1, 2, 8
HEADER_BYTES = len(MAGIC) + 1 + ID_BYTES
OVERHEAD = HEADER_BYTES + 32 + 16  # of both versions
SIZE_CLASSES = (256, 1024, 4096, 16384, 65536)
_LENGTH_BYTES = 4
LONGEST_PAYLOAD = SIZE_CLASSES[-1] - _LENGTH_BYTES
LABEL = b"hectograph envelope"
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class EnvelopeProblem(Problem):
    """An envelope that can't be made, read or opened."""


def key_id(public_key: bytes) -> bytes:
    """Eight bytes that name a raw X25519 public key."""
    return hashlib.sha256(public_key).digest()[:ID_BYTES]


def header(key: bytes, version: int = VERSION) -> bytes:
    """What stands at the beginning, for the key with the id `key`."""
    return MAGIC + bytes([version]) + key


def is_at_rest(envelope: bytes) -> bool:
    """Whether it says that it is of version 2."""
    return envelope[len(MAGIC) : len(MAGIC) + 1] == bytes([AT_REST])


def pad(payload: bytes) -> bytes:
    """`payload` with its length, filled up to the next size class."""
    if len(payload) > LONGEST_PAYLOAD:
        raise EnvelopeProblem(f"An envelope holds {LONGEST_PAYLOAD} bytes at the most.", "Send less.")
    framed = len(payload).to_bytes(_LENGTH_BYTES, "big") + payload
    size = next(size for size in SIZE_CLASSES if size >= len(framed))
    return framed.ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The payload of `pad`; a Problem where the length is a lie or the filling is not zeros."""
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    payload, filling = padded[_LENGTH_BYTES : _LENGTH_BYTES + length], padded[_LENGTH_BYTES + length :]
    if len(padded) not in SIZE_CLASSES or len(payload) != length or filling.strip(b"\0"):
        raise EnvelopeProblem("The envelope is malformed inside.")
    return payload


def read_key_id(envelope: bytes, *versions: int) -> bytes:
    """The id of the key that an envelope is closed to; a Problem where it is no envelope of ours, or of another version
    than those (of any, if none is named)."""
    if len(envelope) - OVERHEAD not in SIZE_CLASSES or envelope[: len(MAGIC)] != MAGIC:
        raise EnvelopeProblem("This is not an envelope.")
    if envelope[len(MAGIC)] not in (versions or (VERSION, AT_REST)):
        raise EnvelopeProblem("The envelope is of a version that is not known here.", "Update Hectograph.")
    return envelope[len(MAGIC) + 1 : HEADER_BYTES]
