"""Private keys as files: one JSON file a key, in a folder that only its owner can read.

`intake` keys are short-lived: forms and desks seal to the newest. The one `store` key locks rows at rest. Private parts
are wrapped by a passphrase (Argon2id, AES-256-GCM) or lie bare in a file of mode 0600. Importable by `readers` alone.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from hectograph.errors import Problem
from hectograph.sealing import at_rest
from hectograph.sealing.envelope import key_id

# RFC 9106, §4: the second recommended choice, in KiB.
_ITERATIONS, _LANES, _MEMORY = 3, 4, 64 * 1024
_NONCE, _SALT = 12, 16


class KeyProblem(Problem):
    """Keys are missing, unreadable or readable by too many."""


@dataclass(frozen=True)
class Key:
    """One key pair. `private` is None for a retired key whose private part was destroyed."""

    id: bytes
    purpose: str
    made: datetime
    public: bytes
    private: X25519PrivateKey
    retired: datetime | None = None


class Keyring:
    """All keys of one folder, opened. By key id: `private` opens what was sealed to a key, `at_rest` is the secret by
    which it locks and unlocks rows."""

    def __init__(self, folder: Path, keys: list[Key], passphrase: str | None) -> None:
        self.folder, self._passphrase = folder, passphrase
        self._hold(keys)
        self._seen = _state(folder)

    def _hold(self, keys: Iterable[Key]) -> None:
        held = {key.id: key for key in keys}
        self.private = {name: key.private for name, key in held.items()}
        self.at_rest = {name: at_rest.secret(key.private) for name, key in held.items()}
        self.keys = held  # last: who finds a new key here finds its secrets, too

    def refresh(self) -> bool:
        """Take in what another process has made, retired or destroyed since; says whether anything changed."""
        state = _state(self.folder)
        if state == self._seen:
            return False
        self._hold(_read_all(self.folder, self._passphrase))
        self._seen = state
        return True

    def of(self, purpose: str) -> list[Key]:
        """Keys of `purpose`, the newest first."""
        return sorted((key for key in self.keys.values() if key.purpose == purpose), key=lambda k: k.made, reverse=True)

    def current(self, purpose: str) -> Key:
        for key in self.of(purpose):
            if key.retired is None:
                return key
        raise KeyProblem(f"There is no {purpose} key in use.", "Make one: `hecto keys make`.")

    def add(self, purpose: str, now: datetime) -> Key:
        """Make a key of `purpose` and keep it in the folder."""
        private = X25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        key = Key(key_id(public), purpose, now, public, private)
        _write(self.folder, key, self._passphrase)
        self._hold([*self.keys.values(), key])
        return key

    def retire(self, key: Key, now: datetime) -> None:
        """Nothing new is sealed to `key`; what is sealed to it already can still be opened."""
        retired = replace(key, retired=now)
        _write(self.folder, retired, self._passphrase)
        self._hold({**self.keys, key.id: retired}.values())

    def destroy(self, key: Key) -> None:
        """What is sealed to `key` can never be opened again, in no backup either, but by a copy of the keys."""
        (self.folder / f"{key.id.hex()}.json").unlink()
        self._hold([other for other in self.keys.values() if other.id != key.id])


def load(folder: Path, passphrase: str | None = None) -> Keyring:
    """Open the folder. A Problem where others can read it, where the passphrase is wrong, or where a file is broken."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _only_ours(folder)
    return Keyring(folder, _read_all(folder, passphrase), passphrase)


def _read_all(folder: Path, passphrase: str | None) -> list[Key]:
    return [_read(path, passphrase) for path in sorted(folder.glob("*.json"))]


def _state(folder: Path) -> frozenset[tuple[str, int]]:
    """Which files of keys there are, and when each was written."""
    return frozenset((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.json"))


def _only_ours(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        raise KeyProblem(
            f"Others on this machine can read {path.name} in the folder of keys.",
            "Close it: `chmod -R go= ` on the folder, and ask who could have read it.",
        )


def _read(path: Path, passphrase: str | None) -> Key:
    _only_ours(path)
    try:
        row = json.loads(path.read_text())
        public, private = bytes.fromhex(row["public"]), _unwrap(row["private"], passphrase)
        pair = X25519PrivateKey.from_private_bytes(private)
        made = datetime.fromisoformat(row["made"])
        retired = datetime.fromisoformat(row["retired"]) if row["retired"] else None
        purpose = str(row["purpose"])
    except (ValueError, KeyError, TypeError) as error:
        raise KeyProblem(f"The key file {path.name} can't be read.", "Put it back from the backup of keys.") from error
    if pair.public_key().public_bytes_raw() != public:
        raise KeyProblem(f"The halves of the key {path.name} don't belong together.", "Put it back from the backup.")
    return Key(key_id(public), purpose, made, public, pair, retired)


def _write(folder: Path, key: Key, passphrase: str | None) -> None:
    row = {
        "purpose": key.purpose,
        "made": key.made.astimezone(UTC).isoformat(),
        "retired": key.retired.astimezone(UTC).isoformat() if key.retired else None,
        "public": key.public.hex(),
        "private": _wrap(key.private.private_bytes_raw(), passphrase),
    }
    path = folder / f"{key.id.hex()}.json"
    aside = path.with_suffix(".aside")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(row, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _wrap(private: bytes, passphrase: str | None) -> dict[str, str]:
    if not passphrase:
        return {"bare": private.hex()}
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_stretch(passphrase, salt)).encrypt(nonce, private, None)
    return {"salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}


def _unwrap(row: dict[str, str], passphrase: str | None) -> bytes:
    if "bare" in row:
        return bytes.fromhex(row["bare"])
    if not passphrase:
        raise KeyProblem("The keys are locked by a passphrase.", "Give it by HECTO_PASSPHRASE_FILE.")
    key = _stretch(passphrase, bytes.fromhex(row["salt"]))
    try:
        return AESGCM(key).decrypt(bytes.fromhex(row["nonce"]), bytes.fromhex(row["sealed"]), None)
    except InvalidTag as error:
        raise KeyProblem("The passphrase does not open the keys.", "Nothing was changed: try again.") from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return Argon2id(salt=salt, length=32, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY).derive(
        passphrase.encode()
    )
