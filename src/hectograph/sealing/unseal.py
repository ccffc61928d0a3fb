"""The inner door: whoever holds the private key opens envelopes. Importable by `readers` alone (import contract)."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hectograph.sealing import envelope
from hectograph.sealing.envelope import EnvelopeProblem


class KeyMissing(EnvelopeProblem):
    """The envelope is closed to a key that is not in the ring. It stays as it is."""

    @classmethod
    def of(cls, name: bytes) -> KeyMissing:
        """For the key with the id `name`."""
        return cls(
            f"The key {name.hex()} that this envelope is sealed to is not here.",
            "Nothing is lost: put the key back from its backup (`hecto keys check` says which are missing).",
        )


def unseal(keys: Mapping[bytes, X25519PrivateKey], sealed: bytes) -> bytes:
    """The payload of `sealed`, with the key of `keys` (by key id) that it names."""
    name = envelope.read_key_id(sealed, envelope.VERSION)
    if name not in keys:
        raise KeyMissing.of(name)
    head, rest = sealed[: envelope.HEADER_BYTES], sealed[envelope.HEADER_BYTES :]
    try:
        return envelope.unpad(envelope.SUITE.decrypt(rest, keys[name], envelope.LABEL + head))
    except (InvalidTag, ValueError) as error:
        raise EnvelopeProblem("The envelope was damaged or altered on its way.") from error
