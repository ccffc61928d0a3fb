"""Envelopes at rest, version 2: locked and unlocked by one secret. Importable by `readers` alone (import contract).

    "HE"  2 bytes   what this is
    2     1 byte    version
    id    8 bytes   of the key, as in version 1
    salt  32 bytes  random
    rest            AES-256-GCM's ciphertext and tag

Who writes rows reads them, too, so a public key gains nothing there, and an exchange by X25519 was what a copy of the
letter cost most. The secret is HKDF-SHA256 of the key's private half: it stands in no file, and goes with that half.
Each envelope has a key of its own, HMAC-SHA256 of its salt under the secret, and so a nonce of zeros; the label below
and the eleven bytes before the salt are authenticated with it. Two of 2^64 envelopes have one salt with a chance of
2^-129: nobody need count them. The plaintext is padded as in version 1. Test vectors: tests/vectors/at_rest.json.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hectograph.sealing import envelope
from hectograph.sealing.envelope import AT_REST, HEADER_BYTES, EnvelopeProblem
from hectograph.sealing.unseal import KeyMissing

LABEL = b"hectograph at rest"
_SALT, _NONCE = 32, bytes(12)


def secret(private: X25519PrivateKey) -> bytes:
    """What locks and unlocks rows under the key `private`: 32 bytes."""
    return HKDF(SHA256(), length=32, salt=None, info=LABEL).derive(private.private_bytes_raw())


def lock(name: bytes, own: bytes, payload: bytes) -> bytes:
    """An envelope with `payload` (up to 65,532 bytes) under the key with the id `name`, whose secret is `own`."""
    return _locked(name, own, payload, secrets.token_bytes(_SALT))


def _locked(name: bytes, own: bytes, payload: bytes, salt: bytes) -> bytes:
    head = envelope.header(name, AT_REST)
    return head + salt + _cipher(own, salt).encrypt(_NONCE, envelope.pad(payload), LABEL + head)


def unlock(owns: Mapping[bytes, bytes], locked: bytes) -> bytes:
    """The payload of `locked`, by the secret of `owns` (by key id) that it names."""
    name = envelope.read_key_id(locked, AT_REST)
    if name not in owns:
        raise KeyMissing.of(name)
    head, salt, rest = (
        locked[:HEADER_BYTES],
        locked[HEADER_BYTES : HEADER_BYTES + _SALT],
        locked[HEADER_BYTES + _SALT :],
    )
    try:
        return envelope.unpad(_cipher(owns[name], salt).decrypt(_NONCE, rest, LABEL + head))
    except InvalidTag as error:
        raise EnvelopeProblem("The envelope was damaged or altered.") from error


def _cipher(own: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(own, salt, "sha256"))
