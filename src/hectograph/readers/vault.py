"""Everything that opens: the store and intake keys, the key of the blind index, the key that signs links.

One process holds it (`hecto work --opener`). The admin never imports this file; a test looks.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hectograph.sealing import at_rest, capability, envelope, keyring
from hectograph.sealing.capability import Capability
from hectograph.sealing.envelope import INTAKE, STORE
from hectograph.sealing.keyring import KeyProblem, Keyring
from hectograph.sealing.unseal import KeyMissing, unseal

_SECRET = 32


@dataclass(frozen=True)
class Vault:
    ring: Keyring
    blind: bytes
    links: Ed25519PrivateKey
    caller: Ed25519PrivateKey  # signs what is asked of desks
    puller: str  # names this copy of the newsroom

    def open(self, sealed: bytes) -> bytes:
        """The payload. A key that is not known is looked for in the folder: another process may have made it since."""
        try:
            return self._open(sealed)
        except KeyMissing:
            if not self.ring.refresh():
                raise
            return self._open(sealed)

    def _open(self, sealed: bytes) -> bytes:
        if envelope.is_at_rest(sealed):
            return at_rest.unlock(self.ring.at_rest, sealed)
        return unseal(self.ring.private, sealed)

    def close(self, payload: bytes) -> bytes:
        """`payload` under the store key."""
        name = self.ring.current(STORE).id
        return at_rest.lock(name, self.ring.at_rest[name], payload)

    def index(self, address: str) -> str:
        """The blind index of an address, however it is written in upper and lower case."""
        plain = unicodedata.normalize("NFC", address.strip()).casefold()
        return hmac.new(self.blind, plain.encode(), hashlib.sha256).hexdigest()

    def link(self, words: Capability) -> str:
        return capability.issue(self.links, words)


def make(folder: Path, now: datetime, passphrase: str | None = None) -> Vault:
    """Open the vault in `folder`; what is missing of a new one is made. A vault that lost a part is not mended: a new
    index key would forget everyone who left."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = keyring.load(folder / "envelopes", passphrase)
    if not ring.keys:
        for name in ("blind-index", "links", "caller", "puller"):
            _secret(folder / name, make=True)
        ring.add(STORE, now)
        ring.add(INTAKE, now)
    return _vault(folder, ring)


def load(folder: Path, passphrase: str | None = None) -> Vault:
    """Open the vault in `folder`; a Problem where there is none."""
    ring = keyring.load(folder / "envelopes", passphrase) if folder.exists() else None
    if ring is None or not ring.keys:
        what_to_do = "New newsroom: `hecto keys make`. Else: put them back from the backup."
        raise KeyProblem("There are no keys for readers' envelopes.", what_to_do)
    return _vault(folder, ring)


def _vault(folder: Path, ring: Keyring) -> Vault:
    return Vault(
        ring=ring,
        blind=_secret(folder / "blind-index"),
        links=Ed25519PrivateKey.from_private_bytes(_secret(folder / "links")),
        caller=Ed25519PrivateKey.from_private_bytes(_secret(folder / "caller")),
        puller=_secret(folder / "puller").hex()[:32],
    )


def _secret(path: Path, *, make: bool = False) -> bytes:
    try:
        return bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        if not make:
            words = "Put it back from the backup of keys. Nothing was changed."
            raise KeyProblem(f"The key {path.name} is missing.", words) from None
    value = secrets.token_bytes(_SECRET)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value.hex())
    return value
